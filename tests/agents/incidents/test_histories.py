"""Whatever is counted and told, and wherever it is interrupted, what comes out is one history."""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.detect.snapshot import pack, unpack
from agents.incidents.citations import citable
from agents.incidents.handling import status_of
from agents.incidents.lifecycle import Incidents, Revision
from agents.incidents.rules import IncidentRules
from schemas.causes import Hypothesis, Rca
from schemas.commands import (
    Acknowledge,
    Command,
    Explain,
    Feedback,
    Note,
    Relate,
    Resolve,
    Silence,
)
from schemas.incidents import Incident, Related, encode_incident
from schemas.times import MINUTE_MS, format_ms
from tests.agents.incidents.made import NOON, outbreak, people

_EAGER = IncidentRules(
    quiet_minutes=2, update_minutes=3, min_count=5, min_authors=3, ack_minutes=3,
    cooldown_minutes=2, answer_minutes=4, model=True,
)  # fmt: skip
_RANK = ["info", "warning", "error", "critical"]


class Minute(NamedTuple):
    """What is counted of a theme in it, and then told to the incident of that number."""

    theme: str
    alarm: bool
    quiet: bool
    reports: int
    authors: int
    whom: int
    action: str


ACTIONS = ("", "ack", "resolve", "silence", "speak", "note", "useful", "explain", "relate")
_histories = st.lists(
    st.builds(
        Minute,
        st.sampled_from(["one", "two"]),
        st.booleans(),
        st.booleans(),
        st.integers(0, 300),
        st.integers(0, 200),
        st.integers(0, 5),
        st.sampled_from(ACTIONS),
    ),
    max_size=60,
)


def command_of(action: str, name: str, at: str) -> Command | None:
    guess = Hypothesis("the release", "release", "high", ("e1", "s1"))
    wrong = Hypothesis("the moon", "other", "high", ("e99",))
    answer = Rca("ok", "model", (guess, wrong), (), None)
    other = Related("other", "video", "it is slow", ("time",))
    commands: dict[str, Command] = {
        "ack": Acknowledge(incident_id=name, by="ana", at=at),
        "resolve": Resolve(incident_id=name, by="ana", at=at, text="rolled back"),
        "silence": Silence(incident_id=name, by="bo", at=at, minutes=3),
        "speak": Silence(incident_id=name, by="bo", at=at, minutes=0),
        "note": Note(incident_id=name, by="bo", at=at, text="look at that"),
        "useful": Feedback(incident_id=name, by="bo", at=at, useful=True),
        "explain": Explain(incident_id=name, by="enrich", at=at, rca=answer),
        "relate": Relate(incident_id=name, by="enrich", at=at, related=(other,)),
    }
    return commands.get(action)


def play(
    incidents: Incidents, minutes: list[Minute], first: int, known: list[str]
) -> list[Revision]:
    """All revisions of some minutes; `known` are the incidents so far."""
    said = []
    for n, minute in enumerate(minutes, first):
        facts = outbreak(
            n,
            cluster_id=minute.theme,
            alarm=minute.alarm,
            quiet=minute.quiet,
            count=float(minute.reports),
            authors=people(minute.authors),
        )
        revision = incidents.step(facts)
        if revision is not None:
            said.append(revision)
            if revision.stage == "opened":
                known.append(revision.incident.incident_id)
        name = known[-1 - minute.whom] if minute.whom < len(known) else "nobody"
        at = format_ms((NOON + n + 1) * MINUTE_MS + 30_000)
        command = command_of(minute.action, name, at)
        if command is not None and (revision := incidents.tell(command, NOON + n)) is not None:
            said.append(revision)
    return said


@settings(max_examples=100, deadline=None)
@given(_histories)
def test_every_history_is_well_formed(minutes: list[Minute]) -> None:
    incidents = Incidents(_EAGER)
    latest: dict[str, Incident] = {}
    for revision in play(incidents, minutes, 0, []):
        incident = revision.incident
        before = latest.get(incident.incident_id)
        if revision.stage == "opened":
            assert before is None
            assert incident.revision == 1
            theme = incident.grouping.cluster_id
            assert not any(
                one.grouping.cluster_id == theme and one.resolved_at is None
                for one in latest.values()
            )
        else:
            assert before is not None
            follows(before, incident)
        assert incident.status == status_of(incident)
        assert (revision.stage == "resolved") <= (incident.status == "resolved")
        assert incident.acknowledgement is None or incident.status != "resolved"
        assert incident.change_reason
        assert incident.rca.status != "degraded", "a model is asked"
        assert incident.status != "resolved" or incident.rca.status != "pending"
        for hypothesis in incident.rca.hypotheses:
            assert citable(incident).issuperset(hypothesis.evidence_ids)
            assert hypothesis.evidence_ids
        latest[incident.incident_id] = incident
    for theme in ("one", "two"):
        alive = [one for one in latest.values() if one.resolved_at is None]
        assert incidents.is_open(theme) == any(one.grouping.cluster_id == theme for one in alive)


def follows(before: Incident, incident: Incident) -> None:
    """What holds of two revisions in a row."""
    assert incident.revision == before.revision + 1
    assert incident.updated_at >= before.updated_at
    assert _RANK.index(incident.severity) >= _RANK.index(before.severity)
    assert incident.labels == before.labels
    assert incident.incident_key == before.incident_key
    assert incident.evidence[: len(before.evidence)] == before.evidence
    assert len(incident.notes) >= min(20, len(before.notes))
    if before.change_reason.startswith("resolved by"):
        assert incident.status == "resolved", "only counts that rise open it again"


@settings(max_examples=60, deadline=None)
@given(_histories, st.integers(0, 60))
def test_a_restored_lifecycle_goes_on_the_same(minutes: list[Minute], cut: int) -> None:
    whole, before, after = (Incidents(_EAGER) for _ in range(3))
    names: list[str] = []
    play(whole, minutes[:cut], 0, names)
    play(before, minutes[:cut], 0, [])
    after.restore(unpack(pack(before.state())))
    assert pack(after.state()) == pack(before.state())
    expected = play(whole, minutes[cut:], cut, [*names])
    found = play(after, minutes[cut:], cut, [*names])
    assert [(r.stage, encode_incident(r.incident)) for r in found] == [
        (r.stage, encode_incident(r.incident)) for r in expected
    ]
    assert pack(after.state()) == pack(whole.state())
