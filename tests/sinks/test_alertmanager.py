import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from schemas.handling import Acknowledgement
from schemas.incidents import Incident
from schemas.times import format_ms
from sinks.alertmanager import AlertmanagerOptions, AlertmanagerSink
from sinks.cluster import Secret
from sinks.errors import Rejected, Unreachable
from streams.broker.machine import free_port
from tests.support.alertmanager import Alertmanager, running_alertmanager
from tests.support.incidents import incident
from tests.support.receiver import LocalReceiver, says
from tests.support.waiting import until

KEY = incident().incident_key
RESEND = 1.0


@pytest.fixture(scope="module")
def alertmanager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alertmanager]:
    with running_alertmanager(tmp_path_factory.mktemp("alertmanager")) as running:
        yield running


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def of(key: str, **other: object) -> Incident:
    return incident(incident_id=f"{key}-1", incident_key=key, **other)


def using(
    urls: tuple[str, ...], use: Callable[[AlertmanagerSink], Awaitable[None]], **options: object
) -> None:
    async def run() -> None:
        given = {"urls": urls, "resend_seconds": RESEND, **options}
        sink = AlertmanagerSink("am", AlertmanagerOptions(**given))  # type: ignore[arg-type]
        await sink.start()
        try:
            await use(sink)
        finally:
            await sink.stop()
            await sink.stop()

    asyncio.run(run())


def test_an_incident_fires_with_its_labels_and_facts(alertmanager: Alertmanager) -> None:
    told = of("fires", severity_reason="160 people")

    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([told], now_ms())
        assert sink.answer == "200"

    using((alertmanager.url,), use, labels={"team": "payments"}, console_url="https://gw.example/")
    (alert,) = alertmanager.alerts(incident_key="fires")
    assert alert["labels"] == {
        "alertname": "GroundswellIncident",
        "incident_key": "fires",
        "product": "wallet",
        "service": "checkout",
        "severity": "critical",
        "app_version": "7.2.0",
        "os": "android",
        "team": "payments",
    }
    assert alert["annotations"]["summary"] == told.title
    assert alert["annotations"]["observed"] == "182"
    assert alert["annotations"]["score"] == "11.2"
    assert alert["annotations"]["detected_at"] == told.detected_at
    assert alert["annotations"]["severity_reason"] == "160 people"
    assert alert["annotations"]["change_reason"] == "opened"
    assert alert["annotations"]["cause"].startswith("«checkout 7.2.0 rolled out»")
    assert "acknowledged_by" not in alert["annotations"]
    assert alert["generatorURL"] == "https://gw.example/#/incident/fires-1"
    assert alert["startsAt"].startswith("2026-11-20T09:04:00")


@pytest.mark.slow
def test_it_stays_over_reminders_and_ends_without_them(alertmanager: Alertmanager) -> None:
    told = of("stays")

    async def use(sink: AlertmanagerSink) -> None:
        # Quicker than the file may ask for.
        sink.remind_seconds = 0.3
        await sink.deliver([told], now_ms())
        deadline = time.monotonic() + 2 * 3 * sink.remind_seconds
        while time.monotonic() < deadline:
            assert alertmanager.alerts(incident_key="stays")
            await sink.remind([told], now_ms())

    using((alertmanager.url,), use)
    until(lambda: not alertmanager.alerts(incident_key="stays"), "it ends by itself", 15)


def test_another_severity_ends_the_former_alert_in_the_same_call(
    alertmanager: Alertmanager,
) -> None:
    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("rises", severity="warning")], now_ms())
        await sink.deliver([of("rises", severity="critical", revision=2)], now_ms())

    using((alertmanager.url,), use)
    assert [a["labels"]["severity"] for a in alertmanager.alerts(incident_key="rises")] == [
        "critical"
    ]


def test_so_it_does_after_a_restart_of_ours(alertmanager: Alertmanager) -> None:
    async def before(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("again", severity="warning")], now_ms())

    async def after(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("again", severity="critical", revision=2)], now_ms())

    using((alertmanager.url,), before, resend_seconds=600.0)
    using((alertmanager.url,), after, resend_seconds=600.0)
    assert [a["labels"]["severity"] for a in alertmanager.alerts(incident_key="again")] == [
        "critical"
    ]


def test_an_acknowledgement_is_a_note_on_the_alert(alertmanager: Alertmanager) -> None:
    taken = Acknowledgement("mei", "2026-11-20T09:20:00.000Z", "2026-11-20T10:20:00.000Z")

    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("taken")], now_ms())
        told = of("taken", revision=2, status="acknowledged", acknowledgement=taken)
        await sink.deliver([told], now_ms())

    using((alertmanager.url,), use)
    (alert,) = alertmanager.alerts(incident_key="taken")
    assert alert["annotations"]["acknowledged_by"] == "mei"


@pytest.mark.parametrize("status", ["resolved", "suppressed"])
def test_it_ends_and_may_begin_anew(alertmanager: Alertmanager, status: str) -> None:
    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([of(status)], now_ms())
        assert alertmanager.alerts(incident_key=status)
        over = "2026-11-20T09:30:00.000Z" if status == "resolved" else None
        await sink.deliver([of(status, revision=2, status=status, resolved_at=over)], now_ms())
        assert not alertmanager.alerts(incident_key=status)
        await sink.remind([], now_ms())
        assert not alertmanager.alerts(incident_key=status)
        anew = incident(incident_id="anew-2", incident_key=status)
        await sink.deliver([anew], now_ms())
        await sink.remind([anew], now_ms())
        assert alertmanager.alerts(incident_key=status)

    using((alertmanager.url,), use)


@pytest.mark.services
def test_it_fires_again_after_a_restart_of_alertmanager(tmp_path: Path) -> None:
    told = of("survives")

    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([told], now_ms())
        own.stop()
        with pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.1"):
            await sink.remind([told], now_ms())
        await asyncio.to_thread(own.start)
        await sink.remind([told], now_ms())
        assert own.alerts(incident_key="survives")

    with running_alertmanager(tmp_path) as own:
        using((own.url,), use, resend_seconds=600.0)


def test_event_time_ahead_of_ours_and_hostile_labels_are_taken(alertmanager: Alertmanager) -> None:
    labels = {"地区": "CN", "机型": "x", "os.name": "a\u202eb", "os_name": "y", "9x": "z", "e": ""}
    told = of("odd", labels=labels, title="see http://evil.example @all", service=None)

    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([told], 1_600_000_000_000)
        await sink.deliver([told], now_ms())

    using((alertmanager.url,), use)
    (alert,) = alertmanager.alerts(incident_key="odd")
    own = {n: v for n, v in alert["labels"].items() if n not in ("alertname", "incident_key")}
    assert sorted(own.values()) == ["CN", "ab", "critical", "wallet", "x", "y", "z"]
    assert {own["os_name"], own["_9x"]} == {"ab", "z"}
    assert alert["annotations"]["summary"] == "see http[:]//evil[.]example ＠all"


def test_a_thousand_fire_once_each(alertmanager: Alertmanager) -> None:
    many = [of(f"many-{n}", labels={"product": "many"}, product="many") for n in range(1000)]

    async def use(sink: AlertmanagerSink) -> None:
        for start in range(0, len(many), sink.batch):
            await sink.deliver(many[start : start + sink.batch], now_ms())
        await sink.remind(many, now_ms())

    using((alertmanager.url,), use, resend_seconds=60.0)
    found = [alert["labels"]["incident_key"] for alert in alertmanager.alerts(product="many")]
    assert sorted(found) == sorted(one.incident_key for one in many)


def test_what_has_ended_is_said_for_five_minutes(receiver: LocalReceiver) -> None:
    start = 1_800_000_000_000

    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("over", revision=1, status="resolved")], start)
        for minutes in (4, 6):
            await sink.remind([], start + minutes * 60_000)

    using((receiver.url,), use)
    first, second = (got.json for got in receiver.got)
    assert first == second
    assert first[0]["endsAt"] == format_ms(start)
    assert [got.path for got in receiver.got] == ["/api/v2/alerts"] * 2


def test_firing_alerts_outlast_three_reminders(receiver: LocalReceiver) -> None:
    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("lasts")], 1_800_000_000_000)

    using((receiver.url,), use, resend_seconds=60.0, token=Secret("t0ken"))
    (got,) = receiver.got
    assert got.headers["Authorization"] == "Bearer t0ken"
    assert got.json[0]["endsAt"] == format_ms(1_800_000_000_000 + 180_000)


def test_one_of_a_cluster_is_enough(receiver: LocalReceiver) -> None:
    async def use(sink: AlertmanagerSink) -> None:
        await sink.deliver([of("one")], now_ms())

    using((f"http://127.0.0.1:{free_port()}", receiver.url), use)
    assert len(receiver.got) == 1


def test_a_reminder_that_is_refused_holds_up_no_other(receiver: LocalReceiver) -> None:
    receiver.answers = [says(400, "bad")]

    async def use(sink: AlertmanagerSink) -> None:
        with pytest.raises(Rejected, match="400 bad"):
            await sink.remind([of(f"r{n}") for n in range(250)], now_ms())

    using((receiver.url,), use)
    assert [len(got.json) for got in receiver.got] == [100, 100, 50]


def test_a_web_page_is_no_answer(receiver: LocalReceiver) -> None:
    receiver.usual = says(200, "<html>log in</html>")

    async def use(sink: AlertmanagerSink) -> None:
        with pytest.raises(Unreachable, match="web page"):
            await sink.deliver([of("page")], now_ms())

    using((receiver.url,), use)


def test_an_alert_that_is_refused_is_refused(receiver: LocalReceiver) -> None:
    receiver.usual = says(400, "bad")

    async def use(sink: AlertmanagerSink) -> None:
        with pytest.raises(Rejected, match="400 bad"):
            await sink.deliver([of("bad")], now_ms())

    using((receiver.url,), use)
