"""Made-up days, in the forms that people write them."""

# A kind is a row, however long.
# ruff: noqa: E501

from __future__ import annotations

from datetime import date
from random import Random

from streams.evaluation.redaction_notes.making import Maker, made_day

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _date(random: Random) -> str:
    day = made_day(random)
    return random.choice((
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}", f"{day:%Y.%m.%d}", f"{day:%Y/%m/%d}",
        f"{day.year}-{day.month}-{day.day}", f"{day.year}年{day:%m}月{day:%d}日",
    ))  # fmt: skip


def _birth(random: Random) -> str:
    day = made_day(random, 1935, 2018)
    written = f"{day.year}年{day.month}月{day.day}日"
    return random.choice((written, f"{day:%Y-%m-%d}", f"{day:%Y.%m.%d}", f"{day:%Y%m%d}"))


def _us(day: date) -> str:
    return f"{day.month:02d}/{day.day:02d}/{day.year}"


def _english_date(random: Random) -> str:
    day = made_day(random)
    month = _MONTHS[day.month - 1]
    return random.choice(
        (
            f"{month} {day.day}, {day.year}",
            f"{day.day} {month[:3]} {day.year}",
            f"{month[:3]} {day.day}, {day.year}",
            f"{day.day} {month} {day.year}",
        )
    )


def _month_day(random: Random) -> str:
    day = made_day(random)
    return f"{day.month}月{day.day}日"


def _month(random: Random) -> str:
    day = made_day(random)
    return random.choice(
        (f"{day.year}年{day.month}月", f"{day.year}-{day.month:02d}", f"{day.year}.{day.month:02d}")
    )


MAKERS: dict[str, Maker] = {
    "birth": _birth,
    "birth.iso": lambda r: f"{made_day(r, 1935, 2018):%Y-%m-%d}",
    "birth.en": lambda r: f"{_MONTHS[r.randrange(12)]} {r.randrange(1, 29)}, {r.randrange(1935, 2015)}",
    "birth.us": lambda r: _us(made_day(r, 1935, 2015)),
    "date": _date,
    "date.time": lambda r: f"{_date(r)}",
    "date.dots": lambda r: f"{made_day(r):%Y.%m.%d}",
    "date.slash": lambda r: f"{made_day(r):%Y/%m/%d}",
    "date.md": _month_day,
    "date.month": _month,
    "date.en": _english_date,
    "date.us": lambda r: _us(made_day(r)),
    "date.iso": lambda r: f"{made_day(r):%Y-%m-%d}",
}  # fmt: skip
