import pytest

from schemas.causes import Evidence
from schemas.incidents import Incident
from sinks.cluster import Secret
from sinks.errors import Rejected, Unreachable
from sinks.pagerduty import MAX_EVENT, PagerDutyOptions, PagerDutySink
from tests.support.incidents import incident
from tests.support.posting import deliver
from tests.support.receiver import LocalReceiver, says

KEY = "0123456789abcdef0123456789abcdef"
TAKEN = says(202, '{"status":"success","message":"Event processed","dedup_key":"k"}')


def sink(receiver: LocalReceiver) -> PagerDutySink:
    receiver.usual = TAKEN
    options = PagerDutyOptions(
        routing_key=Secret(KEY), url=receiver.url + "/v2/enqueue", console_url="https://gw.example"
    )
    return PagerDutySink("pager", options)


def test_an_open_incident_triggers_with_what_the_api_asks_for(receiver: LocalReceiver) -> None:
    told = incident()
    answer = deliver(sink(receiver), [told])
    assert answer.startswith("202 ")
    (got,) = receiver.got
    assert got.path == "/v2/enqueue"
    event = got.json
    details = event["payload"].pop("custom_details")
    assert event == {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "groundswell/wallet/0a1b2c3d4e5f6071",
        "payload": {
            "summary": told.title,
            "source": "checkout",
            "severity": "critical",
            "timestamp": "2026-11-20T09:04:00.000Z",
            "component": "checkout",
            "group": "wallet",
            "class": "payment",
        },
        "client": "Groundswell",
        "client_url": "https://gw.example",
        "links": [
            {
                "href": "https://gw.example/#/incident/0a1b2c3d4e5f6071-29400000",
                "text": "Incident in the Groundswell console",
            }
        ],
    }
    assert details["observed"] == "182"
    assert details["labels"]["app_version"] == "7.2.0"
    assert [item["id"] for item in details["evidence"]] == ["e1", "e2"]


@pytest.mark.parametrize(
    ("status", "action"),
    [("acknowledged", "acknowledge"), ("resolved", "resolve"), ("suppressed", "resolve")],
)
def test_what_follows_goes_to_the_same_alert(
    receiver: LocalReceiver, status: str, action: str
) -> None:
    deliver(sink(receiver), [incident()], [incident(revision=2, status=status)])
    first, second = (got.json for got in receiver.got)
    assert second == {
        "routing_key": KEY,
        "event_action": action,
        "dedup_key": first["dedup_key"],
    }


def test_the_next_incident_of_the_key_opens_the_next_alert(receiver: LocalReceiver) -> None:
    pager = sink(receiver)
    over = incident(revision=2, status="resolved")
    deliver(pager, [incident()], [over], [incident(incident_id="next")])
    actions = [(got.json["event_action"], got.json["dedup_key"]) for got in receiver.got]
    key = "groundswell/wallet/0a1b2c3d4e5f6071"
    assert actions == [("trigger", key), ("resolve", key), ("trigger", key)]
    assert not pager.wants(over, incident(revision=3, status="resolved"))


def test_long_and_hostile_words_fit_the_limits(receiver: LocalReceiver) -> None:
    told = incident(title="@all http://evil.example " + "x" * 3000, product="p" * 300)
    deliver(sink(receiver), [told])
    event = receiver.got[0].json
    assert len(event["payload"]["summary"]) == 1024
    assert event["payload"]["summary"].startswith("＠all http[:]//evil[.]example x")
    assert len(event["dedup_key"]) == 255
    assert event["dedup_key"].endswith("/0a1b2c3d4e5f6071")


def test_an_event_that_is_too_large_goes_without_its_details(receiver: LocalReceiver) -> None:
    many = tuple(
        Evidence(f"e{n}", "app", "2026-11-20T09:04:11.000Z", "很" * 500, "feedback.app-3@1")
        for n in range(400)
    )
    deliver(sink(receiver), [incident(evidence=many)])
    (got,) = receiver.got
    assert len(got.body) < MAX_EVENT
    assert got.json["payload"]["custom_details"] == {"omitted": "more than 512000 bytes"}
    assert got.json["payload"]["summary"] == incident().title


def test_a_refused_event_is_not_repeated_and_the_key_is_not_shown(receiver: LocalReceiver) -> None:
    pager = sink(receiver)
    receiver.usual = says(400, '{"status":"invalid event","errors":["Length of key"]}')
    with pytest.raises(Rejected, match="Length of key") as raised:
        deliver(pager, [incident()])
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_one_is_asked_again(receiver: LocalReceiver, status: int) -> None:
    pager = sink(receiver)
    receiver.usual = says(status, "")
    with pytest.raises(Unreachable):
        deliver(pager, [incident()])


def test_a_web_page_is_no_answer(receiver: LocalReceiver) -> None:
    pager = sink(receiver)
    receiver.usual = says(200, " <!doctype html><p>log in first")
    with pytest.raises(Unreachable, match="answered with a web page: check its address") as raised:
        deliver(pager, [incident()])
    assert raised.value.reason == "answer"


BEFORE = incident()


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        (None, incident(), True),
        (None, incident(status="acknowledged"), True),
        # It may have been told, and not noted, before a crash of ours.
        (None, incident(status="resolved"), True),
        (BEFORE, incident(revision=2), True),
        (BEFORE, incident(revision=2, status="acknowledged"), True),
        (incident(status="acknowledged"), incident(revision=2, status="acknowledged"), False),
        (incident(status="acknowledged"), incident(revision=2), True),
        (incident(status="suppressed"), incident(revision=2, status="resolved"), False),
        (incident(status="suppressed"), incident(revision=2), True),
        (incident(status="resolved"), incident(revision=2, status="resolved"), False),
        (incident(status="resolved"), incident(revision=2), True),
    ],
)
def test_what_would_only_say_the_same_again_is_not_sent(
    receiver: LocalReceiver, before: Incident | None, now: Incident, wanted: bool
) -> None:
    assert sink(receiver).wants(before, now) is wanted


def test_a_key_of_another_length_is_told_without_showing_it() -> None:
    with pytest.raises(ValueError, match="32 characters") as raised:
        PagerDutyOptions(routing_key=Secret("s3cret"))
    assert "s3cret" not in str(raised.value)
