"""Rows of a shop's tables as reviews."""

import math
import re
from collections.abc import Mapping

from xxhash import xxh3_128_hexdigest

from agents.privacy import redact
from schemas.events import MAX_NAME
from schemas.reviews import Review
from sinks.plain import clean
from streams.reviews.day import Day, zone_of
from streams.reviews.sources.options import Columns, SourceOptions
from streams.reviews.sources.record import Record, Unreadable
from streams.reviews.sources.times import BadTime, Times

Row = Mapping[str, object]
"""Field to value, of the fields that have a column; those of the text are `text`, `text1`, ..."""

_MAX_ID = 200
_MAX_DETAIL = 80
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile(r"[\x00-\x20#%\x7f-\xa0\u2028\u2029]")
_DAY_MS = 86_400_000


class Rows:
    """Reviews of one day out of rows.

    A row whose time is missing or not understood may be of the day: it is unreadable in every night
    that reads it, and each time has coordinates of its own.
    """

    def __init__(self, options: SourceOptions, columns: Columns, day: Day) -> None:
        self._options = options
        self._day = day
        self._has_id = bool(columns.id)
        self._texts = ["text", *(f"text{n}" for n in range(1, len(columns.texts)))]
        self._scale = columns.rating_scale
        zone = zone_of(columns.time_zone) if columns.time_zone else day.zone
        self._times = Times(zone, columns.time_format)

    def record(self, place: str, row: Row, encoding: str = "utf-8") -> Record | None:
        """The record of a row; None: it is of another day.

        `place`: the coordinates of a row without an id. `encoding`: of values that are bytes.
        """
        try:
            time_ms = self._times.ms(row.get("time"))
        except BadTime as error:
            detail = "" if error.reason == "no_time" else shown(row.get("time"))
            return self.unreadable(self._name(place, row), error.reason, detail)
        if not self._day.start_ms <= time_ms < self._day.end_ms:
            return None
        source = self._name(place, row)
        if not any(name in row for name in self._texts):
            return self.unreadable(source, "no_text", "it has no column of the text", time_ms)
        texts = [string(row.get(name), encoding) for name in self._texts]
        if None in texts:
            return self.unreadable(source, "text_is_no_text", "a list or an object", time_ms)
        said = Review(
            source=source,
            time_ms=time_ms,
            text="\n".join(text for text in texts if text),
            product=name_of(row.get("product"), encoding) or self._options.product,
            author=name_of(row.get("author"), encoding),
            channel=name_of(row.get("channel"), encoding) or self._options.channel,
            lang=name_of(row.get("lang"), encoding),
            rating=rating_of(row.get("rating"), self._scale),
            account_days=self._account_days(row, time_ms),
        )
        return Record(time_ms, source, source, said)

    def unreadable(
        self, source: str, reason: str, detail: str, time_ms: int | None = None
    ) -> Record:
        """A record that is no review; without a time it is of no day for sure, and comes last."""
        if time_ms is None:
            source, time_ms = dated(source, self._day), self._day.end_ms
        return Record(time_ms, source, source, Unreadable(source, reason, detail))

    def _name(self, place: str, row: Row) -> str:
        if self._has_id and (found := identity(string(row.get("id")) or "")):
            return f"{self._options.name}:{found}"
        return place

    def _account_days(self, row: Row, time_ms: int) -> float | None:
        if "account_days" in row:
            days = number(row["account_days"])
            return days if days is not None and days >= 0 else None
        if "account_created" not in row:
            return None
        try:
            days = (time_ms - self._times.ms(row["account_created"])) / _DAY_MS
        except BadTime:
            return None
        # Made on the day of the review, by a column without the time of day.
        return max(days, 0.0) if days > -1 else None


def string(value: object, encoding: str = "utf-8") -> str | None:
    """A value as a text that can be written down anywhere; None: it cannot be one."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode(encoding, "replace")
    elif isinstance(value, list | dict):
        return None
    text = value if isinstance(value, str) else str(value)
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def name_of(value: object, encoding: str = "utf-8") -> str:
    """A short name on one line, of a product, an author or a channel."""
    text = (string(value, encoding) or "").strip()
    if len(text) > MAX_NAME or not text.isprintable():
        return clean(text[: 4 * MAX_NAME], MAX_NAME)
    return text


def number(value: object) -> float | None:
    """A number, also as text."""
    try:
        found = float(string(value) or "nan")
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def rating_of(value: object, scale: float) -> float | None:
    """1 to 5, of a rating whose best is `scale`; None: none was given, or it is off the scale.

    >>> rating_of("8", 10), rating_of(0, 5), rating_of(0, 1), rating_of(7, 5)
    (4.0, None, 1.0, None)
    """
    found = number(value)
    if found is None or not 0 <= found <= scale or (found == 0 and scale > 1):
        return None
    return max(1.0, found * 5 / scale)


def identity(value: str) -> str:
    """An id as it stands in coordinates: what would end or break them is escaped as in a URL.

    A very long one is cut, and its hash says which it was.
    """
    text = value.strip()
    safe = _UNSAFE.sub(lambda c: "".join(f"%{byte:02X}" for byte in c[0].encode()), text)
    return safe if len(safe) <= _MAX_ID else f"{safe[:_MAX_ID]}%{xxh3_128_hexdigest(text.encode())}"


def dated(source: str, day: Day) -> str:
    """Coordinates that are this day's alone."""
    return source if source.endswith(f"#{day}") else f"{source}#{day}"


def shown(value: object, most: int = _MAX_DETAIL) -> str:
    """A value as an error may show it."""
    return clean(redact((string(value) or "")[: 4 * most]), most)
