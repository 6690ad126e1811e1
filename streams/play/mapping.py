"""Rows of any table as events: which column is the text, which the time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schemas.times import EARLIEST_MS, LATEST_MS
from streams.play.errors import BadMap, BadRow

FIELDS = (
    "text",
    "id",
    "time",
    "channel",
    "product",
    "author",
    "lang",
    "service",
    "rating",
    "level",
)
_ATTRIBUTES = "attributes"
_ATTRIBUTE = "attributes."
_WITH_YEAR = re.compile("%[YyGcxs]")
_YEAR = 2000
"""A time format without a year, as in syslog, is taken to mean this one: it has a 29 February."""


@dataclass(frozen=True)
class ColumnMap:
    """Event field to column; several columns joined by + become one value with a space between.

    `attributes.NAME` maps an attribute; rows that are not mapped may hold `attributes` whole. A
    time is RFC 3339, ISO without offset (taken as UTC), epoch seconds or milliseconds, or what
    `time_format` says (strptime).
    """

    columns: Mapping[str, tuple[str, ...]]
    time_format: str | None = None

    @classmethod
    def parse(cls, text: str | None, header: list[str], time_format: str | None) -> "ColumnMap":
        """Read `field=column[+column],...`; without it columns named like fields. Raises BadMap."""
        if not text:
            columns: dict[str, tuple[str, ...]] = {
                f: (f,)
                for f in header
                if f in FIELDS or f == _ATTRIBUTES or f.startswith(_ATTRIBUTE)
            }
        else:
            columns = {}
            for pair in map(str.strip, text.split(",")):
                field, equals, column = pair.partition("=")
                if not equals or not (field in FIELDS or field.startswith(_ATTRIBUTE)):
                    raise BadMap(
                        f"--map {pair!r}: write FIELD=COLUMN with one of {', '.join(FIELDS)}"
                        " or attributes.NAME"
                    )
                columns[field] = tuple(column.split("+"))
        for names in columns.values():
            for name in names:
                if name not in header:
                    raise BadMap(f"no column {name!r}; the file has {', '.join(header)}")
        if "text" not in columns:
            raise BadMap(f"which column is the text? --map text=COLUMN of {', '.join(header)}")
        return cls(columns, time_format)

    def event(self, row: Mapping[str, Any]) -> tuple[dict[str, Any], int | None]:
        """The event of a row and its time in epoch milliseconds. Raises BadRow."""
        event: dict[str, Any] = {}
        attributes: dict[str, Any] = {}
        time_ms = None
        for field, names in self.columns.items():
            if field == _ATTRIBUTES:
                whole = row.get(field)
                attributes |= whole if isinstance(whole, dict) else {}
                continue
            value = " ".join(str(row[n]) for n in names if row.get(n) not in (None, ""))
            if not value:
                continue
            if field == "time":
                time_ms = self._time_ms(value)
                event["time"] = time_ms
            elif field == "rating":
                event["rating"] = _number(value)
            elif field.startswith(_ATTRIBUTE):
                attributes[field.removeprefix(_ATTRIBUTE)] = value
            else:
                event[field] = value
        if "text" not in event:
            raise BadRow("no text", f"column {'+'.join(self.columns['text'])} is empty")
        if attributes:
            event["attributes"] = attributes
        return event, time_ms

    def _time_ms(self, value: str) -> int:
        try:
            ms = self._read_ms(value)
        except ValueError:
            ms = 0.0
        # A date without dashes looks like a number, and a null date like a date.
        if not EARLIEST_MS <= ms <= LATEST_MS:
            message = f"time {value[:40]!r} is not understood; give --time-format"
            raise BadRow("time not understood", message)
        return round(ms)

    def _read_ms(self, value: str) -> float:
        if self.time_format and _WITH_YEAR.search(self.time_format):
            moment = datetime.strptime(value, self.time_format)
        elif self.time_format:
            moment = datetime.strptime(f"{_YEAR} {value}", f"%Y {self.time_format}")
        elif value.replace(".", "", 1).isdigit():
            number = float(value)
            return number if number > 1e11 else number * 1000
        else:
            moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
