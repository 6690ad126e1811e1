import asyncio
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sinks.pacing import Pacer


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def take(pacer: Pacer) -> None:
    asyncio.run(asyncio.wait_for(pacer.turn(), 1))


def test_without_a_limit_there_is_always_a_turn() -> None:
    pacer = Pacer(0)
    for _ in range(1000):
        take(pacer)
    assert pacer.left() == math.inf
    assert pacer.wait() == 0


def test_a_turn_is_taken_or_the_time_until_it_is_told() -> None:
    clock = Clock()
    pacer = Pacer(120, clock)
    assert [pacer.take() for _ in range(60)] == [0.0] * 60
    assert pacer.take() == pacer.take() == 1.0
    clock.now += 3600
    assert [pacer.take() for _ in range(61)] == [0.0] * 60 + [1.0]


def test_half_at_once_then_one_by_one() -> None:
    clock = Clock()
    pacer = Pacer(20, clock)
    for _ in range(10):
        assert pacer.wait() == 0
        take(pacer)
    assert pacer.wait() == pytest.approx(6)
    clock.now += 6.001
    assert pacer.wait() == 0


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 50), st.lists(st.floats(0, 20), min_size=50, max_size=300))
@pytest.mark.slow
def test_never_more_in_any_minute(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    pacer = Pacer(per_minute, clock)
    taken: list[float] = []
    for pause in pauses:
        clock.now += pause + pacer.wait() + 1e-6 if pacer.wait() else pause
        if pacer.wait() == 0:
            pacer_left = pacer.left()
            take(pacer)
            assert pacer.left() <= pacer_left
            taken.append(clock.now)
    for start in taken:
        assert sum(start <= at < start + 60 for at in taken) <= per_minute
