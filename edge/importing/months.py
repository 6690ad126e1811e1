"""Dates with the name of a month, as English letters have them."""

from __future__ import annotations

import re

from agents.records.months import MONTH, number_of

_MONTH = rf"{MONTH}\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DATES = (
    re.compile(rf"(?<!\d){_DAY}[ -](?:of )?{_MONTH},?[ -]{_YEAR}", re.I),
    re.compile(rf"(?<![a-z]){_MONTH} {_DAY},? {_YEAR}", re.I),
)


def numbered(text: str) -> str:
    """`12 March 2026` and `Mar 12, 2026` as `2026-03-12`; places of characters move."""
    for one in _DATES:
        text = one.sub(_number, text)
    return text


def _number(found: re.Match[str]) -> str:
    return f"{found['year']}-{number_of(found['month']):02}-{int(found['day']):02}"
