"""What a revision that follows from counts takes over from the one before it."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from agents.incidents.lapse import awaiting
from schemas.causes import SLICE_ID, NearChange, PastIncident
from schemas.incidents import Incident

_Named = TypeVar("_Named", bound=NearChange | PastIncident)


def carried(fresh: Incident, last: Incident, *, model: bool) -> Incident:
    """The facts of `fresh`, with what people and others have said until `last`.

    `model`: a language model is asked, so that `last` says what became of it.
    """
    return msgspec.structs.replace(
        fresh,
        updated_at=max(fresh.updated_at, last.updated_at),
        acknowledgement=last.acknowledgement,
        notes=last.notes,
        related=last.related,
        related_incident_ids=last.related_incident_ids,
        head_incident_id=last.head_incident_id,
        **_cause(fresh, last, model=model),
    )


def _cause(fresh: Incident, last: Incident, *, model: bool) -> dict[str, Any]:
    said = last.rca
    if said.source == "model" and fresh.slice.attributes != last.slice.attributes:
        # What it said of the readers it was told of is not said of these.
        kept = tuple(one for one in said.hypotheses if SLICE_ID not in one.evidence_ids)
        if not kept:
            return {"rca": awaiting(fresh).rca} if model else {}
        said = msgspec.structs.replace(said, hypotheses=kept)
    if said.source == "model":
        # What it cites stays, under the same ids.
        cited = {one for hypothesis in said.hypotheses for one in hypothesis.evidence_ids}
        return {
            "rca": said,
            "risen": last.risen,
            "changes": _keeping(fresh.changes, last.changes, cited),
            "past": _keeping(fresh.past, last.past, cited),
        }
    if model or said.status != "degraded":
        return {"rca": msgspec.structs.replace(fresh.rca, status=said.status, reason=said.reason)}
    return {}


def _keeping(
    fresh: Sequence[_Named], last: Sequence[_Named], cited: set[str]
) -> tuple[_Named, ...]:
    there = {item.id for item in fresh}
    return (*fresh, *(item for item in last if item.id in cited and item.id not in there))
