"""A live worker: silence, idle partitions, the health port and a graceful stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from schemas.incidents import decode_incident
from schemas.topics import COMMANDS, INCIDENTS, SIGNALS
from streams.metrics.worker import METRICS
from tests.support.burst import END_MS, START_MS, burst, event
from tests.support.waiting import until

if TYPE_CHECKING:
    from tests.support.stream import Stream

pytestmark = [pytest.mark.broker, pytest.mark.slow]


def test_silence_closes_the_last_minute_and_holds_nobody_up(stream: Stream) -> None:
    # All on one partition; the others never say anything, and the incident is in the last minute.
    stream.write(("feedback.app", 0), [value for _, value in burst()], END_MS)
    worker = stream.workers.start(idle_seconds=2, lateness_ms=0, snapshot_seconds=0.2)
    until(lambda: stream.count(INCIDENTS) > 0, "the incident is on the log")
    stream.ledger.read_incidents(stream.read(INCIDENTS))
    (opened,) = map(decode_incident, stream.ledger.incidents.values())
    assert (opened.status, opened.observed.count) == ("open", 40)
    assert opened.updated_at == "2026-01-05T08:31:00.000Z"
    assert stream.look().progress["feedback.app", 0].idle

    # What comes for minutes that were closed without it counts as late, and is not lost.
    stale_ms = START_MS + 59_000
    stale = [event("支付一直转圈", stale_ms, "stale"), b"{"]
    stream.write(("feedback.app", 1), stale, stale_ms)
    until(lambda: stream.look().accounted == stream.written, "they are accounted for")
    until(stream.is_covered, "snapshots")
    stream.settle()
    until(lambda: stream.lag() == 0, "everything is committed")
    assert worker.get("/healthz") == (200, '{"alive": true, "trouble": ""}')
    assert worker.get("/readyz") == (200, '{"ready": true}')
    _, metrics = worker.get("/metrics")
    assert stream.prefix not in metrics, "topics go by their base names"
    others = {(name, n) for name in (COMMANDS, SIGNALS) for n in range(stream.places[name])}
    assert worker.lags().keys() == {*stream.sources, *others}
    samples = [line.split(" ")[0] for line in metrics.splitlines() if not line.startswith("#")]
    for metric in METRICS:
        assert any(name.startswith(metric.name) for name in samples), metric.name
    assert 'groundswell_late_partials{partition="0"} 1.0' in metrics or (
        'groundswell_late_partials{partition="1"} 1.0' in metrics
    )
    assert worker.stop() == 0
    for line in worker.lines():
        assert msgspec.json.decode(line)["level"] == "info"
