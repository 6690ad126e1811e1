"""Whether the fields of an item that was found are those of its fact."""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.records import Item
from streams.evaluation.record_matching import Match
from streams.evaluation.record_sets import Fact, plain

_MARKS = re.compile(r"[\s，。、；：,.;:()（）“”\"']+")
_OVER = frozenset({"past", "resolved"})


class Field(NamedTuple):
    """One that is judged. `loose`: one may say more words than the other.

    `only_told`: judged where the fact has it, for a reader may know more than the line.
    """

    kind: str
    key: str
    measure: str
    loose: bool = False
    only_told: bool = False


FIELDS = (
    Field("diagnosis", "time", "time", only_told=True),
    Field("diagnosis", "course", "over or not"),
    Field("result", "interpretation", "interpretation"),
    Field("medication", "dose", "dose"),
    Field("medication", "route", "route"),
    Field("medication", "frequency", "frequency"),
    Field("medication", "change", "change"),
    Field("medication", "before", "before", loose=True),
    Field("medication", "reason", "reason", loose=True),
    Field("allergy", "reaction", "reaction", loose=True),
    Field("precaution", "due_days", "days until due"),
    Field("family", "relative", "relative", loose=True, only_told=True),
)


def is_said(field: Field, found: Match) -> bool | None:
    """Whether any mention says what the fact says; None: neither says anything.

    What the fact does not say no mention may make up.
    """
    wanted = found.fact.fields.get(field.key, "")
    given = [value for item in found.items if (value := _given(item, field.key))]
    if field.key == "course":
        return (wanted in _OVER) == (given[0] in _OVER)
    if field.key == "interpretation":
        return (wanted or "N") == (given[0] if given else "N")
    if not wanted:
        return False if given and not field.only_told else None
    if field.key == "due_days":
        return any(_same_days(int(wanted), int(value)) for value in given)
    return any(_same(wanted, value, loose=field.loose) for value in given)


def is_told(fact: Fact) -> bool:
    """Whether it is counted as found: no optional one, and no normal result."""
    normal = fact.kind == "result" and fact.fields.get("interpretation", "N") == "N"
    return not fact.optional and not normal


def _given(item: Item, key: str) -> str:
    value = getattr(item, key)
    return "" if value is None else str(value)


def _same_days(one: int, other: int) -> bool:
    """A month may have 30 or 31 days, a year 360 or 365."""
    return abs(one - other) <= (0 if one < 28 else max(1, 0.03 * one))


def _same(one: str, other: str, *, loose: bool) -> bool:
    if not loose:
        return plain(one) == plain(other)
    one, other = (_MARKS.sub("", plain(words)) for words in (one, other))
    return bool(one and other) and (one in other or other in one)
