"""What changed, and from what."""

from __future__ import annotations

import re
from typing import Literal, get_args

from schemas.records import Change

Direction = Literal["increase", "decrease", ""]

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s?([^\d/\s]+)")
_GRAMS = {
    "mg": 1e-3,
    "毫克": 1e-3,
    "g": 1.0,
    "克": 1.0,
    "μg": 1e-6,
    "ug": 1e-6,
    "mcg": 1e-6,
    "微克": 1e-6,
}
_A_DAY = {
    "qd": 1.0,
    "qn": 1.0,
    "bid": 2.0,
    "tid": 3.0,
    "qid": 4.0,
    "qod": 0.5,
    "q12h": 2.0,
    "q8h": 3.0,
    "q6h": 4.0,
    "biw": 2 / 7,
    "tiw": 3 / 7,
    "qw": 1 / 7,
    "q2w": 1 / 14,
    "q3w": 1 / 21,
    "q4w": 1 / 28,
}
_CHANGES: dict[str, Change] = {one: one for one in get_args(Change)}


def amount(dose: str, frequency: str) -> float | None:
    """Of a day, in grams, units or pieces; None if the dose has no number."""
    found = _NUMBER.match(dose.lower())
    if found is None:
        return None
    return float(found[1]) * _GRAMS.get(found[2], 1.0) * _A_DAY.get(frequency, 1.0)


def direction(before: tuple[str, str], after: tuple[str, str]) -> Direction:
    """Whether a day's amount grew; what is said of one alone holds for both."""
    old = amount(before[0], before[1] or after[1])
    new = amount(after[0] or before[0], after[1] or before[1])
    if old is None or new is None or old == new:
        return ""
    return "increase" if new > old else "decrease"


def known(meaning: str) -> Change:
    """A change of the schema, from the table's word; none for words that are of the dose."""
    return _CHANGES.get(meaning, "")
