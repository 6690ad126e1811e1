"""An agent that raises ends the worker; the next one goes on and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow]

SCRIPT = str(Path(__file__).with_name("raising_worker.py"))


@pytest.mark.parametrize("stage", ["intake", "detect"])
def test_an_agent_that_raises(stream: Stream, morning: Simulation, stage: str) -> None:
    stream.play(morning.messages())
    stream.end()
    raising = stream.workers.start("--bounded", program=(SCRIPT, stage, "7"), snapshot_seconds=0.1)
    assert raising.wait_exit() == 1
    assert "the agent fails on purpose" in raising.log.read_text()
    assert not stream.is_done()
    stream.workers.start("--bounded")
    stream.wait_done()
    assert stream.check_undisturbed().incidents
