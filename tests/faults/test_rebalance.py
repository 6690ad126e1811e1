"""A second worker joins, leaves, and is killed, while records come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.topics import SIGNALS
from tests.support.waiting import until

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream
    from tests.support.workers import WorkerProcess

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(240)]

SLICES = 6


def is_shared(one: WorkerProcess, other: WorkerProcess) -> bool:
    """No partition is shown by both."""
    first, second = one.lags().keys(), other.lags().keys()
    return bool(first) and bool(second) and not first & second


def test_a_second_worker_joins_leaves_and_is_killed(stream: Stream, morning: Simulation) -> None:
    messages = list(morning.messages())
    step = -(-len(messages) // SLICES)
    slices = [messages[at : at + step] for at in range(0, len(messages), step)]

    def play_until_it_moves() -> None:
        before = stream.count(SIGNALS)
        stream.play(slices.pop(0))
        until(lambda: stream.count(SIGNALS) > before + 20, "the slice is being read")

    def worker() -> WorkerProcess:
        return stream.workers.start("--bounded", snapshot_seconds=0.5)

    stays = worker()
    play_until_it_moves()
    leaves = worker()
    play_until_it_moves()
    leaves.wait_ready()
    until(lambda: is_shared(stays, leaves), "each shows the lag of its own partitions only")
    play_until_it_moves()
    assert "groundswell_records_total" in leaves.get("/metrics")[1]
    assert leaves.stop() == 0
    play_until_it_moves()
    killed = worker()
    killed.wait_ready()
    play_until_it_moves()
    killed.kill()
    stream.play(slices.pop(0))
    stream.end()
    until(lambda: stream.is_done() or stays.exit_code is not None, "all has gone through")
    ledger = stream.check_undisturbed()
    assert ledger.incidents
    assert stays.stop() == 0
