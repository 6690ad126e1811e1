"""Messages to signals through production's intake in this process: no log, no worker, no clock."""

from collections.abc import Iterable, Iterator, Mapping

from xxhash import xxh3_64_intdigest

from agents.intake.source import CONTROL, END_OF_INPUT, SourceIntake
from schemas.signals import Signal
from streams.records import Record
from streams.settings import Settings
from streams.sources import bounded_intake, sources


def signals(
    messages: Iterable[tuple[int, str, bytes]], settings: Settings, partitions: Mapping[str, int]
) -> Iterator[list[Signal]]:
    """Run (arrival in epoch ms, topic, value) in order of arrival, then the end of the input.

    What a record brings to an end comes together. Equal messages go to the same one of the
    `partitions` of their topic, as `Player` sends them.
    """
    intakes = {source: bounded_intake(source, settings) for source in sources(partitions)}

    def feed(intake: SourceIntake, record: Record) -> Iterator[list[Signal]]:
        if found := intake.feed((record,)).signals:
            yield found

    for at_ms, topic, message in messages:
        intake = intakes[topic, xxh3_64_intdigest(message) % partitions[topic]]
        yield from feed(intake, Record(intake.next_offset, at_ms, message))
    for intake in intakes.values():
        end = ((CONTROL, END_OF_INPUT),)
        yield from feed(intake, Record(intake.next_offset, 0, None, end))
