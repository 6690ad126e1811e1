"""`[source]` and `[columns]` of the file of the reviews."""

import string
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from sinks.cluster import Secret
from sinks.tables.server import parameters_of
from streams.reviews.day import zone_of
from streams.reviews.errors import BadDate

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$"
_HOUR_MS = 3_600_000
_TRIED = datetime(2026, 11, 20, 21, 14, 3)


class SourceOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every kind of source may say."""

    name: Annotated[
        str, Meta(pattern=NAME, description="put before every id: NAME:ID is the same for ever")
    ] = "reviews"
    product: Annotated[str, Meta(max_length=128, description="of reviews that name none")] = ""
    channel: Annotated[str, Meta(max_length=128, description="of reviews that name none")] = ""

    @property
    def late_ms(self) -> int:
        """How long after its day a review may come and still be of it."""
        return 0


class FilesOptions(SourceOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[source] kind = "files"`."""

    path: Annotated[
        str,
        Meta(
            min_length=1,
            description="a file, a folder or a pattern of .parquet, .csv, .tsv and .jsonl (also"
            " .gz); {date} stands for the day",
        ),
    ]
    neighbours: Annotated[
        int,
        Meta(ge=0, le=31, description="days before and after {date} whose files are read too"),
    ] = 1
    encoding: Annotated[str, Meta(description="of CSV and JSONL, such as gb18030")] = "utf-8"
    delimiter: Annotated[
        str, Meta(max_length=1, description="of CSV; empty: a comma, in .tsv a tab")
    ] = ""

    def __post_init__(self) -> None:
        try:
            b"a".decode(self.encoding, "replace")
        except (LookupError, ValueError):
            raise ValueError(f"encoding: there is no {self.encoding!r}: write utf-8") from None
        if self.delimiter in ("\n", "\r", '"'):
            raise ValueError("delimiter: write one such as ; or \\t")
        self.path_of(_TRIED.date())

    @property
    def is_dated(self) -> bool:
        """Each day has files of its own."""
        return any(field is not None for _, field, _, _ in string.Formatter().parse(self.path))

    def path_of(self, day: date) -> str:
        """The path with the date in it. Raises ValueError."""
        try:
            parts = list(string.Formatter().parse(self.path))
        except ValueError:
            parts = [("", "?", "", None)]
        if any(field not in (None, "date") or how for _, field, _, how in parts):
            raise ValueError("path: {date} or {date:%Y%m%d} is all that may stand in braces")
        return self.path.format(date=day)


class SqlOptions(SourceOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table or a query."""

    table: Annotated[str, Meta(description="TABLE or SCHEMA.TABLE")] = ""
    query: Annotated[str, Meta(description="a SELECT, instead of table")] = ""

    def __post_init__(self) -> None:
        if bool(self.table.strip()) == bool(self.query.strip()):
            raise ValueError("write either table or query")


class DuckOptions(SqlOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[source] kind = "duckdb"`."""

    file: Annotated[str, Meta(min_length=1, description="the database; it is only read")]


class PostgresOptions(SqlOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[source] kind = "postgres"`."""

    url: Annotated[Secret, Meta(description="postgresql://USER:PASSWORD@HOST:PORT/DATABASE")]
    timeout_seconds: Annotated[
        int, Meta(ge=1, le=86_400, description="patience with one statement")
    ] = 600

    def __post_init__(self) -> None:
        super().__post_init__()
        parameters_of(self.url)


class TopicOptions(SourceOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[source] kind = "topic"`."""

    topics: Annotated[
        tuple[str, ...],
        Meta(min_length=1, description="without the prefix, such as feedback.app"),
    ]
    late_hours: Annotated[
        float,
        Meta(
            ge=0,
            le=100_000,
            description="how long after its day a review may reach the topic and still be of it",
        ),
    ] = 1.0

    @property
    def late_ms(self) -> int:
        """How long after its day a review may come and still be of it."""
        return round(self.late_hours * _HOUR_MS)


KINDS: dict[str, type[SourceOptions]] = {
    "files": FilesOptions,
    "duckdb": DuckOptions,
    "postgres": PostgresOptions,
    "topic": TopicOptions,
}


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[columns]`: which column is what, and how times and ratings are written."""

    text: Annotated[
        str | tuple[str, ...],
        Meta(description='column of the text, or several: ["title", "body"]'),
    ] = "text"
    time: Annotated[str, Meta(description="when the review was written")] = "time"
    id: Annotated[str, Meta(description="what no other review has")] = ""
    product: Annotated[str, Meta(description="what the review is about")] = ""
    author: Annotated[str, Meta(description="who wrote it")] = ""
    rating: Annotated[str, Meta(description="stars")] = ""
    lang: Annotated[str, Meta(description="language")] = ""
    channel: Annotated[str, Meta(description="where it was written")] = ""
    account_created: Annotated[str, Meta(description="when the author's account was made")] = ""
    account_days: Annotated[str, Meta(description="age of the author's account in days")] = ""
    time_format: Annotated[str, Meta(description="of times as text, strptime's")] = ""
    time_zone: Annotated[
        str, Meta(description="of times without an offset; empty: that of the shop")
    ] = ""
    rating_scale: Annotated[
        float, Meta(gt=0, description="the best rating; 1: thumbs up or down")
    ] = 5.0

    def __post_init__(self) -> None:
        if not self.texts or not all(self.texts):
            raise ValueError("text: name the column of the text")
        if not self.time:
            raise ValueError("time: name the column of the time")
        if self.account_created and self.account_days:
            raise ValueError("account_created and account_days: one of them is enough")
        if self.time_format:
            _check_format(self.time_format)
        if self.time_zone:
            try:
                zone_of(self.time_zone)
            except BadDate as error:
                raise ValueError(f"time_zone: {error}") from None

    @property
    def texts(self) -> tuple[str, ...]:
        """The columns of the text."""
        return (self.text,) if isinstance(self.text, str) else self.text

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """(field, column) of those that have one; further columns of the text are text1, text2."""
        texts = [("text" if n == 0 else f"text{n}", name) for n, name in enumerate(self.texts)]
        others = [(field, getattr(self, field)) for field in _FIELDS]
        return (*texts, *((field, column) for field, column in others if column))


_FIELDS = (
    "time",
    "id",
    "product",
    "author",
    "rating",
    "lang",
    "channel",
    "account_created",
    "account_days",
)


def _check_format(time_format: str) -> None:
    try:
        read = datetime.strptime(_TRIED.strftime(time_format), time_format)
    except ValueError as error:
        raise ValueError(f"time_format: {error}") from None
    if read.date() != _TRIED.date():
        raise ValueError(f"time_format: {time_format} names no whole date: write %Y-%m-%d or so")
