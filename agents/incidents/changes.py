"""Changes near an onset, the most telling first."""

from collections.abc import Iterable

from agents.incidents.facts import Facts
from agents.incidents.rules import IncidentRules
from schemas.causes import NearChange
from schemas.changes import Change
from schemas.times import MINUTE_MS, format_ms

_SAME_SLICE = 2.0
_SAME_SERVICE = 1.0
_OTHER_SLICE = -1.5
_HALF_LIFE = 30.0
"""Minutes before the onset after which a change counts half."""


def near_changes(facts: Facts, rules: IncidentRules) -> tuple[NearChange, ...]:
    """Changes between `changes_before` and `changes_after` minutes around the onset, ranked.

    Closeness in time decides, helped by a shared attribute value or service and hurt by an
    attribute that contradicts the slice.
    """
    onset = facts.onset_minute
    near = [
        (_rank(change, facts), onset - change.time_ms // MINUTE_MS, change)
        for change in _of_product(facts.changes, facts.product)
        if -rules.changes_after <= onset - change.time_ms // MINUTE_MS <= rules.changes_before
    ]
    near.sort(key=lambda item: (-item[0], abs(item[1]), item[2].id))
    return tuple(
        NearChange(change.id, change.summary, format_ms(change.time_ms), minutes)
        for _, minutes, change in near[: rules.max_changes]
    )


def _of_product(changes: Iterable[Change], product: str) -> Iterable[Change]:
    return (change for change in changes if change.product in ("", product))


def _rank(change: Change, facts: Facts) -> float:
    minutes = abs(facts.onset_minute - change.time_ms // MINUTE_MS)
    rank: float = 2.0 ** (-minutes / _HALF_LIFE)
    if change.product == facts.product:
        rank += 0.25
    if change.service and change.service in facts.services:
        rank += _SAME_SERVICE * facts.services[change.service] / max(facts.count, 1.0)
    for name, value in facts.slice.attributes.items():
        if name in change.attributes:
            rank += _SAME_SLICE if change.attributes[name] == value else _OTHER_SLICE
    return rank
