"""A worker that does not start is told of, and is dead on the page."""

import asyncio
import signal
from pathlib import Path

import pytest

from streams.assistant.demonstration.crew import Crew, WorkerDied


def state_of(crew: Crew) -> str:
    """It changes between two looks, which types do not know."""
    return crew.state


def test_a_worker_that_ends_at_once_says_why(tmp_path: Path) -> None:
    async def scenario() -> None:
        crew = Crew(("--nonsense",), {}, tmp_path / "worker.log")
        assert state_of(crew) == "dead"
        for _ in range(2):
            await crew.start()
            assert state_of(crew) == "starting"
            with pytest.raises(WorkerDied, match="No such option: --nonsense"):
                await crew.ready()
            assert state_of(crew) == "dead"
        await crew.end(signal.SIGTERM)
        await crew.end(signal.SIGTERM)

    asyncio.run(scenario())


def test_one_on_its_way_is_ended(tmp_path: Path) -> None:
    async def scenario() -> None:
        # Nobody answers there.
        crew = Crew(("--bootstrap", "127.0.0.1:9", "--port", "0"), {}, tmp_path / "worker.log")
        await crew.start()
        await crew.start()
        assert state_of(crew) == "starting"
        await crew.end(signal.SIGKILL)
        assert state_of(crew) == "dead"

    asyncio.run(scenario())
