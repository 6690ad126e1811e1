"""A day of the shop, which is 23 or 25 hours long where clocks are put forward or back."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from schemas.times import EARLIEST_MS, LATEST_MS
from streams.reviews.errors import BadDate

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AT = re.compile(r"(\d\d?):(\d\d)", re.ASCII)
_FIRST, _LAST = (datetime.fromtimestamp(ms / 1000, UTC).date() for ms in (EARLIEST_MS, LATEST_MS))


@dataclass(frozen=True)
class Day:
    """`start_ms` <= t < `end_ms`, in epoch milliseconds; empty where a zone has left a date out."""

    date: date
    zone: ZoneInfo

    @cached_property
    def start_ms(self) -> int:
        """Its first moment, which is not 00:00 where clocks are put forward at midnight."""
        return moment_ms(self.date, time(), self.zone)

    @cached_property
    def end_ms(self) -> int:
        """The first moment of the next day."""
        return moment_ms(self.date + timedelta(days=1), time(), self.zone)

    def __str__(self) -> str:
        return self.date.isoformat()


def moment_ms(date: date, at: time, zone: ZoneInfo) -> int:
    """Epoch milliseconds of a time on the wall.

    One that comes twice means the first; one that is left out, as much later as is left out.
    """
    return round(datetime.combine(date, at, zone).timestamp() * 1000)


def date_of(ms: int, zone: ZoneInfo) -> date:
    """The shop's date at that time."""
    return datetime.fromtimestamp(ms / 1000, zone).date()


def yesterday(now_ms: int, zone: ZoneInfo) -> date:
    """The last date that is over."""
    return date_of(now_ms, zone) - timedelta(days=1)


def parse_date(text: str, now_ms: int, zone: ZoneInfo) -> date:
    """`YYYY-MM-DD`, or `yesterday`. Raises BadDate."""
    if text == "yesterday":
        return yesterday(now_ms, zone)
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not _FIRST <= found < _LAST:
        raise BadDate(f"date {text[:40]!r}: write YYYY-MM-DD from {_FIRST:%Y} on, or yesterday")
    return found


def parse_at(text: str) -> time:
    """A time of day such as `02:00`. Raises BadDate."""
    found = _AT.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadDate(f"time of day {text[:40]!r}: write HH:MM, from 00:00 to 23:59")
    return time(int(found[1]), int(found[2]))


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name. Raises BadDate."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BadDate(
            f"there is no time zone {name[:40]!r}: write one such as Asia/Shanghai or UTC"
        ) from None
