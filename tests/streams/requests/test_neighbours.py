"""Two that share a reply partition are told of."""

import pytest
from aiokafka import TopicPartition

from streams.requests.neighbours import Neighbours


def test_only_after_the_last_answer_of_an_earlier_life(caplog: pytest.LogCaptureFixture) -> None:
    now = [100.0]
    neighbours = Neighbours(TopicPartition("replies", 2), lambda: now[0])
    for _ in range(50):
        neighbours.heard(b"earlier")
    assert not caplog.records
    now[0] += 61
    for _ in range(2):
        neighbours.heard(b"other")
    assert not caplog.records
    for _ in range(20):
        neighbours.heard(b"other")
    assert [record.message for record in caplog.records] == [
        "two gateways share a reply partition: give each its own"
    ]
    now[0] += 61
    for _ in range(3):
        neighbours.heard(b"other")
    assert len(caplog.records) == 2


def test_whoever_makes_up_names_fills_no_memory() -> None:
    now = [100.0]
    neighbours = Neighbours(TopicPartition("replies", 2), lambda: now[0])
    now[0] += 61
    for n in range(5_000):
        neighbours.heard(n.to_bytes(8, "big"))
    assert len(neighbours._counts) <= 1_000
