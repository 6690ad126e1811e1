from collections.abc import Hashable

import pytest

from streams.liveness import Liveness


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def liveness(clock: Clock) -> Liveness:
    return Liveness(60.0, clock)


def test_it_is_alive_and_not_ready_before_the_first_look(liveness: Liveness) -> None:
    assert not liveness.ready
    assert liveness.trouble() == ""


def test_who_owns_nothing_is_alive_and_not_ready(liveness: Liveness, clock: Clock) -> None:
    liveness.look({"a": 5}, {"a": 5})
    assert liveness.ready
    for _ in range(9):
        clock.now += 30
        liveness.look({}, {})
    assert liveness.trouble() == ""
    assert not liveness.ready


def test_a_partition_with_lag_must_move(liveness: Liveness, clock: Clock) -> None:
    for _ in range(7):
        liveness.look({"a": 5, "b": 7}, {"a": 9, "b": 7})
        assert liveness.trouble() == ""
        clock.now += 10
    liveness.look({"a": 5, "b": 7}, {"a": 9, "b": 7})
    assert liveness.trouble() == "no progress for 60 s on ['a']"
    liveness.look({"a": 6, "b": 7}, {"a": 9, "b": 7})
    assert liveness.trouble() == ""


def test_going_back_after_a_rebalance_is_movement(liveness: Liveness, clock: Clock) -> None:
    liveness.look({"a": 5}, {"a": 9})
    clock.now += 50
    liveness.look({"a": 2}, {"a": 9})
    clock.now += 50
    assert liveness.trouble() == ""


def test_the_time_without_lag_does_not_count(liveness: Liveness, clock: Clock) -> None:
    for _ in range(20):
        liveness.look({"a": 5}, {"a": 5})
        clock.now += 30
    liveness.look({"a": 5}, {"a": 6})
    assert liveness.trouble() == ""


def test_a_partition_that_is_gone_is_forgotten(liveness: Liveness, clock: Clock) -> None:
    liveness.look({"a": 5}, {"a": 9})
    clock.now += 59
    liveness.look({}, {})
    clock.now += 59
    assert liveness.trouble() == ""
    liveness.look({"a": 5}, {"a": 9})
    assert liveness.trouble() == ""


def test_a_broker_that_does_not_answer_is_trouble(liveness: Liveness, clock: Clock) -> None:
    liveness.look({"a": 5}, {"a": 5})
    clock.now += 61
    assert liveness.trouble() == "the broker has not answered for 61 s"


def test_a_stuck_worker_names_a_few_partitions(liveness: Liveness, clock: Clock) -> None:
    many: dict[Hashable, int] = dict.fromkeys(range(9), 0)
    for _ in range(3):
        liveness.look(many, dict.fromkeys(many, 1))
        clock.now += 40
    clock.now -= 40
    assert liveness.trouble() == "no progress for 60 s on ['0', '1', '2', '3', '4']"
