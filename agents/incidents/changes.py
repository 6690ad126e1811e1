"""Changes near an onset, the most telling first, and whether one of them may be the cause."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from agents.incidents.facts import Facts
from agents.incidents.rules import IncidentRules
from schemas.causes import NearChange
from schemas.changes import Change
from schemas.times import MINUTE_MS, format_ms

SERVICE = "service"
"""What `NearChange.fits` calls the service; the other names in it are attributes."""
_SAME_SLICE = 2.0
_SAME_SERVICE = 1.0
_OTHER_SLICE = -1.5
_ELSEWHERE = -0.5
_HALF_LIFE = 30.0
"""Minutes before the onset after which a change counts half."""
_FITTING_MINUTES = 30
_PLAIN_MINUTES = 15
"""So long before the onset a change may be its cause: one that fits, one that nothing is known of.
"""
_NAMED = 1 / 6
"""Share of the reports that name a service, from which a change of another one is not the cause."""
_LEAST_NAME = 3
"""Characters of a value that is looked for in a summary."""


class Ranked(NamedTuple):
    """Changes near an onset, best first; `cause`: the one that may be claimed as the cause.

    `rivals`: how many others might be claimed as well.
    """

    near: tuple[NearChange, ...]
    cause: NearChange | None = None
    rivals: int = 0


class _Judged(NamedTuple):
    """`targets`: the attributes that the change is limited to; `contradicts`: not this slice."""

    change: Change
    minutes: int
    shared: tuple[str, ...]
    same_service: bool
    targets: frozenset[str]
    contradicts: bool


def near_changes(facts: Facts, rules: IncidentRules) -> Ranked:
    """Changes between `changes_before` and `changes_after` minutes around the onset, ranked.

    Closeness in time decides, helped by a shared attribute value or service and hurt by an
    attribute that contradicts the slice, or by being limited to other readers than the slice.
    """
    judged = [
        one
        for change in _of_product(facts.changes, facts.product)
        if -rules.changes_after <= (one := _judge(change, facts)).minutes <= rules.changes_before
    ]
    judged.sort(key=lambda one: (-_rank(one, facts), abs(one.minutes), one.change.id))
    near = tuple(_near(one) for one in judged[: rules.max_changes])
    listed = zip(judged, near, strict=False)
    causes = [said for one, said in listed if _is_convincing(one, facts)]
    return Ranked(near, causes[0], len(causes) - 1) if causes else Ranked(near)


def _of_product(changes: Iterable[Change], product: str) -> Iterable[Change]:
    return (change for change in changes if change.product in ("", product))


def _near(one: _Judged) -> NearChange:
    change = one.change
    fits = (*one.shared, *((SERVICE,) if one.same_service else ()))
    return NearChange(change.id, change.summary, format_ms(change.time_ms), one.minutes, fits)


def _judge(change: Change, facts: Facts) -> _Judged:
    place = facts.slice.attributes
    limits = {name: change.attributes[name] for name in facts.names if name in change.attributes}
    shared = tuple(
        name
        for name, value in sorted(place.items())
        if (limits[name] == value if name in limits else _is_named(value, change.summary))
    )
    return _Judged(
        change,
        facts.onset_minute - change.time_ms // MINUTE_MS,
        shared,
        bool(change.service) and change.service in facts.services,
        frozenset(limits),
        any(place.get(name, value) != value for name, value in limits.items()),
    )


def _is_named(value: str, summary: str) -> bool:
    """Does the summary hold the value as a word? 7.2.0 stands in v7.2.0 and not in 17.2.0."""
    if len(value) < _LEAST_NAME:
        return False
    word = rf"(?<![^\W_v])(?<!\d\.){re.escape(value)}(?!\w|\.\d)"
    return re.search(word, summary, re.IGNORECASE) is not None


def _rank(one: _Judged, facts: Facts) -> float:
    rank: float = 2.0 ** (-abs(one.minutes) / _HALF_LIFE)
    if one.change.product == facts.product:
        rank += 0.25
    if one.same_service:
        rank += _SAME_SERVICE * facts.services[one.change.service] / max(facts.count, 1.0)
    rank += _SAME_SLICE * len(one.shared)
    if one.contradicts:
        rank += _OTHER_SLICE
    elif one.targets and not one.shared and not facts.slice.abstained:
        rank += _ELSEWHERE
    return rank


def _is_convincing(one: _Judged, facts: Facts) -> bool:
    """Whether a change may be claimed as the cause; otherwise it is listed and no more.

    It came before the onset. If it is limited to some readers, it shares an attribute with the
    slice and contradicts none, and half an hour is near enough. If it is not, half an hour is near
    enough for a service that the reports name, or half of that if it hits a slice only. Where the
    reports hardly name a service, a quarter of an hour will do, unless it hits a slice only.
    """
    if one.contradicts or not 0 <= one.minutes <= _FITTING_MINUTES:
        return False
    if one.shared:
        return True
    if one.targets:
        return False
    if one.same_service:
        return facts.slice.abstained or one.minutes <= _PLAIN_MINUTES
    hardly = all(n < _NAMED * facts.count for name, n in facts.services.items() if name)
    unknown = hardly or not one.change.service
    return facts.slice.abstained and unknown and one.minutes <= _PLAIN_MINUTES
