"""A simulation through production's agents in this process: no log, no worker, no clock."""

from dataclasses import dataclass

from xxhash import xxh3_64_intdigest

from agents.detect.partition import DetectPartition
from agents.intake.changes import ChangeIntake
from agents.intake.events import EventIntake
from agents.intake.source import CONTROL, END_OF_INPUT, SourceIntake
from schemas.incidents import Incident
from schemas.topics import BY_NAME, CHANGES, CHANNELS, INPUTS
from streams.settings import Settings
from streams.simulation import Simulation
from windows.alignment import Source


@dataclass(slots=True)
class _Record:
    """A record as it would stand on the log."""

    offset: int
    timestamp: int
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()
    key: bytes | None = None


@dataclass(frozen=True)
class Rehearsal:
    """Incident revisions in the order of detection; `clusters` remembered at the end by product."""

    revisions: list[Incident]
    clusters: dict[str, int]


def rehearse(simulation: Simulation, settings: Settings | None = None) -> Rehearsal:
    """Run all messages in order of arrival, then the end of input, through intake and detect.

    Topics have the partitions of `schemas.topics`, and equal messages go to the same one. All
    products are detected in one partition, since products do not depend on each other.
    """
    settings = settings or Settings()
    sources = _sources(settings)
    detect = DetectPartition(settings.detect_rules(), sources)
    revisions: list[Incident] = []
    taken = 0

    def feed(source: SourceIntake, record: _Record) -> None:
        nonlocal taken
        signals = source.feed((record,)).signals
        for signal in signals:
            detect.take(signal, taken)
            taken += 1
        if signals:
            for _, closed in detect.close_ready():
                revisions.extend(revision.incident for revision in closed)

    for at_ms, topic, message in simulation.messages():
        place = xxh3_64_intdigest(message) % BY_NAME[topic].partitions
        source = sources[topic, place]
        feed(source, _Record(source.next_offset, at_ms, message))
    for source in sources.values():
        feed(source, _Record(source.next_offset, 0, None, ((CONTROL, END_OF_INPUT),)))
    themes = {name: detect.products[name].themes for name in sorted(detect.products)}
    return Rehearsal(revisions, themes)


def _sources(settings: Settings) -> dict[Source, SourceIntake]:
    rules = settings.intake_rules(bounded=True)
    sources: dict[Source, SourceIntake] = {
        (topic, place): EventIntake(topic, place, rules, CHANNELS[topic])
        for topic in INPUTS
        for place in range(BY_NAME[topic].partitions)
    }
    for place in range(BY_NAME[CHANGES].partitions):
        sources[CHANGES, place] = ChangeIntake(CHANGES, place, rules)
    return sources
