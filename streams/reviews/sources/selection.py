"""The rows of a day out of a table, as SQL that DuckDB and PostgreSQL both understand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from xxhash import xxh3_128_hexdigest

from schemas.times import EARLIEST_MS, LATEST_MS
from streams.reviews.day import Day
from streams.reviews.errors import BadSource
from streams.reviews.sources.options import Columns
from streams.reviews.sources.rows import Row, shown, string
from streams.reviews.sources.times import epochs, wall

Kind = Literal["aware", "wall", "number", "bytes", "text"]
"""Of a column: a moment, a time on the wall, a number, bytes, or what can be read as text."""

_TIMES = ("time", "account_created")
_SECOND_MS = 1_000
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Selection:
    """`sql` gives the named fields in their order, of a little more than the day."""

    sql: str
    fields: Sequence[str]
    _read: Mapping[str, Callable[[float | None], object]]

    def row(self, values: Sequence[object]) -> Row:
        """What is in one row of the answer."""
        row = dict(zip(self.fields, values, strict=False))
        for field, read in self._read.items():
            row[field] = read(row[field])  # type: ignore[arg-type]
        return row


def select(
    relation: str,
    kinds: Mapping[str, Kind],
    columns: Columns,
    day: Day,
    where: str,
    more: Sequence[str] = (),
) -> Selection:
    """`relation`: a table or a query in brackets; `kinds` of its columns; `where`: for errors.

    `more`: columns that are wanted behind the others. Rows are left out only if their time is
    understood and is of another day. Raises BadSource.
    """
    for field, column in columns.named:
        if column not in kinds:
            raise BadSource(
                f"{where}: [columns] {field}: there is no column {column!r}; it has"
                f" {shown(', '.join(kinds), 300)}"
            )
    if columns.time_format:
        # A number such as 20261119 is a date then.
        kinds = {name: "text" if kind == "number" else kind for name, kind in kinds.items()}
    parts = [_expression(field, column, kinds[column]) for field, column in columns.named]
    parts += map(quoted, more)
    condition = _of_day(quoted(columns.time), kinds[columns.time], day)
    sql = f"SELECT {', '.join(parts)} FROM {relation}"
    named = dict(columns.named)
    walls = [field for field in _TIMES if field in named and kinds[named[field]] == "wall"]
    return Selection(
        f"{sql} WHERE {condition}" if condition else sql,
        [field for field, _ in columns.named],
        dict.fromkeys(walls, wall),
    )


def quoted(name: str) -> str:
    """A name in SQL; each part of SCHEMA.TABLE is quoted by the caller."""
    return '"' + name.replace('"', '""') + '"'


def relation_of(table: str, query: str) -> str:
    """What stands after FROM."""
    if table:
        return ".".join(quoted(part) for part in table.strip().split("."))
    # On lines of its own: it may end in a comment.
    return f"(\n{query.strip().rstrip(';')}\n) AS q"


def content_key(values: Sequence[object]) -> str:
    """Of a row without an id: the same for the same row."""
    return xxh3_128_hexdigest("\x1f".join(string(value) or "" for value in values).encode())


def _expression(field: str, column: str, kind: Kind) -> str:
    name = quoted(column)
    if kind == "bytes":
        return name
    if field in _TIMES and kind == "aware":
        return f"CAST(extract(epoch FROM {name}) AS DOUBLE PRECISION)"
    if field in _TIMES and kind == "wall":
        return f"CAST(extract(epoch FROM CAST({name} AS TIMESTAMP)) AS DOUBLE PRECISION)"
    if field in _TIMES and kind == "number":
        return f"CAST({name} AS DOUBLE PRECISION)"
    return f"CAST({name} AS VARCHAR)"


def _of_day(name: str, kind: Kind, day: Day) -> str:
    """That a time is of the day or its neighbourhood, is missing, or is out of all bounds."""
    if kind == "aware":
        limits = [(day.start_ms - _SECOND_MS, day.end_ms + _SECOND_MS)]
        return _within(name, limits, _moment, [(EARLIEST_MS, LATEST_MS)])
    if kind == "wall":
        # Of whatever zone: its offset is less than a day.
        limits = [(day.start_ms - _DAY_MS, day.end_ms + _DAY_MS)]
        return _within(name, limits, _wall, [(EARLIEST_MS + _DAY_MS, LATEST_MS - _DAY_MS)])
    if kind == "number":
        ranges = epochs(day.start_ms - _SECOND_MS, day.end_ms + _SECOND_MS)
        return _within(name, ranges, _integer, epochs(EARLIEST_MS, LATEST_MS))
    return ""


def _within(
    name: str,
    wanted: Sequence[tuple[float, float]],
    write: Callable[[float], str],
    known: Sequence[tuple[float, float]],
) -> str:
    """In one of `wanted`, or in none of `known`, which are in rising order."""
    ranges = [f"({name} >= {write(low)} AND {name} < {write(high)})" for low, high in wanted]
    gaps = [f"{name} < {write(known[0][0])}", f"{name} >= {write(known[-1][1])}"]
    for (_, end), (start, _) in pairwise(known):
        gaps.append(f"({name} >= {write(end)} AND {name} < {write(start)})")
    return " OR ".join([f"{name} IS NULL", *ranges, *gaps])


def _integer(number: float) -> str:
    # Compared with a fraction, an index of integers would be of no use.
    return str(round(number))


def _moment(ms: float) -> str:
    return f"TIMESTAMPTZ '{_text(ms)}+00'"


def _wall(ms: float) -> str:
    return f"TIMESTAMP '{_text(ms)}'"


def _text(ms: float) -> str:
    moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"
