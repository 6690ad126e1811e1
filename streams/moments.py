"""Times as people and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from schemas.times import EARLIEST_MS, LATEST_MS

# Not those that two countries read as different days.
_FORMATS = (
    *(
        f"{date} {clock}".strip()
        for date in ("%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%Y年%m月%d日", "%d %b %Y", "%b %d, %Y")
        for clock in ("%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "")
    ),
    "%d/%b/%Y:%H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a %b %d %H:%M:%S %Y",
)
_DIGITS = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_PER_SECOND = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""A number beyond the first is in units of which a second holds the other."""


class Moments:
    """Reads the times of one file: what they have in common is remembered.

    RFC 3339 and ISO 8601, epoch seconds to nanoseconds, the usual forms with the year first or the
    month in letters, or `time_format` (strptime) alone. A time without an offset has that of the
    first one with an offset, else UTC.
    """

    def __init__(self, time_format: str | None = None) -> None:
        self._formats = (time_format,) if time_format else _FORMATS
        self._free = time_format is None
        self._zone: tzinfo | None = None
        self._known: dict[str, int] = {}

    def ms(self, text: str) -> int:
        """Epoch milliseconds. Raises ValueError."""
        if text not in self._known:
            self._known[text] = self._read(text.strip())
        return self._known[text]

    def _read(self, text: str) -> int:
        number = text.replace(".", "", 1)
        if self._free and number.isdecimal() and not self._is_date(text):
            value = float(text)
            per_second = next((per for least, per in _PER_SECOND if value > least), 1.0)
            ms = value / per_second * 1000
        else:
            moment = self._moment(text)
            if moment.tzinfo is not None and self._zone is None:
                self._zone = moment.tzinfo
            ms = moment.replace(tzinfo=moment.tzinfo or self._zone or UTC).timestamp() * 1000
        if not EARLIEST_MS <= ms <= LATEST_MS:
            raise ValueError(text)
        return round(ms)

    def _is_date(self, text: str) -> bool:
        return len(text) in _DIGITS and text[:2] in ("19", "20")

    def _moment(self, text: str) -> datetime:
        if self._free:
            if self._is_date(text) and text.isdecimal():
                return datetime.strptime(text, _DIGITS[len(text)])
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass
        for one in self._formats:
            try:
                moment = datetime.strptime(text, one)
            except ValueError:
                continue
            # Found once, it is the first to be tried.
            self._formats = (one, *(other for other in self._formats if other != one))
            return moment
        raise ValueError(text)
