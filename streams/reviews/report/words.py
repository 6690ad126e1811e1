"""Numbers, times and what people wrote, as the report shows them."""

from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from schemas.times import Timestamp

_TINY = 0.01
_MINUTE = 60


class Clock:
    """The shop's own time; `name`: of its zone, UTC where that is not known here."""

    def __init__(self, zone: str) -> None:
        self._zone: tzinfo = UTC
        self.name = "UTC"
        # OSError: a name that is a folder of zones.
        with suppress(KeyError, ValueError, OSError):
            self._zone, self.name = ZoneInfo(zone), zone

    def moment(self, time: Timestamp) -> str:
        """Such as "Sat 21 Nov 04:00"."""
        then = self._at(time)
        return f"{then:%a} {then.day} {then:%b %H:%M}"

    def span(self, first: Timestamp, last: Timestamp) -> str:
        """From when to when; the day once if it is the same."""
        begin, end = self._at(first), self._at(last)
        until = f"{end:%H:%M}" if begin.date() == end.date() else self.moment(last)
        return f"{self.moment(first)} to {until}"

    def _at(self, time: Timestamp) -> datetime:
        return datetime.fromisoformat(time).astimezone(self._zone)


def day(of: str) -> str:
    """Such as "20 Nov"."""
    then = date.fromisoformat(of)
    return f"{then.day} {then:%b}"


def long_day(of: str) -> str:
    """Such as "Friday, 20 November 2026"."""
    then = date.fromisoformat(of)
    return f"{then:%A}, {then.day} {then:%B} {then.year}"


def percent(share: float) -> str:
    """Of 0 to 1. What is not all of it does not look so, and what is not nothing neither."""
    said = f"{100 * share:.1f}"
    if said == "100.0":
        return "100 %" if share >= 1 else "99.9 %"
    if said == "0.0":
        return "0.1 %" if share > 0 else "0 %"
    return f"{said} %"


def round_percent(share: float) -> str:
    """Of 0 to 1, for a scale."""
    return f"{100 * share:g} %"


def about(number: float) -> str:
    """A mean: with a decimal only where it matters."""
    return f"{number:,.1f}" if 0 < number < 10 else f"{number:,.0f}"


def counted(number: int, one: str, many: str = "") -> str:
    """Such as "1 review", "1,204 reviews"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def took(seconds: float) -> str:
    """Such as "2 min 4 s"."""
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def money(cost: float) -> str:
    """In the currency of the prices."""
    return "under 0.01" if 0 < cost < _TINY else f"{cost:,.2f}"
