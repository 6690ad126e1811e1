"""Times of a shop's tables, however they are written."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from schemas.times import EARLIEST_MS, LATEST_MS

NOT_UNDERSTOOD = "time_not_understood"
_UNITS = (1_000, 1, 1e-3, 1e-6)
"""Milliseconds in a second, a millisecond, a microsecond and a nanosecond."""
_NUMBER = re.compile(r"(?!20\d{12}$)\d{9,19}(?:\.\d*)?", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})日?"
    r"(?:[\sT]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:[.,]\d{1,9})?秒?|分)?)?",
    re.ASCII,
)
# Fourteen digits are no number of anything since 1970.
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
_IN_UTC = re.compile(r"(?<=\d)\s?(?:UTC|GMT|Z)$", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1)
_UTC_EPOCH = _EPOCH.replace(tzinfo=UTC)
_MS = timedelta(milliseconds=1)


class BadTime(Exception):
    """No moment can be told from the value; `reason` in snake_case."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Times:
    """Epoch milliseconds of what a column holds.

    Numbers are seconds, milliseconds, micro- or nanoseconds since 1970, whichever lies within 2000
    and 2100. A text is what `time_format` says; without one a number, ISO 8601, or year, month, day
    and time in this order. What names no offset is in `zone`; a time that comes twice when clocks
    are put back is the first one.
    """

    def __init__(self, zone: ZoneInfo, time_format: str = "") -> None:
        self._zone = zone
        self._format = time_format

    def ms(self, value: object) -> int:
        """Raises BadTime: `no_time`, `time_not_understood` or `time_out_of_range`."""
        if value is None:
            raise BadTime("no_time")
        if isinstance(value, datetime):
            return self._of_moment(value)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return _of_number(value)
        if isinstance(value, date):
            return self._of_moment(datetime(value.year, value.month, value.day))
        if isinstance(value, bytes):
            value = value.decode(errors="replace")
        if not isinstance(value, str):
            raise BadTime(NOT_UNDERSTOOD)
        text = value.strip()
        if not text:
            raise BadTime("no_time")
        if len(text) > 100:
            raise BadTime(NOT_UNDERSTOOD)
        return self._of_text(text)

    def _of_text(self, text: str) -> int:
        if self._format:
            return self._of_moment(_parsed(text, self._format))
        if _NUMBER.fullmatch(text):
            return _of_number(Decimal(text))
        try:
            return self._of_moment(datetime.fromisoformat(text))
        except ValueError:
            pass
        if (utc := _IN_UTC.search(text)) is not None:
            return _UTC_TIMES._of_text(text[: utc.start()])
        found = _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text)
        if found is None:
            raise BadTime(NOT_UNDERSTOOD)
        try:
            return self._of_moment(datetime(*(int(part or 0) for part in found.groups())))  # type: ignore[arg-type]
        except ValueError:
            raise BadTime(NOT_UNDERSTOOD) from None

    def _of_moment(self, moment: datetime) -> int:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        try:
            # Not rounded: the last microsecond of a day is not of the next one.
            ms = (moment - _UTC_EPOCH) // _MS
        except OverflowError:
            raise BadTime("time_out_of_range") from None
        if not EARLIEST_MS <= ms < LATEST_MS:
            raise BadTime("time_out_of_range")
        return ms


_UTC_TIMES = Times(ZoneInfo("UTC"))


def wall(seconds: float | None) -> datetime | float | None:
    """A time on the wall that a database gives as if in UTC; out of range it stays a number."""
    if seconds is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return seconds


def epochs(start_ms: int, end_ms: int) -> list[tuple[float, float]]:
    """The range in each unit in which numbers are understood."""
    return [(start_ms / unit, end_ms / unit) for unit in _UNITS]


def _of_number(value: float | Decimal) -> int:
    try:
        number = float(value)
    except OverflowError:
        raise BadTime("time_out_of_range") from None
    for unit in _UNITS:
        if EARLIEST_MS <= number * unit < LATEST_MS:
            return math.floor(round(number * unit, 3))
    raise BadTime("time_out_of_range")


def _parsed(text: str, time_format: str) -> datetime:
    try:
        return datetime.strptime(text, time_format)
    except (ValueError, OverflowError):
        raise BadTime(NOT_UNDERSTOOD) from None
