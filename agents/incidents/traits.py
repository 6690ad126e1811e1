"""What an incident may have in common with another one, and what two of them do share."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from schemas.incidents import Incident, SliceCandidate
from schemas.times import MINUTE_MS, parse_ms

Share: TypeAlias = Literal["time", "slice", "terms", "change"]
Value: TypeAlias = tuple[str, str]

NEAR_MS = 15 * MINUTE_MS
"""Onsets no further apart share time."""
LINGERS_MS = 60 * MINUTE_MS
"""So long after its end an incident may still be related to one that opens."""
_RARE = 0.3
"""A value that more of all events have says nothing."""
_ALIKE = 0.5
"""Least share of the weight of the shorter list of terms that both lists have."""
_LEAST_TERMS = 2
_WORD = re.compile(r"[^\W\d_]{3,}")
_TEMPLATES = 3


@dataclass(frozen=True)
class Traits:
    """Of one incident. `usual`: the share of all events that has these values, where it is known.

    `terms`: what people or logs say, one set for the incident and one for each log template that
    rose with it. `leading` is the nearest change; `explained`: that change came before the onset
    and fits the incident. `log`: most of the reports are log lines.
    """

    product: str
    onset_ms: int
    opened_ms: int
    resolved_ms: int | None
    values: frozenset[Value]
    usual: dict[frozenset[Value], float]
    terms: tuple[frozenset[str], ...]
    changes: frozenset[str]
    leading: str | None
    explained: bool
    log: bool

    def rare_values(self) -> Iterator[Value]:
        """Those that may link it to others, as far as it knows by itself."""
        for value in self.values:
            if self.usual.get(frozenset((value,)), 0.0) <= _RARE:
                yield value


def traits_of(incident: Incident) -> Traits:
    """Raises ValueError for a time that does not exist."""
    first = incident.changes[0] if incident.changes else None
    place = incident.slice
    logged = incident.channels.get("log", 0)
    return Traits(
        product=incident.product,
        onset_ms=parse_ms(incident.onset.estimate),
        opened_ms=parse_ms(incident.opened_at),
        resolved_ms=parse_ms(incident.resolved_at) if incident.resolved_at else None,
        values=frozenset(() if place.abstained else place.attributes.items()),
        usual=dict(_usual(incident)),
        terms=tuple(_terms(incident)),
        changes=frozenset(change.id for change in incident.changes),
        leading=first.id if first else None,
        explained=first is not None and first.minutes_before_onset >= 0 and bool(first.fits),
        log=2 * logged > sum(incident.channels.values()),
    )


def _usual(incident: Incident) -> Iterator[tuple[frozenset[Value], float]]:
    place = incident.slice
    whole = SliceCandidate(place.attributes, place.share, place.lift)
    for known in (*place.candidates, whole):
        if known.lift > 0:
            yield frozenset(known.attributes.items()), known.share / known.lift


def _terms(incident: Incident) -> Iterator[frozenset[str]]:
    yield frozenset(incident.grouping.terms)
    for risen in incident.risen[:_TEMPLATES]:
        yield frozenset(_WORD.findall(risen.template.lower()))


def shared(one: Traits, other: Traits, weight: Callable[[str], float]) -> tuple[Share, ...]:
    """What relates two incidents, empty if that is not enough.

    A change that both have is enough if it is the nearest of both, or if they share time too.
    Time alone is enough within a product; across products it takes a rare slice value or terms as
    well. `weight` of a term: the rarer, the more.
    """
    near = abs(one.onset_ms - other.onset_ms) <= NEAR_MS
    nearest = one.leading is not None and one.leading == other.leading
    if not near:
        return ("change",) if nearest else ()
    found: list[Share] = ["time"]
    if one.values & other.values and _is_rare(one, other):
        found.append("slice")
    if any(_alike(mine, theirs, weight) for mine in one.terms for theirs in other.terms):
        found.append("terms")
    if one.changes & other.changes:
        found.append("change")
    enough = len(found) > 1 or one.product == other.product
    return tuple(found) if enough else ()


def _is_rare(one: Traits, other: Traits) -> bool:
    """Whether not everybody has what they have in common; unknown to both is not enough."""
    common = one.values & other.values
    for part in (common, *(frozenset((value,)) for value in common)):
        known = [traits.usual[part] for traits in (one, other) if part in traits.usual]
        if known and max(known) <= _RARE:
            return True
    return False


def _alike(mine: frozenset[str], theirs: frozenset[str], weight: Callable[[str], float]) -> bool:
    common = mine & theirs
    if len(common) < _LEAST_TERMS:
        return False
    whole = min(_sum(mine, weight), _sum(theirs, weight))
    return _sum(common, weight) >= _ALIKE * whole


def _sum(terms: Iterable[str], weight: Callable[[str], float]) -> float:
    # Sorted, so that the order of a set changes nothing in the last digit.
    return sum(weight(term) for term in sorted(terms))
