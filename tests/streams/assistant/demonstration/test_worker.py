"""A worker that does not start is told of, and is dead on the page."""

import asyncio
import signal
from pathlib import Path

import pytest

from streams.assistant.demonstration.worker import DemoWorker, WorkerDied


def state_of(worker: DemoWorker) -> str:
    """It changes between two looks, which types do not know."""
    return worker.state


def test_a_worker_that_ends_at_once_says_why(tmp_path: Path) -> None:
    async def scenario() -> None:
        worker = DemoWorker(("--nonsense",), {}, tmp_path / "worker.log")
        assert state_of(worker) == "dead"
        for _ in range(2):
            await worker.start()
            assert state_of(worker) == "starting"
            with pytest.raises(WorkerDied, match="No such option: --nonsense"):
                await worker.ready()
            assert state_of(worker) == "dead"
        await worker.end(signal.SIGTERM)
        await worker.end(signal.SIGTERM)

    asyncio.run(scenario())


def test_one_on_its_way_is_ended(tmp_path: Path) -> None:
    async def scenario() -> None:
        # Nobody answers there.
        worker = DemoWorker(
            ("--bootstrap", "127.0.0.1:9", "--port", "0"), {}, tmp_path / "worker.log"
        )
        await worker.start()
        await worker.start()
        assert state_of(worker) == "starting"
        await worker.end(signal.SIGKILL)
        assert state_of(worker) == "dead"

    asyncio.run(scenario())
