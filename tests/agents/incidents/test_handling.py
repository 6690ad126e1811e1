from typing import Any

import pytest
from msgspec.structs import replace

from agents.incidents.handling import dated
from schemas.causes import SLICE_ID, Hypothesis, Rca
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
from schemas.handling import Remark
from schemas.incidents import Incident, Related, Stage
from schemas.times import MINUTE_MS, format_ms
from tests.agents.incidents.made import (
    NOON,
    RULES,
    VERSION,
    calm,
    opened,
    outbreak,
    people,
    quiet_until,
)
from tests.agents.incidents.made import told as tell


def at(minutes: float) -> str:
    """So long after the minute of the opening has ended."""
    return format_ms(round((NOON + 1 + minutes) * MINUTE_MS))


def said(incident: Incident, kind: type[Any], by: str = "ana", **fields: Any) -> Command:
    command: Command = kind(incident_id=incident.incident_id, by=by, at=at(0.5), **fields)
    return command


def test_an_acknowledgement_says_who_and_until_when() -> None:
    incidents, first = opened()
    revision = incidents.tell(said(first, Acknowledge), NOON + 2)
    assert revision is not None
    incident = revision.incident
    assert (revision.stage, incident.status, incident.revision) == (
        "acknowledged", "acknowledged", 2,
    )  # fmt: skip
    taken = incident.acknowledgement
    assert taken is not None
    assert (taken.by, taken.at, taken.until) == ("ana", at(0.5), at(2 + RULES.ack_minutes))
    assert incident.change_reason == "acknowledged by ana"
    again = tell(incidents, said(first, Acknowledge, by="bo"), after=30).acknowledgement
    assert again is not None
    assert (again.by, again.until) == ("bo", at(30 + RULES.ack_minutes))


def test_a_command_changes_nothing_but_what_it_says() -> None:
    incidents, first = opened()
    incident = tell(incidents, said(first, Note, text="look at the gateway"))
    before = {name: getattr(first, name) for name in first.__struct_fields__}
    now = {name: getattr(incident, name) for name in first.__struct_fields__}
    changed = {name for name in before if before[name] != now[name]}
    assert changed == {"revision", "updated_at", "change_reason", "notes"}


def test_time_never_goes_back() -> None:
    incidents, first = opened()
    early = Note(incident_id=first.incident_id, by="ana", at=at(-9), text="before")
    assert tell(incidents, early).updated_at == first.updated_at
    late = Note(incident_id=first.incident_id, by="ana", at=at(99), text="after")
    assert tell(incidents, late).updated_at == at(99)
    update = incidents.step(outbreak(5, count=100.0))
    assert update is not None
    assert update.incident.updated_at == at(99)


def test_where_old_records_are_read_a_command_has_their_time() -> None:
    live = Note(incident_id="one", by="ana", at=at(1440), text="behind for a day")
    assert dated(live, NOON) is live
    assert dated(replace(live, at=None), NOON).at is None
    assert dated(replace(live, at=at(1441)), NOON) == replace(live, at=at(0))


def test_a_resolve_ends_it_at_once_and_keeps_what_ended_it() -> None:
    incidents, first = opened()
    tell(incidents, said(first, Acknowledge))
    revision = incidents.tell(said(first, Resolve, text="rolled 7.2.0 back"), NOON + 3)
    assert revision is not None
    incident = revision.incident
    assert (revision.stage, incident.status, incident.revision) == ("resolved", "resolved", 3)
    assert incident.resolved_at == incident.updated_at == at(0.5)
    assert incident.acknowledgement is None
    assert incident.notes == (Remark("ana", at(0.5), "rolled 7.2.0 back"),)
    assert incident.change_reason == "resolved by ana: rolled 7.2.0 back"
    assert not incidents.is_open("abcdef")


def test_the_last_twenty_notes_are_kept() -> None:
    incidents, first = opened()
    for n in range(23):
        incident = tell(incidents, said(first, Note, text=f"note {n}"))
    assert [note.text for note in incident.notes] == [f"note {n}" for n in range(3, 23)]
    assert incident.revision == 24


def test_a_silence_suppresses_and_says_everything_all_the_same() -> None:
    incidents, first = opened()
    incident = tell(incidents, said(first, Silence, minutes=30), after=1)
    assert incident.status == "suppressed"
    assert incident.silence is not None
    assert incident.silence.until == at(31)
    update = incidents.step(outbreak(5, count=100.0))
    assert update is not None
    assert (update.stage, update.incident.status) == ("updated", "suppressed")
    taken = tell(incidents, said(first, Acknowledge), after=6)
    assert taken.status == "suppressed"
    spoken = tell(incidents, said(first, Silence, by="bo", minutes=0), after=7)
    assert (spoken.status, spoken.silence) == ("acknowledged", None)
    assert spoken.change_reason == "silence ended by bo"
    assert incidents.tell(said(first, Silence, minutes=0), NOON + 8) is None


def test_what_opens_in_the_silence_of_its_theme_is_suppressed() -> None:
    incidents, first = opened()
    tell(incidents, said(first, Silence, minutes=120))
    quiet_until(incidents, 15)
    again = incidents.step(outbreak(40))
    assert again is not None
    assert (again.stage, again.incident.status) == ("opened", "suppressed")
    other = incidents.step(outbreak(40, cluster_id="other"))
    assert other is not None
    assert other.incident.status == "open"


def test_feedback_stays_with_the_theme() -> None:
    incidents, first = opened()
    incident = tell(incidents, said(first, Feedback, useful=False))
    assert incident.opinions is not None
    assert (incident.opinions.not_useful, incident.opinions.factor) == (1, 1.25)
    assert incident.change_reason == "not useful, says ana"
    assert incidents.factor_of("abcdef") == 1.25
    assert quiet_until(incidents, 15).opinions == incident.opinions
    again = incidents.step(outbreak(60))
    assert again is not None
    assert again.incident.opinions == incident.opinions


def test_who_is_related_is_taken_over_and_it_is_never_itself() -> None:
    incidents, first = opened()
    me = Related(first.incident_id, "wallet", "it is me", ("time",))
    others = tuple(Related(f"i{n}", "video", "slow", ("time", "slice")) for n in range(12))
    command = said(first, Relate, related=(me, *others, others[0]), head_incident_id="i3")
    incident = tell(incidents, command)
    assert incident.related == others[:10]
    assert incident.related_incident_ids == tuple(f"i{n}" for n in range(10))
    assert incident.head_incident_id == "i3"
    assert incident.change_reason == "related to 10 other incidents"
    assert incidents.tell(command, NOON) is None, "nothing new"
    update = incidents.step(outbreak(5, count=100.0))
    assert update is not None
    assert update.incident.related == incident.related
    assert update.incident.head_incident_id == "i3"
    unknown = said(first, Relate, related=others[:1], head_incident_id="i9")
    assert tell(incidents, unknown).head_incident_id is None


@pytest.mark.parametrize("kind", [Acknowledge, Resolve])
def test_an_unknown_incident_is_ignored(kind: type[Any]) -> None:
    incidents, _ = opened()
    before = incidents.state()
    assert incidents.tell(kind(incident_id="nobody", by="ana"), NOON) is None
    assert incidents.state() == before


@pytest.mark.parametrize(
    ("kind", "fields", "stage"),
    [
        (Acknowledge, {}, None),
        (Resolve, {}, None),
        (Note, {"text": "it was DNS"}, "updated"),
        (Feedback, {"useful": True}, "updated"),
        (Silence, {"minutes": 60}, "updated"),
    ],
)
def test_what_a_resolved_one_can_still_be_told(
    kind: type[Any], fields: dict[str, Any], stage: Stage | None
) -> None:
    incidents, first = opened()
    quiet_until(incidents, 15)
    revision = incidents.tell(said(first, kind, **fields), NOON + 15 + 1440)
    assert (revision.stage if revision else None) == stage
    if revision is not None:
        assert (revision.incident.status, revision.incident.revision) == ("resolved", 3)
    assert incidents.tell(said(first, kind, **fields), NOON + 15 + 1441) is None
    # The theme is known for longer.
    assert (incidents.factor_of("abcdef") == 1) == (kind is not Feedback)


@pytest.mark.parametrize("status", ["pending", "degraded"])
def test_what_no_model_says_is_no_answer(status: Any) -> None:
    incidents, first = opened()
    rca = replace(first.rca, status=status, reason="another")
    assert incidents.tell(said(first, Explain, rca=rca), NOON) is None


def test_an_answer_about_another_slice_cites_nothing() -> None:
    one = Hypothesis("the release broke it", "release", "medium", (SLICE_ID,))
    answer = Rca("ok", "model", (one,), ("roll back",), None)
    for place, source in (
        ({"version": "0.0.1"}, "rules"),
        ({}, "rules"),
        (VERSION.attributes, "model"),
        (None, "model"),
    ):
        incidents, first = opened(slice=VERSION)
        revision = incidents.tell(said(first, Explain, rca=answer, place=place), NOON)
        assert revision is not None
        assert revision.incident.rca.source == source
        assert revision.incident.slice == VERSION


def test_what_was_told_stands_in_what_is_counted() -> None:
    incidents, first = opened(authors=people(30))
    tell(incidents, said(first, Note, text="look"))
    tell(incidents, said(first, Acknowledge))
    update = incidents.step(outbreak(5, count=100.0))
    assert update is not None
    assert (update.incident.status, update.incident.revision) == ("acknowledged", 4)
    assert [note.text for note in update.incident.notes] == ["look"]
    # A command is no word of the counts: the next update is five minutes after the last one.
    tell(incidents, said(first, Note, text="again"), after=9)
    assert incidents.step(outbreak(10, count=300.0)) is not None


def test_a_calm_lifecycle_is_not_disturbed_by_commands() -> None:
    incidents, first = opened()
    for n in range(1, 15):
        assert incidents.step(calm(n)) is None
        tell(incidents, said(first, Note, text=f"still here {n}"), after=n)
    end = incidents.step(calm(15))
    assert end is not None
    assert (end.stage, end.incident.revision) == ("resolved", 16)
