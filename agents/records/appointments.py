"""When something is due that an English clause tells, in days after the note."""

from __future__ import annotations

import re

from agents.records.times import day_of
from schemas.records import DateText

_NUMBER = (
    r"(?:\b|(?<=\bq))(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|a few"
    r"|a couple of|an?(?=\s\w{2}))"
)
_UNIT = (
    r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|wk|w|months?|mths?|mo|years?|yrs?|weekly|monthly"
    r"|yearly)\b"
)
_SPAN = rf"{_NUMBER}(?:\s?(?:-|–|to|or)\s?{_NUMBER})?[\s-]?{_UNIT}"
_SLASHED = r"\d{1,2}(?:\s?-\s?\d{1,2})?\s?/\s?(?:7|52|12)\b"
_WEEKDAY = (
    r"\b(?:on |this |next |by )?(?:mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thur?s?(?:day)?"
    r"|fri(?:day)?|saturday|sunday)\b"
)
TIME = (
    rf"(?:\b{_SPAN}|(?<![\d/])\b{_SLASHED}|\b(?:tomorrow|tonight|next (?:week|month|year)|annually"
    rf"|yearly|monthly|weekly|fortnightly|every (?:week|month|year|fortnight)|{_WEEKDAY}))"
)
"""Of a clause, as a pattern: a time at which something is due."""
_IN = re.compile(
    r"(?P<to>\b(?:in|within|after|at|every)\s+)?"
    r"(?P<for>\b(?:for|x|over|last|past|lasts?|up to|at least|more than|>|<|over the)\s+)?"
    rf"(?:(?P<number>{_NUMBER})(?:\s?(?:-|–|to|or)\s?{_NUMBER})?[\s-]?(?P<unit>{_UNIT})"
    r"|(?<![\d/])(?P<many>\d{1,2})(?:\s?-\s?\d{1,2})?\s?/\s?(?P<of>7|52|12)\b)"
    r"(?P<else>\s(?:pre|post|before|after|prior|gest|old|each|a day|per|ago)\b)?"
)
_CONDITION = re.compile(
    r"^if\b[^,]*|\b(?:if|when|unless|until|with (?:any|worsening|new|a temperature)|or sooner"
    r"|for (?:any|worsening))\b.*"
)
"""Under which something is done: its times are no appointment."""
_DAY = re.compile(_WEEKDAY)
_SOON = (
    (re.compile(r"\btomorrow\b"), 1),
    (re.compile(r"\bnext week\b"), 7),
    (re.compile(r"\b(?<![\d-] )(?<!\d-)weekly\b"), 7),
    (re.compile(r"\bfortnightly\b|\bin a fortnight\b"), 14),
    (re.compile(r"\bnext month\b|\bmonthly\b|\bevery month\b"), 30),
    (re.compile(r"\bannual(?:ly)?\b|\byearly\b|\bnext year\b|\bevery year\b"), 365),
)
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "a few": 3, "a couple of": 2,
}  # fmt: skip
_UNITS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.0, "y": 365.0}
_SLASHES = {"7": 1.0, "52": 7.0, "12": 30.0}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due_in(note_date: DateText, said: str) -> int | None:
    """The first time that is named; None if it is none, or how long something is to go on."""
    said = _CONDITION.sub("", said)
    for match in _IN.finditer(said):
        vague = (match["unit"] or "").startswith("h") or match["number"] in ("a", "an")
        if match["for"] or match["else"] or (vague and not match["to"]):
            continue
        if match["many"]:
            return round(int(match["many"]) * _SLASHES[match["of"]])
        many = _NUMBERS.get(match["number"]) or float(match["number"])
        return round(many * _UNITS[match["unit"][0]])
    for pattern, many in _SOON:
        if pattern.search(said):
            return many
    named, today = _DAY.search(said), day_of(note_date)
    if named is None or today is None:
        return None
    word = re.sub(r"^(?:on|this|next|by) ", "", named[0])
    return (_DAYS.index(word[:3]) - today.weekday() - 1) % 7 + 1
