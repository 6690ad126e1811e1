"""Every input partition, and what reads it to its end in this process."""

from collections.abc import Mapping

from agents.intake.changes import ChangeIntake
from agents.intake.events import EventIntake
from agents.intake.source import SourceIntake
from schemas.topics import CHANGES, CHANNELS, INPUTS
from streams.settings import Settings
from windows.alignment import Source


def sources(partitions: Mapping[str, int]) -> list[Source]:
    """Every input partition by base name, given how many a topic has: whom detect waits for."""
    return [(name, n) for name in (*INPUTS, CHANGES) for n in range(partitions[name])]


def bounded_intake(source: Source, settings: Settings) -> SourceIntake:
    """Intake of an input partition from its beginning to its end, without a log to resume from."""
    topic, partition = source
    rules = settings.intake_rules(bounded=True)
    if topic == CHANGES:
        return ChangeIntake(topic, partition, rules)
    return EventIntake(topic, partition, rules, CHANNELS[topic])
