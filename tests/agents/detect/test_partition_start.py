"""The first minute of all is the same, whichever source speaks first."""

from agents.detect.partition import DetectPartition
from agents.detect.rules import DetectRules
from schemas.signals import Counters, LocalCluster, Partial, Progress, Signal

MINUTE = 29_000_000
SOURCES = [("feedback.app", 0), ("feedback.app", 1)]


def minute_of(partition: int, minute: int) -> list[Signal]:
    cluster = LocalCluster(fingerprint=7, count=1, terms={"支付": 1})
    return [
        Partial("feedback.app", partition, 1, minute, "wallet", (), (cluster,)),
        Progress("feedback.app", partition, 2, minute + 1, Counters(accepted=1)),
    ]


def closed(signals: list[Signal]) -> tuple[list[int], int]:
    partition = DetectPartition(DetectRules(), SOURCES)
    minutes: list[int] = []
    for offset, signal in enumerate(signals):
        partition.take(signal, offset)
        minutes += [minute for minute, _ in partition.close_ready()]
    return minutes, partition.late_partials


def test_a_source_that_speaks_second_may_have_the_first_minute() -> None:
    early, later = minute_of(0, MINUTE), minute_of(1, MINUTE + 3)
    assert closed(early + later) == closed(later + early) == ([MINUTE, MINUTE + 1], 0)


def test_minutes_before_the_first_partial_are_not_closed() -> None:
    partition = DetectPartition(DetectRules(), SOURCES)
    for offset, (topic, place) in enumerate(SOURCES):
        partition.take(Progress(topic, place, 1, MINUTE, Counters()), offset)
    assert list(partition.close_ready()) == []
    assert partition.closed_through == 0
