"""A worker is paused for longer than its session: others take over, then it wakes up."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from schemas.topics import COMMANDS, SIGNALS
from streams.transport.pause import PAUSED
from tests.support.waiting import until
from tests.support.workers import Supervised

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(300)]

PAUSES = 2


def has_read_all(stream: Stream, worker: Supervised) -> bool:
    """It owns every partition, and nothing is left to read."""
    lags = worker.worker.lags() if worker.look() and worker.worker.port() else {}
    others = stream.places[COMMANDS] + stream.places[SIGNALS]
    return len(lags) == len(stream.sources) + others and not any(lags.values())


def has_signals(stream: Stream, count: int) -> bool:
    return stream.count(SIGNALS) > count


def is_shared(workers: list[Supervised]) -> bool:
    lags = [w.worker.lags().keys() if w.look() and w.worker.port() else set() for w in workers]
    return all(lags) and not lags[0] & lags[1]


def test_a_worker_that_was_given_up_doubles_nothing(stream: Stream, morning: Simulation) -> None:
    messages = list(morning.messages())
    step = len(messages) // (PAUSES + 1)
    # Snapshots as often as can be, so that pauses fall between and into them.
    workers = [Supervised(stream.workers, "--bounded", snapshot_seconds=0.1) for _ in range(2)]
    for pause in range(PAUSES):
        until(partial(is_shared, workers), "each has its share")
        paused, other = workers[pause % 2], workers[1 - pause % 2]
        aim = stream.count(SIGNALS) + 5
        stream.play(messages[pause * step : (pause + 1) * step])
        until(partial(has_signals, stream, aim), "the slice is being read")
        paused.worker.pause()
        until(partial(has_read_all, stream, other), "the other has read what was its share")
        paused.worker.resume()
        assert paused.worker.wait_exit() == PAUSED
    stream.play(messages[PAUSES * step :])
    stream.end()
    until(lambda: all(w.look() for w in workers) and stream.is_done(), "all has gone through")
    assert stream.check_undisturbed().incidents
    # Who was given up ends by itself, before it writes what others have gone beyond.
    assert [worker.restarts for worker in workers] == [PAUSES // 2] * 2
    assert [worker.worker.stop() for worker in workers] == [0, 0]
