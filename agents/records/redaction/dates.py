"""Dates moved by as many days each, so that what lies between them stays; births and great ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from agents.records.redaction.removal import Place

_FULL: Final = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d|[1-4]\d(?=[年"
    r".]))(?P<a>\s?年\s?|[-/.])(?P<m>0?[1-9]|1[0-"
    r"2])(?P<b>\s?月\s?|[-/.])"
    r"(?P<d>[12]\d|3[01]|0?[1-9])(?:(?P<c>日|号)|(?!\d))"
)
_SOLID: Final = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)
_MONTH: Final = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<a>\s?年\s"
    r"?|[-/.])(?P<m>0?[1-9]|1[0-2])(?P<b>月)?(?!["
    r"\d月%./-])"
)
_DAY: Final = re.compile(
    r"(?<![\d年])(?P<m>0?[1-9]|1[0-2])月(?P<d>[12]\d|3[01]|0?[1-9])(?P<c>日|号)"
)
_SLASH: Final = re.compile(
    r"(?<![\d/.])(?P<m>\d{1,2})(?P<a>[-/])(?P<d>\d{1,2})(?P=a)(?P<y>(?:19|20)\d\d)(?![\d/])"
)
_NAMES: Final = ("january", "february", "march", "april", "may", "june", "july", "august",
                 "september", "october", "november", "december")  # fmt: skip
_NAMED: Final = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?P<rest>[a-z]*)\.?"
_ENGLISH: Final = (
    re.compile(
        rf"(?<![a-z]){_NAMED} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>(?:19|20)\d\d)(?!\d)"
    ),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)? {_NAMED},? (?P<y>(?:19|20)\d\d)(?!\d)"),
)
_BIRTH: Final = re.compile(
    r"(?:出生日期|出生年月日?|生日|生于|出生于|出生|dob|d\.o\.b\.?"
    r"|date of birth|birth date|birthday|born(?:"
    r" on)?)\s*[:：]?\s*$"
)
_BORN: Final = re.compile(r"\s*(?:出?生(?![命化理长])|年生|生人)")
_OLD: Final = re.compile(
    r"(?<![\d.])(?P<n>9\d|1[0-3]\d)\s?(?:周?岁|[- "
    r"]?years?[- ]old|[- ]?y/?o\b)|(?<=age )(?:9"
    r"\d|1[0-3]\d)(?!\d)"
    r"|(?<=age: )(?:9\d|1[0-3]\d)(?!\d)|(?<![十一-"
    r"九])(?:九十[一二三四五六七八九]?|一百零?[一二三四五六七八九]?)岁"
)
_LEAP: Final = 2024


def dates(folded: str, days: int, birth: str = "") -> Iterator[Place]:
    """Every date moved by `days`, births removed, ages over 89 cut. `birth`: as 1960-05-31."""
    year = _LEAP
    for pattern in (_FULL, _SOLID, _MONTH, _DAY, _SLASH, *_ENGLISH):
        for match in pattern.finditer(folded):
            found = match.groupdict()
            if (
                pattern is _MONTH
                and match.end() < len(folded)
                and match["a"] in "-/."
                and _is_amount(folded, match)
            ):
                continue
            day = _day(found, year)
            is_birth = bool(
                _BIRTH.search(folded, max(0, match.start() - 18), match.start())
                or _BORN.match(folded, match.end())
                or (birth and day is not None and day.isoformat() == birth)
            )
            if is_birth:
                yield Place(*match.span(), "birth")
            elif day is not None:
                moved = day + timedelta(days=days)
                yield Place(*match.span(), "date", _written(match, moved))
            elif found.get("y"):
                # 1961-02-30: somebody's slip, which tells as much as the day it stands for.
                yield Place(*match.span(), "date")
    for match in _OLD.finditer(folded):
        chinese = "岁" in match[0]
        yield Place(*match.span(), "age", "90岁以上" if chinese else "over 89 years old")


def _is_amount(folded: str, match: re.Match[str]) -> bool:
    """2019.05 may be a figure: it is one with a unit behind it."""
    return folded[match.end()].isascii() and folded[match.end()].isalpha()


def _day(found: dict[str, str | None], year: int) -> date | None:
    named = found["m"] or ""
    month = int(named) if named.isdigit() else 1 + [n[:3] for n in _NAMES].index(named[:3])
    given = int(found.get("y") or year)
    day = int(found.get("d") or 15)
    if "y" in found and found.get("y") and given < 100:
        given += 2000
    if month > 12 >= day:
        month, day = day, month
    try:
        return date(given, month, day)
    except ValueError:
        return None


def _written(match: re.Match[str], moved: date) -> str:
    """In the form of the one it stands for."""
    out, at = "", match.start()
    named = not match["m"].isdigit()
    swapped = not named and int(match["m"]) > 12
    for group in sorted((g for g in "ymd" if match.groupdict().get(g)), key=match.start):
        out += match.string[at : match.start(group)]
        at = match.end(group)
        old = match[group]
        part = {"y": moved.year, "m": moved.month, "d": moved.day}[group]
        if swapped and group in "md":
            part = moved.day if group == "m" else moved.month
        if group == "m" and named:
            full = _NAMES[moved.month - 1].title()
            out += full if match["rest"] else full[:3]
            at = match.end("rest")
        elif group == "y":
            out += str(part)[-len(old) :]
        else:
            padded = old.startswith("0") or match.re is _SOLID
            out += f"{part:02d}" if padded else str(part)
    return out + match.string[at : match.end()]
