"""Every input partition, and what reads it to its end in this process."""

from collections.abc import Iterable, Mapping

from agents.intake.changes import ChangeIntake
from agents.intake.events import EventIntake
from agents.intake.readings import Leaves, Lines, Texts
from agents.intake.rules import IntakeRules
from agents.intake.source import SourceIntake
from schemas.state import IntakeHead
from schemas.topics import CHANGES, CHANNELS, INPUTS, is_log
from streams.settings import Settings
from windows.alignment import Source


def sources(partitions: Mapping[str, int]) -> list[Source]:
    """Every input partition by base name, given how many a topic has: whom detect waits for."""
    return [(name, n) for name in (*INPUTS, CHANGES) for n in range(partitions[name])]


class Intakes:
    """Makes the intakes of a process, which share what they learn about words."""

    def __init__(self, rules: IntakeRules) -> None:
        self.rules = rules
        self._texts, self._lines, self._leaves = Texts(), Lines(), Leaves()

    def of(
        self, source: Source, head: IntakeHead | None = None, ids: Iterable[bytes] = ()
    ) -> SourceIntake:
        """Intake of an input partition, going on from a head and the ids beside it."""
        topic, partition = source
        if topic == CHANGES:
            return ChangeIntake(topic, partition, self.rules, head)
        texts = self._lines if is_log(topic) else self._texts
        channel = CHANNELS[topic]
        return EventIntake(topic, partition, self.rules, channel, head, ids, texts, self._leaves)


def bounded_intake(source: Source, settings: Settings) -> SourceIntake:
    """Intake of an input partition from its beginning to its end, without a log to resume from."""
    return Intakes(settings.intake_rules(bounded=True)).of(source)
