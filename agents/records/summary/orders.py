"""Which advice is still open: an order until it is done, whoever was seen in the meantime."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.records.folding import fold
from agents.records.summary.checks import Asked, asked, department
from agents.records.summary.dates import after, between
from agents.records.summary.deeds import Deed
from agents.records.summary.facts import Facts, Said
from agents.records.summary.relations import Relations, key
from schemas.records import DateText, Precaution

if TYPE_CHECKING:
    from agents.records.pack import Pack

_KEPT_DAYS = 365
"""Advice without a time is not shown any more when it is this old."""
_EARLY = 0.2
"""Of the time: a visit this much early is the one that was meant."""
_TOO_EARLY = 0.5
"""Of the time: what is done before is told of the check before, not of the one that is ordered."""


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """Advice; `asked`: what of it is still to be checked, empty if it names no check.

    `place`: the department to come to, empty if none is known.
    """

    said: Said[Precaution]
    asked: tuple[Asked, ...]
    place: str


def due(said: Said[Precaution]) -> DateText:
    """The day on which it falls due; empty if it has none."""
    days = said.item.due_days
    return "" if days is None else after(said.date, days)


def open_orders(facts: Facts, told: tuple[Deed, ...], pack: Pack) -> tuple[Order, ...]:
    """The newest first, each once. A check is open until it is done, as told, or ordered anew.

    What names no check is answered by a visit to the same department at about its time.
    """
    newer: list[Order] = []
    known: dict[str, tuple[Asked, ...]] = {}
    kept: dict[tuple[str, str], Order] = {}
    for said in reversed(facts.precautions):
        if not due(said):
            if _is_heeded(said, facts, pack.relations):
                kept.setdefault((key(said.item), ""), Order(said, (), ""))
            continue
        name = said.item.name
        wanted = known[name] = known[name] if name in known else asked(name, pack)
        place = department(said.item.name) or said.document.department
        order = Order(said, wanted, place)
        left = tuple(_left(order, newer, facts, told))
        if left or (not wanted and not _is_answered(order, newer, facts)):
            where = "" if wanted else fold(place)
            kept.setdefault((key(said.item), where), Order(said, left, place))
        newer.append(order)
    return tuple(sorted(kept.values(), key=lambda one: (-one.said.visit, one.said.at[1])))


def _is_heeded(one: Said[Precaution], facts: Facts, relations: Relations) -> bool:
    """Of advice without a day, by its age."""
    standing = any(word in fold(one.item.name) for word in relations.standing)
    days = between(one.date, facts.last_visit)
    return (standing and one.item.due_days is None) or days is None or days <= _KEPT_DAYS


def _left(
    order: Order, newer: list[Order], facts: Facts, told: tuple[Deed, ...]
) -> Iterator[Asked]:
    """What of an order is neither ordered anew later nor done."""
    for one in order.asked:
        again = any(
            one.is_same(other)
            for later in newer
            if later.said.date > order.said.date
            for other in later.asked
        )
        if not again and not _is_done(one, order, facts, told):
            yield one


def _is_done(one: Asked, order: Order, facts: Facts, told: tuple[Deed, ...]) -> bool:
    said = order.said
    measured = (
        result.item.time or result.date
        for result in facts.results
        if result.date > said.date
        and (result.item.term in one.tests or one.is_in(fold(result.item.name)))
    )
    if any(_is_time(said, day, _TOO_EARLY) for day in measured):
        return True
    return any(
        _is_time(said, deed.day(one.words[0]), _TOO_EARLY)
        for deed in told
        if deed.date > said.date
        and one.is_in(deed.text)
        and (not one.vague or _is_same(order.place, deed.document.department))
    )


def _is_answered(order: Order, newer: list[Order], facts: Facts) -> bool:
    """Whether a visit was the one that was meant, or ordered the next one."""
    said = order.said
    if any(
        later.said.date > said.date and not later.asked and _is_same(order.place, later.place)
        for later in newer
    ):
        return True
    strangers = {one.document.id for one in facts.strangers if one.named}
    return any(
        _is_same(order.place, document.department) and _is_time(said, document.date, _EARLY)
        for document in facts.documents
        if document.id not in strangers
    )


def _is_time(said: Said[Precaution], day: DateText, early: float) -> bool:
    """Whether a day is later than the order, and no more than that part of its time too early."""
    days = between(said.date, day)
    return days is not None and 0 < days >= (said.item.due_days or 0) * (1 - early)


def _is_same(place: str, other: str) -> bool:
    """Whether two departments may be one, also for short (心内科); without a name it may be any."""
    short, long = sorted((fold(place), fold(other)), key=len)
    rest = iter(long)
    return all(sign in rest for sign in short)
