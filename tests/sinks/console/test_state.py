from schemas.handling import Acknowledgement, Silencing
from sinks.console import state as module
from sinks.console.state import DAY_MS, Brief, State
from tests.support.incidents import incident

NOW = 1_800_000_000_000
THEN = "2026-11-20T10:00:00.000Z"


def test_it_lists_the_latest_of_each() -> None:
    state = State()
    assert state.take(incident(), NOW)
    assert state.take(incident(revision=2, severity="error"), NOW)
    assert not state.take(incident(revision=1), NOW)
    (brief,) = state.briefs(NOW)
    assert (brief.revision, brief.severity) == (2, "error")


def test_resolved_ones_are_listed_for_a_day_of_the_log() -> None:
    state = State()
    state.take(incident(), NOW)
    state.take(incident(revision=2, status="resolved", resolved_at=THEN), NOW)
    assert [one.status for one in state.briefs(NOW + DAY_MS - 1)] == ["resolved"]
    assert state.briefs(NOW + DAY_MS) == []
    assert state.detail(incident().incident_id) is not None


def test_no_more_resolved_ones_are_listed_than_fit() -> None:
    state = State()
    for n in range(module.RESOLVED + 3):
        state.take(incident(incident_id=f"i-{n}", status="resolved", resolved_at=THEN), NOW + n)
    listed = {brief.incident_id for brief in state.briefs(NOW)}
    assert len(listed) == module.RESOLVED
    assert "i-2" not in listed
    assert "i-3" in listed


def test_a_brief_says_who_is_on_it_and_what_may_be_the_cause() -> None:
    handled = Brief.of(
        incident(
            acknowledgement=Acknowledgement("Mei", THEN, THEN),
            silence=Silencing("Jo", THEN, THEN),
        )
    )
    assert (handled.handled_by, handled.silenced_until) == ("Mei", THEN)
    assert handled.cause.startswith("«checkout 7.2.0")
    assert handled.spark == (1, 0, 0, 2, 14, 13)
    assert Brief.of(incident(course=None)).spark == ()


def test_the_histories_of_those_without_news_are_forgotten_first() -> None:
    state = State()
    state.take(incident(incident_id="first", change_reason="opened"), NOW)
    for n in range(module.HISTORIES - 1):
        state.take(incident(incident_id=f"i-{n}"), NOW)
    state.take(incident(incident_id="first", revision=2), NOW)
    state.take(incident(incident_id="one more"), NOW)
    first, other = state.detail("first"), state.detail("i-0")
    assert first is not None
    assert [turn.revision for turn in first.revisions] == [1, 2]
    # Only what went before is lost.
    assert other is not None
    assert len(other.revisions) == 1
    assert state.detail("unknown") is None
