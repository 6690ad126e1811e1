"""Incidents of a product that are over, to be named when another one is like them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from agents.incidents.categories import OTHER
from schemas.causes import PastIncident
from schemas.incidents import Incident
from schemas.times import Timestamp
from windows.texts import clean

KEPT = 50
MOST = 3
LEAST = 0.35
_TERMS, _SLICE, _CATEGORY, _SERVICE = 0.5, 0.2, 0.15, 0.15
_SAME_NAMES = 0.5
"""What a slice of the same attributes with other values is worth: the next version, say."""
_RESOLUTION = 300


class Likeness(NamedTuple):
    """What is compared of an incident; `service` empty: not known."""

    cluster_id: str
    terms: Sequence[str]
    attributes: dict[str, str]
    category: str
    service: str


class _Ended(msgspec.Struct, frozen=True):
    id: str
    title: str
    opened_at: Timestamp
    resolved_at: Timestamp
    resolution: str
    cluster_id: str
    terms: tuple[str, ...]
    attributes: dict[str, str]
    category: str
    service: str

    @property
    def likeness(self) -> Likeness:
        return Likeness(self.cluster_id, self.terms, self.attributes, self.category, self.service)


class Past:
    """The last resolved incidents of one product."""

    def __init__(self) -> None:
        self._ended: dict[str, _Ended] = {}

    def __len__(self) -> int:
        return len(self._ended)

    def learn(self, incident: Incident) -> None:
        """Take a resolved incident; again, if people have said more of it since."""
        if incident.resolved_at is None:
            return
        # What was said at the resolve ended it; else the last word of all is the best there is.
        at_the_end = [note for note in incident.notes if note.at == incident.resolved_at]
        words = [note.text for note in at_the_end or incident.notes]
        said = words[-1] if words else ""
        self._ended.pop(incident.incident_id, None)
        self._ended[incident.incident_id] = _Ended(
            incident.incident_id,
            incident.title,
            incident.opened_at,
            incident.resolved_at,
            clean(said)[:_RESOLUTION],
            incident.grouping.cluster_id,
            incident.grouping.terms,
            incident.slice.attributes,
            incident.rca.category,
            incident.service or "",
        )
        if len(self._ended) > KEPT:
            del self._ended[next(iter(self._ended))]

    def forget(self, incident_id: str) -> None:
        """One that is open again is not past."""
        self._ended.pop(incident_id, None)

    def merge(self, into: str, gone: str) -> None:
        """Theme `gone` is part of `into`."""
        self._ended = {
            name: msgspec.structs.replace(one, cluster_id=into) if one.cluster_id == gone else one
            for name, one in self._ended.items()
        }

    def like(self, one: Likeness, but: str) -> tuple[PastIncident, ...]:
        """Those most like an incident, the latest of equals first; `but`: its own id."""
        found = [
            (round(similarity(one, ended.likeness), 2), place, ended)
            for place, ended in enumerate(self._ended.values())
            if ended.id != but
        ]
        found.sort(key=lambda entry: entry[:2], reverse=True)
        return tuple(
            PastIncident(
                ended.id,
                ended.title,
                ended.opened_at,
                ended.resolved_at,
                alike,
                ended.resolution,
            )
            for alike, _, ended in found[:MOST]
            if alike >= LEAST
        )

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [msgspec.to_builtins(ended) for ended in self._ended.values()]

    def restore(self, state: object) -> None:
        """Take over what `state` gave."""
        self._ended = {one.id: one for one in msgspec.convert(state, list[_Ended])}


def similarity(one: Likeness, other: Likeness) -> float:
    """How alike two incidents of a product are, from 0 to 1.

    .5 terms + .2 slice + .15 category + .15 service. Terms: 1 for the same theme, else weighted
    Jaccard with weight 1 / rank. Slice: equal attributes over all of both, one with another value
    counting half; 0 if neither has a slice. Category and service: 1 if both are known and equal.
    """
    terms = 1.0 if one.cluster_id == other.cluster_id else _overlap(one.terms, other.terms)
    same = one.category == other.category != OTHER
    return (
        _TERMS * terms
        + _SLICE * _same_readers(one.attributes, other.attributes)
        + _CATEGORY * same
        + _SERVICE * (one.service == other.service != "")
    )


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    weights, others = ({term: 1 / n for n, term in enumerate(ts, 1)} for ts in (one, other))
    every = weights.keys() | others.keys()
    largest = sum(max(weights.get(t, 0.0), others.get(t, 0.0)) for t in sorted(every))
    smallest = sum(min(weights[t], others[t]) for t in sorted(weights.keys() & others.keys()))
    return smallest / largest if largest else 0.0


def _same_readers(one: dict[str, str], other: dict[str, str]) -> float:
    names = one.keys() | other.keys()
    both = one.keys() & other.keys()
    worth = sum(1.0 if one[name] == other[name] else _SAME_NAMES for name in both)
    return worth / len(names) if names else 0.0
