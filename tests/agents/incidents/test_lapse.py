from typing import Any

from msgspec import structs

from agents.incidents.lapse import UNANSWERED
from agents.incidents.rules import IncidentRules
from schemas.causes import Hypothesis, Rca
from schemas.commands import Acknowledge, Explain, Resolve, Silence
from schemas.incidents import Incident
from tests.agents.incidents.made import RULES, last, opened, outbreak, quiet_until, told

ASKED = IncidentRules(model=True)
ANSWER = Rca(
    "ok", "model", (Hypothesis("the release", "release", "low", ("e1",)),), ("look",), None
)


def silence(incident: Incident, minutes: int) -> Silence:
    return Silence(incident_id=incident.incident_id, by="bo", minutes=minutes)


def acknowledge(incident: Incident) -> Acknowledge:
    return Acknowledge(incident_id=incident.incident_id, by="ana")


def explain(incident: Incident, **fields: Any) -> Explain:
    return Explain(incident_id=incident.incident_id, by="enrich", **fields)


def test_an_acknowledgement_times_out_and_says_so() -> None:
    incidents, first = opened()
    told(incidents, acknowledge(first), after=2)
    until = 2 + RULES.ack_minutes
    assert last(incidents, *(outbreak(n) for n in range(3, until))) is None
    revision = incidents.step(outbreak(until))
    assert revision is not None
    assert (revision.stage, revision.incident.status) == ("updated", "open")
    assert revision.incident.change_reason == "the acknowledgement of ana timed out"
    assert revision.incident.acknowledgement is None
    assert incidents.step(outbreak(until + 1)) is None


def test_an_acknowledgement_that_is_renewed_goes_on() -> None:
    incidents, first = opened()
    told(incidents, acknowledge(first))
    told(incidents, acknowledge(first), after=30)
    assert last(incidents, *(outbreak(n) for n in range(31, 30 + RULES.ack_minutes))) is None
    assert incidents.step(outbreak(30 + RULES.ack_minutes)) is not None


def test_an_acknowledgement_ends_with_the_incident() -> None:
    incidents, first = opened()
    told(incidents, acknowledge(first))
    assert quiet_until(incidents, 15).acknowledgement is None
    again = incidents.step(outbreak(20))
    assert again is not None
    assert (again.incident.incident_id, again.incident.status) == (first.incident_id, "open")


def test_the_end_of_a_silence_is_told_if_it_is_still_up() -> None:
    incidents, first = opened()
    told(incidents, silence(first, 10), after=2)
    assert last(incidents, *(outbreak(n) for n in range(3, 12))) is None
    revision = incidents.step(outbreak(12))
    assert revision is not None
    assert (revision.stage, revision.incident.status) == ("updated", "open")
    assert revision.incident.change_reason == "silence by bo ended"
    assert revision.incident.silence is None


def test_the_end_of_a_silence_after_the_incident_is_no_news() -> None:
    incidents, first = opened()
    told(incidents, silence(first, 20))
    assert quiet_until(incidents, 15).status == "resolved"
    assert last(incidents, *(outbreak(n, alarm=False) for n in range(16, 40))) is None


def test_a_silence_told_to_the_last_incident_reaches_the_one_that_is_open() -> None:
    incidents, first = opened()
    quiet_until(incidents, 15)
    incidents.step(outbreak(40))
    told(incidents, silence(first, 60), after=41)
    revision = incidents.step(outbreak(42))
    assert revision is not None
    assert revision.incident.status == "suppressed"
    assert revision.incident.change_reason.startswith("silenced by bo until ")


def test_with_a_model_the_rules_answer_until_it_does() -> None:
    incidents, first = opened(ASKED)
    assert (first.rca.status, first.rca.source) == ("pending", "rules")
    assert first.rca.hypotheses
    assert first.rca.reason == "rules only, until the language model answers"
    update = incidents.step(outbreak(5, count=100.0))
    assert update is not None
    assert update.incident.rca.status == "pending"
    assert last(incidents, *(outbreak(n) for n in range(6, 10))) is None
    failed = incidents.step(outbreak(10))
    assert failed is not None
    rca = failed.incident.rca
    assert (rca.status, rca.source) == ("failed", "rules")
    assert (
        failed.incident.change_reason == rca.reason == "no answer from the model within 10 minutes"
    )
    assert rca.hypotheses
    # Better late than never.
    late = told(incidents, explain(first, rca=ANSWER), after=12).rca
    assert (late.status, late.source) == ("ok", "model")
    assert last(incidents, *(outbreak(n) for n in range(13, 60))) is None


def test_an_answer_stays_and_nobody_waits_for_it_any_more() -> None:
    incidents, first = opened(ASKED)
    rca = told(incidents, explain(first, rca=ANSWER), after=1).rca
    assert last(incidents, *(outbreak(n) for n in range(2, 20))) is None
    update = incidents.step(outbreak(20, count=900.0))
    assert update is not None
    assert update.incident.rca == rca


def test_an_answer_without_a_hypothesis_says_why_for_good() -> None:
    incidents, first = opened(ASKED)
    no = Rca("skipped_budget", "model", (), (), "the budget of the hour is spent")
    rca = told(incidents, explain(first, rca=no), after=1).rca
    assert (rca.status, rca.source, rca.reason) == ("skipped_budget", "rules", no.reason)
    assert rca.hypotheses == first.rca.hypotheses
    update = incidents.step(outbreak(20, count=900.0))
    assert update is not None
    assert (update.incident.rca.status, update.incident.rca.reason) == (rca.status, rca.reason)


def test_an_incident_that_is_over_waits_for_no_answer() -> None:
    incidents, first = opened(ASKED)
    resolved = told(incidents, Resolve(incident_id=first.incident_id, by="ana"), after=1)
    assert resolved.rca == structs.replace(first.rca, status="failed", reason=UNANSWERED)
    late = told(incidents, explain(first, rca=ANSWER), after=2)
    assert (late.status, late.rca.status, late.rca.source) == ("resolved", "ok", "model")
    hasty = IncidentRules(model=True, quiet_minutes=3)
    assert quiet_until(opened(hasty)[0], 3).rca.reason == UNANSWERED
