"""What a product knows around an incident; the rules are tested in tests/agents/incidents."""

from collections.abc import Mapping, Sequence

from agents.detect.rules import DetectRules
from agents.incidents.lifecycle import Revision
from schemas.incidents import Incident
from schemas.signals import LocalCluster
from tests.agents.detect.made import local
from tests.agents.detect.test_product import BURST, burst, day

LINES = 40
"""A log theme that nobody reads but us."""
POOL = "支付 付失 失败"


def log(minute: int, count: int, theme: int = LINES) -> LocalCluster:
    return local(theme, count, f"log {theme} {minute}", "log", "pay", "7.2", "android")


def with_logs(logs: Mapping[int, int], rules: DetectRules | None = None) -> list[Revision]:
    """An outbreak of feedback at BURST, and so many log lines a minute."""
    said: dict[int, Sequence[LocalCluster]] = {
        minute: [log(minute, n)] for minute, n in logs.items()
    }
    for minute in range(BURST, BURST + 10):
        said[minute] = [*said.get(minute, ()), burst(minute, 12)]
    return day(said, until=BURST + 9, rules=rules or DetectRules())[1]


def feedback(revisions: Sequence[Revision]) -> Incident:
    """The first revision that is about feedback."""
    return next(r.incident for r in revisions if "app" in r.incident.channels)


def test_without_logs_nothing_rose() -> None:
    assert feedback(with_logs({})).risen == ()


def test_lines_that_came_first_lead_to_the_cause() -> None:
    revisions = with_logs(dict.fromkeys(range(BURST - 6, BURST + 10), 6))
    found = feedback(revisions)
    (risen,) = found.risen
    assert risen.id == "t1"
    assert risen.lead_minutes == 6
    assert risen.count >= 42
    assert risen.template.startswith(POOL)
    assert any(risen.id in one.evidence_ids for one in found.rca.hypotheses)


def test_lines_that_are_always_there_did_not_rise() -> None:
    first = BURST - 49
    assert feedback(with_logs(dict.fromkeys(range(first, BURST + 10), 6))).risen == ()


def test_lines_that_have_an_incident_of_their_own_are_told_there() -> None:
    revisions = with_logs(dict.fromkeys(range(BURST - 6, BURST + 10), 12))
    assert revisions[0].incident.channels.keys() == {"log"}
    found = feedback(revisions)
    assert found.risen == ()
    assert revisions[0].incident.incident_id in found.related_incident_ids


def test_an_incident_of_logs_does_not_lead_to_itself() -> None:
    revisions = day(
        {minute: [log(minute, 12)] for minute in range(BURST, BURST + 5)}, until=BURST + 5
    )[1]
    assert revisions[0].incident.channels.keys() == {"log"}
    assert revisions[0].incident.risen == ()


def test_whom_it_spares_is_said_of_the_slice() -> None:
    found = feedback(with_logs({}))
    assert found.slice.attributes
    assert {one.attribute for one in found.unaffected} <= found.slice.attributes.keys()
    assert {one.value for one in found.unaffected} <= {"7.0", "7.1", "ios"}
    assert found.unaffected
    assert all(one.share < one.usual_share / 4 for one in found.unaffected)


def test_the_same_signals_give_the_same_clues() -> None:
    logs = dict.fromkeys(range(BURST - 6, BURST + 10), 6)
    assert with_logs(logs) == with_logs(logs)
