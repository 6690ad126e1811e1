"""Dates as English notes write them beside a mention: in 2015, since March 2019, last June."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from agents.records.months import MONTH, number_of
from schemas.records import DateText

_MONTH = rf"{MONTH}\b\.?"
_NTH = r"(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:(?:(?P<day>\d{{1,2}}){_NTH}\s+)?{_MONTH}(?:\s+(?P<nth>\d{{1,2}}){_NTH}(?!\d))?,?\s*)?"
    r"(?P<year>(?:19|20)\d\d)(?![\d/-])"
)
_WORDS = (
    r"(?:\s(?!(?:on|with|last|but|then|stopped|started|who|which|treated|after|no|free|next|due"
    r"|until|to|for|every|and|or|s/p)\b)[a-z0-9'/&-]{1,14}){0,6}?"
)
"""Between a mention and its date."""
_BEHIND = re.compile(
    rf"(?:\s?\(|{_WORDS}\s(?P<since>since|from)\s|{_WORDS}\s(?:in|on|dx|circa|around|~)\s*|\s)"
    rf"(?:early |late |mid[- ]?)?{_DATE}"
)
_BARE_MONTH = re.compile(
    rf"{_WORDS}\s(?P<since>since\s)?(?:in |last )?{_MONTH}(?!\s?\d)(?=[\s.,;)]|$)"
)
_OPENED = re.compile(r"(?:^|[.;:]\s?|\b(?:in|on|since)\s)$")


class Written(NamedTuple):
    """A date, and whether it is when something began."""

    time: DateText
    since: bool


def behind(today: date | None, words: str) -> Written | None:
    """The date that is written behind a mention, in its clause."""
    if match := _BEHIND.match(words):
        return Written(_time(match), bool(match["since"]))
    month = _BARE_MONTH.match(words)
    if month is None or today is None:
        return None
    number = number_of(month["month"])
    year = today.year - (number > today.month)
    return Written(f"{year:04}-{number:02}", bool(month["since"]))


def before(words: str) -> Written | None:
    """The date that its sentence begins with, or that stands right before it."""
    matches = list(re.finditer(_DATE, words))
    if not matches:
        return None
    match = matches[-1]
    between = words[match.end() :]
    opened = _OPENED.search(words[: match.start()]) is not None
    if re.fullmatch(r":?\s*\(?\s*", between) or (opened and re.fullmatch(r",?[^,;.]*", between)):
        since = words[: match.start()].rstrip().endswith("since")
        return Written(_time(match), since)
    return None


def _time(match: re.Match[str]) -> DateText:
    month, day = match["month"], match["day"] or match["nth"]
    if not month:
        return match["year"]
    number = number_of(month)
    return f"{match['year']}-{number:02}" + (f"-{int(day):02}" if day else "")
