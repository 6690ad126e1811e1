"""Dates with the name of a month, as English letters have them."""

from __future__ import annotations

import re

_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
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
    month = _NAMES.index(found["month"][:3].lower()) + 1
    return f"{found['year']}-{month:02}-{int(found['day']):02}"
