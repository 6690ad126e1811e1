"""When people write: the hours of a day in a shop's time zone."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

# Of 24 hours: few at night, a rise at noon, most in the evening.
_HOURS = (
    20,
    12,
    7,
    5,
    4,
    6,
    12,
    22,
    34,
    42,
    48,
    52,
    60,
    55,
    46,
    44,
    44,
    46,
    52,
    62,
    78,
    84,
    70,
    42,
)


class Clock:
    """The moments of one day, by the share of its reviews that have been written before."""

    def __init__(self, day: date, zone: str) -> None:
        place = ZoneInfo(zone)
        first = datetime(day.year, day.month, day.day, tzinfo=place)
        following = day + timedelta(days=1)
        last = datetime(following.year, following.month, following.day, tzinfo=place)
        self.start_ms, self.end_ms = (int(moment.timestamp() * 1000) for moment in (first, last))
        hours = (self.end_ms - self.start_ms) / 3_600_000
        # A day of 23 or 25 hours is the same day, a little faster or slower.
        self._hour_ms = 3_600_000 * hours / 24
        self._before = [0.0, *accumulate(_HOURS)]

    def at(self, share: float) -> int:
        """The moment before which this share of the day's reviews is written; in epoch ms."""
        wanted = share * self._before[-1]
        hour = min(bisect_right(self._before, wanted) - 1, 23)
        into = (wanted - self._before[hour]) / _HOURS[hour]
        return min(int(self.start_ms + (hour + into) * self._hour_ms), self.end_ms - 1)

    def holds(self, time_ms: int) -> bool:
        """Whether a moment is of this day."""
        return self.start_ms <= time_ms < self.end_ms
