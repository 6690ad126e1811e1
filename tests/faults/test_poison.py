"""A flood of broken records stops the worker instead of filling the dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schemas.topics import DEAD_LETTERS
from tests.support.burst import END_MS, burst

if TYPE_CHECKING:
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow]

POISONED = ("feedback.app", 1)


def test_a_flood_stops_the_worker_until_it_is_allowed(stream: Stream) -> None:
    values = [value for _, value in burst()]
    stream.write(POISONED, values[:100], END_MS)
    stream.write(POISONED, [b"{" * 9] * 600, END_MS)
    stream.write(POISONED, values[100:], END_MS)
    stream.end()

    stopped = stream.workers.start("--bounded", refused_stretch=200)
    assert stopped.wait_exit() == 1
    said = stopped.lines()[-1]
    assert said.startswith("groundswell: 600 of the last ")
    for word in ("feedback.app-1", "not_json", "refused_share", "start again"):
        assert word in said
    assert stream.count(DEAD_LETTERS) == 0

    stream.workers.start("--bounded", refused_stretch=200, refused_share=1)
    stream.wait_done()
    ledger = stream.check_undisturbed()
    assert ledger.refused == 600
    assert ledger.incidents


def test_single_broken_records_stop_nothing(stream: Stream) -> None:
    values = [value for _, value in burst()]
    mixed = [value for good in values for value in (good, b"not json")]
    stream.write(POISONED, mixed, END_MS)
    stream.end()
    stream.workers.start("--bounded", refused_stretch=len(mixed) // 3)
    stream.wait_done()
    assert stream.check_undisturbed().refused == len(values)
