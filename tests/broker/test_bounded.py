"""Runs in which nothing goes wrong: bounded, live and in process they say the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.burst import END_MS, burst
from tests.support.ledger import digest
from tests.support.stream import open_stream
from tests.support.undisturbed import undisturbed
from tests.support.waiting import until

if TYPE_CHECKING:
    from streams.simulation import Simulation
    from tests.support.stream import Stream

pytestmark = pytest.mark.broker


def test_everything_is_accounted_for_and_committed(stream: Stream) -> None:
    for place in range(2):
        stream.write(("feedback.app", place), [v for _, v in list(burst())[place::2]], END_MS)
    stream.end()
    worker = stream.workers.start("--bounded")
    stream.wait_done()
    ledger = stream.check_undisturbed()
    assert ledger.incidents
    until(lambda: stream.lag() == 0, "everything is committed")
    assert worker.stop() == 0


@pytest.mark.slow
def test_a_group_without_offsets_shows_no_lag_that_is_not_there(stream: Stream) -> None:
    stream.write(("feedback.app", 0), [value for _, value in burst()], END_MS)
    stream.end()
    worker = stream.workers.start("--bounded")
    stream.wait_done()
    assert worker.stop() == 0
    # As when the broker has let them expire.
    stream.forget_offsets()
    assert stream.lag() > 0
    stream.workers.start("--bounded")
    until(lambda: stream.lag() == 0, "the offsets of the durable state are committed")


@pytest.mark.slow
def test_a_live_run_and_a_bounded_rerun_hash_equal(
    stream: Stream, morning: Simulation, tmp_path: Path
) -> None:
    with open_stream(stream.bootstrap, stream.prefix + "again-", tmp_path / "again") as again:
        for each in (stream, again):
            each.play(morning.messages())
            each.write_later()
        stream.run_live()
        again.end()
        again.workers.start("--bounded")
        again.wait_done()
        ledger = again.settle()
        stream.ledger.read_incidents(stream.read("incidents"))
        assert stream.ledger.incidents
        assert stream.ledger.digest() == ledger.digest()
        in_process = undisturbed(again.records(), again.places["signals"])
        assert ledger.digest() == digest(in_process)
