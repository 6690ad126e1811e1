from msgspec.structs import replace

from schemas.causes import NearChange
from schemas.commands import Acknowledge, Resolve
from schemas.incidents import Incident, Severity, Slice
from streams.demonstration.oncall import NAME, OnCall, remedy
from tests.support.incidents import incident

NOWHERE = Slice({}, 0.0, 0.0, True, (), "")


def one(name: str, severity: Severity = "error") -> Incident:
    return incident(
        incident_id=name, severity=severity, title=f"wallet: {name}", slice=NOWHERE, changes=()
    )


def test_she_takes_the_first_that_is_an_error_and_is_on_one_at_a_time() -> None:
    ana = OnCall()
    assert ana.hear(one("small", "warning")) is None
    first = one("first")
    assert ana.hear(first) == Acknowledge(incident_id="first", by=NAME)
    assert ana.hear(first) is None
    assert ana.hear(one("second", "critical")) is None
    assert ana.hear(replace(first, revision=2, status="resolved")) is None
    assert ana.hear(one("third")) == Acknowledge(incident_id="third", by=NAME)
    assert ana.known("third").title == "wallet: third"


def test_what_grows_to_an_error_is_taken_and_what_others_handle_is_not() -> None:
    ana = OnCall()
    ana.hear(one("grows", "warning"))
    assert ana.hear(replace(one("handled"), status="acknowledged")) is None
    said = ana.hear(replace(one("grows"), revision=2))
    assert said == Acknowledge(incident_id="grows", by=NAME)


def test_in_the_end_she_ends_another_one_that_can_be_undone() -> None:
    ana = OnCall()
    ana.hear(replace(one("hers"), slice=replace(NOWHERE, attributes={"app_version": "7.2.0"})))
    ana.hear(one("worse"))
    ana.hear(
        replace(
            one("released", "warning"),
            slice=replace(NOWHERE, attributes={"app_version": "5.11.3", "os": "ios"}),
        )
    )
    assert ana.close() == [
        Acknowledge(incident_id="released", by=NAME),
        Resolve(incident_id="released", by=NAME, text="rolled back 5.11.3"),
    ]


def test_the_only_one_is_ended_and_of_none_nothing_is_said() -> None:
    ana = OnCall()
    assert ana.close() == []
    ana.hear(one("only"))
    ana.hear(replace(one("only"), revision=2, status="acknowledged"))
    (said,) = ana.close()
    assert (said.incident_id, type(said)) == ("only", Resolve)


def test_what_ended_it_is_what_can_be_taken_back() -> None:
    bare = one("bare")
    change = NearChange("c1", "checkout 5 rolled out", "2026-11-20T09:00:00.000Z", 4, ())
    assert remedy(incident()) == "rolled back 7.2.0"
    assert remedy(replace(bare, changes=(change,))) == "undone: checkout 5 rolled out"
    assert remedy(bare) == "fixed, and watched for an hour"
