"""What time alone, or its end, changes in an incident."""

import msgspec

from schemas.handling import Silencing
from schemas.incidents import Incident
from schemas.times import Timestamp

PENDING = "rules only, until the language model answers"
UNANSWERED = "it was over before the language model answered"


def awaiting(incident: Incident) -> Incident:
    """The same, with a language model being asked."""
    rca = msgspec.structs.replace(incident.rca, status="pending", reason=PENDING)
    return msgspec.structs.replace(incident, rca=rca)


def concluded(incident: Incident) -> Incident:
    """The same once it is resolved: nobody is on it, and no answer is waited for."""
    rca = incident.rca
    if rca.status == "pending":
        rca = msgspec.structs.replace(rca, status="failed", reason=UNANSWERED)
    return msgspec.structs.replace(incident, acknowledgement=None, rca=rca)


def lapsed(
    last: Incident, now: Timestamp, silence: Silencing | None, patience: int | None
) -> tuple[Incident, list[str]]:
    """What is left of the last revision, and what has ended since, in words.

    `silence`: that of the theme now. `patience`: the minutes that a language model had to answer,
    None if they are not over.
    """
    reasons = []
    if silence is None and last.silence is not None:
        reasons.append(f"silence by {last.silence.by} ended")
    elif silence is not None and silence != last.silence:
        reasons.append(f"silenced by {silence.by} until {silence.until}")
    taken = last.acknowledgement
    if taken is not None and taken.until <= now:
        reasons.append(f"the acknowledgement of {taken.by} timed out")
        last = msgspec.structs.replace(last, acknowledgement=None)
    if last.rca.status == "pending" and patience is not None:
        reasons.append(f"no answer from the model within {patience} minutes")
        rca = msgspec.structs.replace(last.rca, status="failed", reason=reasons[-1])
        last = msgspec.structs.replace(last, rca=rca)
    return last, reasons
