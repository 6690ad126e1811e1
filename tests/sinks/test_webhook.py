import hashlib
import hmac
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.incidents import Incident, decode_incident
from sinks.cluster import Secret
from sinks.webhook import SIGNATURE, WebhookOptions, WebhookSink, sign
from tests.support.incidents import incident
from tests.support.posting import NOW_MS, deliver
from tests.support.receiver import LocalReceiver

SECRET = Secret("a secret of our own")


def sink(receiver: LocalReceiver, **options: Any) -> WebhookSink:
    url = Secret(receiver.url + "/hook?key=1")
    return WebhookSink("hook", WebhookOptions(url=url, secret=SECRET, **options))


def test_the_incident_goes_out_as_it_stands_on_the_topic(receiver: LocalReceiver) -> None:
    told = incident()
    deliver(sink(receiver), [told])
    (got,) = receiver.got
    assert (got.path, got.query) == ("/hook", "key=1")
    assert set(got.json) == {"version", "incidents"}
    assert got.json["version"] == "1"
    (sent,) = got.json["incidents"]
    assert decode_incident(msgspec.json.encode(sent)) == told
    assert got.headers["Idempotency-Key"] == told.event_id


def test_several_go_out_together(receiver: LocalReceiver) -> None:
    some = [incident(incident_id=str(n)) for n in range(100)]
    deliver(sink(receiver), some, some)
    first, second = receiver.got
    assert [one["incident_id"] for one in first.json["incidents"]] == [str(n) for n in range(100)]
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert len(first.headers["Idempotency-Key"]) == 64


def test_the_signature_is_what_it_says(receiver: LocalReceiver) -> None:
    deliver(sink(receiver), [incident()])
    (got,) = receiver.got
    seconds = NOW_MS // 1000
    signed = b"%d." % seconds + got.body
    digest = hmac.new(SECRET.reveal().encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers[SIGNATURE] == f"t={seconds},v1={digest}"


def test_the_example_of_the_page_verifies_it() -> None:
    page = (Path(__file__).parents[2] / "docs" / "alerting.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?def verified.*?)```", page, re.DOTALL)
    assert len(code.strip().splitlines()) <= 12
    space: dict[str, Any] = {}
    exec(code, space)
    verified, secret, body = space["verified"], SECRET.reveal().encode(), b'{"a":1}'
    header = sign(SECRET, 1000, body)
    assert verified(header, body, secret, now=1000)
    assert verified(header, body, secret, now=1300)
    assert not verified(header, body, secret, now=1301)
    assert not verified(header, body, secret, now=699)
    assert not verified(header, body + b" ", secret, now=1000)
    assert not verified(header, body, b"another", now=1000)
    assert not verified(header.replace("t=1000", "t=1001"), body, secret, now=1000)


def test_the_form_of_alertmanager(receiver: LocalReceiver) -> None:
    over = "2026-11-20T09:40:00.000Z"
    labels = {"product": "wallet"}
    ended = incident(incident_key="k2", service=None, labels=labels)
    some = [incident(), msgspec.structs.replace(ended, status="resolved", resolved_at=over)]
    deliver(sink(receiver, form="alertmanager", console_url="https://gw.example"), some)
    sent = receiver.got[0].json
    alerts = sent.pop("alerts")
    common = sent.pop("commonAnnotations")
    assert sent == {
        "version": "4",
        "groupKey": "groundswell/hook",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "hook",
        "groupLabels": {"alertname": "GroundswellIncident"},
        "commonLabels": {
            "alertname": "GroundswellIncident",
            "product": "wallet",
            "severity": "critical",
        },
        "externalURL": "https://gw.example",
    }
    assert common["observed"] == "182"
    assert "status" not in common
    fields = {
        "status",
        "labels",
        "annotations",
        "startsAt",
        "endsAt",
        "generatorURL",
        "fingerprint",
    }
    assert all(set(alert) == fields for alert in alerts)
    assert [alert["status"] for alert in alerts] == ["firing", "resolved"]
    assert [alert["endsAt"] for alert in alerts] == ["0001-01-01T00:00:00Z", over]
    assert [alert["fingerprint"] for alert in alerts] == [incident().incident_key, "k2"]


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (None, incident(status="suppressed"), False),
        (incident(), incident(status="suppressed"), True),
        (incident(status="resolved"), incident(status="resolved", revision=2), True),
        (None, incident(), True),
    ],
)
def test_what_it_is_told(before: Incident | None, now: Incident, wanted: bool) -> None:
    options = WebhookOptions(url=Secret("http://h"), secret=SECRET)
    assert WebhookSink("hook", options).wants(before, now) is wanted


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 characters at least"):
        WebhookOptions(url=Secret("http://h"), secret=Secret("short"))
