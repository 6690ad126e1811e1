"""When a result was found, as far as its line says it."""

from __future__ import annotations

import re
from bisect import bisect_right

_DATE = re.compile(
    r"(?=[\d今现本此目tn])(?:(?<![\d.])(?P<year>(?:19"
    r"|20)\d\d)\s?[-/.年]\s?(?P<month>\d{1,2})(?:\s?[-/.月]\s?(?P<day>\d{1,2})(?![\d.])日?"
    r"|月)"
    r"|(?<![\d.])(?P<m>\d{1,2})月(?P<d>\d{1,2})日?"
    r"|(?P<now>今日|今查|今晨|今天|现查|本次|今测|此次|目前|\btoday\b|\bnow\b))"
)
_BREAK = "。\n"
_HEADER = re.compile(
    r"(?:检[验查测]|采[样集]|报告|送检|化验|标本)[^\n:]{0,6}(?:日期|时间)|\bdate\b"
)


class Times:
    """The dates in a note, by place. A date holds until its line or sentence ends.

    One that a report's head says holds up to the next such head.
    """

    def __init__(self, folded: str, date: str) -> None:
        self._folded = folded
        self._places: list[int] = []
        self._dates: list[str] = []
        self._heads: list[bool] = []
        for found in _DATE.finditer(folded):
            made = "" if found["now"] else _written(found, date)
            if made is None:
                continue
            self._places.append(found.end())
            self._dates.append(made)
            before = folded[max(0, found.start() - 14) : found.start()]
            self._heads.append(_HEADER.search(before) is not None)

    def at(self, place: int) -> str:
        """The date that holds here, empty if none does."""
        which = bisect_right(self._places, place) - 1
        while which >= 0 and place - self._places[which] < 2000:
            stretch = self._folded[self._places[which] : place]
            if self._heads[which] or not any(mark in stretch for mark in _BREAK):
                return self._dates[which]
            which -= 1
        return ""


def _written(found: re.Match[str], date: str) -> str | None:
    """The date found, None if there is none such; without a year it is the last such day."""
    month = int(found["month"] or found["m"])
    day = int(found["day"] or found["d"] or 0)
    if not 1 <= month <= 12 or day > 31:
        return None
    tail = f"{month:02}-{day:02}" if day else f"{month:02}"
    if found["year"]:
        return f"{found['year']}-{tail}"
    if not date:
        return None
    year = int(date[:4])
    if len(date) == 10 and tail > date[5:]:
        year -= 1
    return f"{year}-{tail}"
