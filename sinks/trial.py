"""An incident that says of itself that it is a test."""

from msgspec.structs import replace

from schemas.causes import Evidence, Rca
from schemas.incidents import Grouping, Impact, Incident, Observed, Onset, Slice
from schemas.times import format_ms


def trial_incident(word: str, now_ms: int) -> Incident:
    """Open, of severity info; `word` sets its identity apart from that of other tests."""
    now = format_ms(now_ms)
    name = f"test-{word}"
    return Incident(
        incident_id=name,
        incident_key=name,
        revision=1,
        status="open",
        severity="info",
        title="TEST of Groundswell: nothing is broken, please ignore",
        product="groundswell-test",
        service=None,
        opened_at=now,
        detected_at=now,
        updated_at=now,
        resolved_at=None,
        onset=Onset(now, now),
        observed=Observed(1, 1.0, 1, 1.0, 1, "groundswell sinks test", 0.0, "none"),
        slice=Slice({}, 0.0, 0.0, True, (), "a test"),
        impact=Impact(1, 1, 1, "a test"),
        channels={"app": 1},
        evidence=(Evidence("e1", "app", now, "a test of the receiver", "test"),),
        changes=(),
        rca=Rca("degraded", "rules", (), ("Nothing: it resolves at once.",), "a test"),
        grouping=Grouping(name, ("test",), "a test", 0.0),
        related_incident_ids=(),
        previous_incident_id=None,
        labels={"product": "groundswell-test"},
        change_reason="groundswell sinks test",
    )


def resolved(incident: Incident, now_ms: int) -> Incident:
    """Its end, one revision later."""
    now = format_ms(now_ms)
    return replace(
        incident,
        revision=incident.revision + 1,
        status="resolved",
        updated_at=now,
        resolved_at=now,
        change_reason="the test is over",
    )
