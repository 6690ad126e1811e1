"""The broker is stopped and comes back, gracefully and by SIGKILL, while the worker is busy."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.topics import SIGNALS
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.support.stream import open_stream
from tests.support.waiting import until
from tests.support.workers import Supervised

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(300)]


def has_signals(stream: Stream, count: int) -> bool:
    return stream.count(SIGNALS) > count


def test_the_broker_stops_and_is_killed_and_comes_back(
    prefix: str, tmp_path: Path, morning: Simulation
) -> None:
    broker = EmbeddedBroker(tmp_path / "home", port=free_port())

    def kill() -> None:
        pid = broker.status().pid
        assert pid
        os.kill(pid, signal.SIGKILL)
        until(lambda: not broker.status().running, "the broker is dead")

    try:
        with open_stream(broker.ensure(), prefix, tmp_path / "logs") as stream:
            messages = list(morning.messages())
            third = len(messages) // 3
            supervised = Supervised(stream.workers, "--bounded", snapshot_seconds=0.5)
            for n, goes in enumerate((broker.stop, kill)):
                aim = stream.count(SIGNALS) + 20
                stream.play(messages[n * third : (n + 1) * third])
                until(partial(has_signals, stream, aim), "the worker is busy")
                goes()
                broker.ensure()
                until(stream.answers, "the broker serves again")
            stream.play(messages[2 * third :])
            stream.end()
            until(lambda: supervised.look() and stream.is_done(), "all has gone through", 150)
            assert stream.check_undisturbed().incidents
            assert supervised.restarts <= 2
            assert supervised.worker.stop() == 0
            said = sum(len(worker.lines()) for worker in stream.workers.all)
            assert said < 500, "a broker that is away floods the log"
    finally:
        broker.wipe()
