"""What commands make of an incident: the next revision of it, or None if they change nothing."""

from typing import Any

import msgspec

from agents.incidents.citations import verified
from agents.incidents.compose import end_of
from agents.incidents.lapse import concluded
from schemas.causes import Rca
from schemas.commands import Acknowledge, Command, Explain, Feedback, Note, Relate, Resolve
from schemas.handling import Acknowledgement, Opinions, Remark, Silencing
from schemas.incidents import Incident, Status
from schemas.times import Timestamp

_NOTES = 20
"""The last ones are kept."""
_RELATED = 10
_BEHIND = 24 * 60
"""Minutes that a live stream may be behind the clock, after an outage."""


def dated(command: Command, minute: int) -> Command:
    """The command as of the time of the events; epoch minute `minute` was closed last.

    Where old records are read, the clock of who says it has nothing to do with that of the
    incidents: it counts as said at the end of the closed minute.
    """
    if command.at is None or command.at <= end_of(minute + _BEHIND):
        return command
    return msgspec.structs.replace(command, at=end_of(minute))


def status_of(incident: Incident) -> Status:
    """Over; else silenced; else somebody is on it; else open."""
    if incident.resolved_at is not None:
        return "resolved"
    if incident.silence is not None:
        return "suppressed"
    return "open" if incident.acknowledgement is None else "acknowledged"


def amended(last: Incident, command: Command, reason: str, **changed: Any) -> Incident:
    """The next revision: as the last one, but for what has `changed`."""
    incident = msgspec.structs.replace(
        last,
        revision=last.revision + 1,
        updated_at=_moment(last, command),
        change_reason=reason,
        **changed,
    )
    return msgspec.structs.replace(incident, status=status_of(incident))


def _moment(last: Incident, command: Command) -> Timestamp:
    return max(last.updated_at, command.at or last.updated_at)


def acknowledge(last: Incident, command: Acknowledge, until: Timestamp) -> Incident:
    """Somebody is on it, again maybe."""
    taken = Acknowledgement(command.by, _moment(last, command), until)
    return amended(last, command, f"acknowledged by {command.by}", acknowledgement=taken)


def resolve(last: Incident, command: Resolve) -> Incident:
    """Over, whatever the counts say; the text stays as a note."""
    said = f": {command.text}" if command.text else ""
    return amended(
        concluded(last),
        command,
        f"resolved by {command.by}{said}",
        resolved_at=_moment(last, command),
        notes=_with(last, command, command.text) if command.text else last.notes,
    )


def note(last: Incident, command: Note) -> Incident:
    """One more remark."""
    notes = _with(last, command, command.text)
    return amended(last, command, f"note by {command.by}", notes=notes)


def _with(last: Incident, command: Command, text: str) -> tuple[Remark, ...]:
    return (*last.notes, Remark(command.by, _moment(last, command), text))[-_NOTES:]


def silenced(last: Incident, command: Command, silence: Silencing | None) -> Incident | None:
    """The theme is silent now, or no longer."""
    if silence is None and last.silence is None:
        return None
    what = f"silence ended by {command.by}"
    if silence is not None:
        what = f"silenced by {command.by} until {silence.until}"
    return amended(last, command, what, silence=silence)


def judged(last: Incident, command: Feedback, opinions: Opinions | None) -> Incident:
    """People have said what they think of it."""
    word = "useful" if command.useful else "not useful"
    return amended(last, command, f"{word}, says {command.by}", opinions=opinions)


def explain(last: Incident, command: Explain) -> Incident | None:
    """A model has answered; what it cites is verified here."""
    known = last
    if command.place not in (None, last.slice.attributes):
        # It speaks of the slice that there was when it was asked.
        known = msgspec.structs.replace(
            last, slice=msgspec.structs.replace(last.slice, abstained=True)
        )
    rca = verified(known, command.rca)
    # Only we say that rules have answered, or that a model is being asked.
    if command.rca.status in ("pending", "degraded") or rca == last.rca:
        return None
    return amended(last, command, _answer(rca), rca=rca)


def _answer(rca: Rca) -> str:
    if rca.source == "model" and not (rca.reason or "").startswith("asked again"):
        return "a language model has explained it"
    return f"answer of the language model: {rca.reason or rca.status}"


def relate(last: Incident, command: Relate) -> Incident | None:
    """What it may have to do with others, and which of all is the likely cause."""
    others = {one.incident_id: one for one in command.related}
    others.pop(last.incident_id, None)
    related = tuple(others.values())[:_RELATED]
    ids = tuple(one.incident_id for one in related)
    head = command.head_incident_id
    if head not in (last.incident_id, *ids):
        head = None
    if (related, ids, head) == (last.related, last.related_incident_ids, last.head_incident_id):
        return None
    what = f"related to {len(ids)} other incident{'s'[: len(ids) != 1]}"
    return amended(
        last, command, what, related=related, related_incident_ids=ids, head_incident_id=head
    )
