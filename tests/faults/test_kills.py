"""`kill -9` of the worker at random moments, ten times in one run."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from schemas.topics import SIGNALS
from tests.support.waiting import until

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(400)]

KILLS = 10


def run_and_kill(stream: Stream, signals: int) -> None:
    """Run a worker until there are so many signals."""
    # Snapshots as often as can be, so that kills fall between and into them.
    worker = stream.workers.start("--bounded", snapshot_seconds=0.1)
    worker.wait_started()
    until(lambda: stream.count(SIGNALS) >= signals or worker.exit_code is not None, "progress")
    assert worker.exit_code is None, worker.lines()[-5:]
    worker.kill()


def test_ten_kills_lose_nothing_and_double_nothing(stream: Stream, morning: Simulation) -> None:
    random = Random(3)
    messages = list(morning.messages())
    step = len(messages) // (KILLS + 1)
    for kill in range(KILLS):
        stream.play(messages[kill * step : (kill + 1) * step])
        # From "before the first record" to "well within the slice": one gives 200 or more.
        run_and_kill(stream, stream.count(SIGNALS) + random.randrange(200))
    stream.play(messages[KILLS * step :])
    stream.end()
    stream.workers.start("--bounded")
    stream.wait_done()
    ledger = stream.check_undisturbed()
    assert ledger.incidents
