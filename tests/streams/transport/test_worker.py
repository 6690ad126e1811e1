"""Whole worker processes on a real Kafka: stop, crash, kill, a broker that goes and comes back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.support.waiting import PATIENCE, SOON, until

if TYPE_CHECKING:
    from tests.streams.transport.conftest import Log

pytestmark = pytest.mark.broker

SCRIPT = Path(__file__).with_name("batch_worker.py")


class Workers:
    """Worker processes that share one directory of durable state."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._processes: list[subprocess.Popen[str]] = []

    def start(
        self, log: Log, topic: str, name: str, *, crash_after: int = 0, **settings: Any
    ) -> subprocess.Popen[str]:
        options = {
            "bootstrap": log.bootstrap,
            "group": log.prefix + "g",
            "topic": topic,
            "directory": str(self._directory),
            "name": name,
            "crash_after": crash_after,
            "settings": settings,
        }
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps(options)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._processes.append(process)
        return process

    def processed(self, name: str = "*") -> list[tuple[int, int]]:
        """(partition, offset) of every record, in the order in which it was processed."""
        lines = [
            [int(word) for word in line.split()]
            for file in sorted(self._directory.glob(f"{name}.batches"))
            for line in file.read_text().splitlines()
        ]
        return [(number, n) for number, first, last in lines for n in range(first, last + 1)]

    def durable(self, partition: int) -> int | None:
        state = self._directory / f"{partition}.next"
        return int(state.read_text()) if state.exists() else None

    def kill_all(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            assert process.stdout
            process.stdout.close()


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(tmp_path)
    yield workers
    workers.kill_all()


def records(partitions: int, count: int) -> set[tuple[int, int]]:
    return {(partition, offset) for partition in range(partitions) for offset in range(count)}


@pytest.mark.slow
def test_a_signal_stops_the_worker_within_seconds(log: Log, workers: Workers) -> None:
    topic = log.topic("in", partitions=2)
    log.produce(topic, 0, range(1000))
    log.produce(topic, 1, range(1000))
    worker = workers.start(log, topic, "a")
    until(lambda: len(workers.processed()) == 2000, "all of it processed")
    worker.send_signal(signal.SIGTERM)
    out, _ = worker.communicate(timeout=SOON)
    assert worker.returncode == 0
    assert json.loads(out) == {"threads": 1, "redirected": False}
    assert log.committed(log.prefix + "g", topic, 2) == [1000, 1000]


@pytest.mark.slow
def test_a_crashed_agent_ends_the_process_and_loses_nothing(log: Log, workers: Workers) -> None:
    topic = log.topic("in", partitions=2)
    for partition in range(2):
        log.produce(topic, partition, range(5000))
    worker = workers.start(log, topic, "a", crash_after=3000, broker_commit_interval=0.05)
    worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 1
    committed = log.committed(log.prefix + "g", topic, 2)
    for partition in range(2):
        assert (committed[partition] or 0) <= (workers.durable(partition) or 0)
    done = workers.processed()
    assert 0 < len(done) < 3000
    worker = workers.start(log, topic, "b")
    until(lambda: len(workers.processed()) >= 10_000, "all of it processed")
    worker.terminate()
    assert worker.wait(timeout=SOON) == 0
    assert sorted(workers.processed()) == sorted(records(2, 5000)), "no loss, no duplicate"


def test_an_unreachable_broker_ends_the_process(log: Log, workers: Workers) -> None:
    log.bootstrap = f"127.0.0.1:{free_port()}"
    worker = workers.start(log, "topic", "a")
    out, _ = worker.communicate(timeout=20)
    assert worker.returncode == 1
    assert json.loads(out)["threads"] == 1


@pytest.mark.slow
def test_workers_join_and_are_killed_without_loss(log: Log, workers: Workers) -> None:
    topic = log.topic("in", partitions=4)
    produced = 0

    def produce(count: int) -> None:
        nonlocal produced
        for partition in range(4):
            log.produce(topic, partition, range(produced, produced + count))
        produced += count

    def works(name: str) -> bool:
        produce(100)
        return len(workers.processed(name)) > 0

    # Six seconds is the least that a broker grants by default.
    killed = workers.start(log, topic, "a", broker_session_timeout=6.0)
    until(lambda: works("a"), "a works")
    stays = workers.start(log, topic, "b", broker_session_timeout=6.0)
    until(lambda: works("b"), "b works")
    produce(2000)
    killed.kill()
    produce(2000)
    until(lambda: records(4, produced) <= set(workers.processed()), "all of it processed")
    stays.terminate()
    assert stays.wait(timeout=SOON) == 0
    assert set(workers.processed()) == records(4, produced)
    # The state file is behind the batch that was written when the process was killed.
    assert len(workers.processed()) - 4 * produced <= 4 * 1000
    assert log.committed(log.prefix + "g", topic, 4) == [produced] * 4


@pytest.mark.slow
def test_consumption_goes_on_after_the_broker_was_away(
    prefix: str, tmp_path: Path, workers: Workers
) -> None:
    from tests.streams.transport.conftest import Log

    broker = EmbeddedBroker(tmp_path / "broker", port=free_port())
    try:
        log = Log(broker.ensure(), prefix)
        topic = log.topic("in", partitions=2)
        log.produce(topic, 0, range(1000))
        worker = workers.start(log, topic, "a")
        until(lambda: len(workers.processed()) == 1000, "all of it processed")
        broker.stop()
        broker.ensure()
        log = Log(log.bootstrap, prefix)
        log.produce(topic, 0, range(1000, 2000))
        log.produce(topic, 1, range(2000))
        until(lambda: len(workers.processed()) >= 4000, "all of it processed")
        worker.terminate()
        assert worker.wait(timeout=SOON) == 0
        assert sorted(workers.processed()) == sorted(records(2, 2000))
        assert log.committed(prefix + "g", topic, 2) == [2000, 2000]
    finally:
        workers.kill_all()
        broker.wipe()
