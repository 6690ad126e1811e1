"""The tables of the review check, the same in every database. A column is a field of its Struct."""

from dataclasses import dataclass
from typing import get_args

from schemas.reviews import (
    Author,
    LabelStatus,
    Lang,
    Sentiment,
    TicketKind,
    TicketSeverity,
)
from sinks.tables.layout import Kind, Layout

VERSION = 1
"""Of the tables; it rises with every column that is added."""
_VERSIONS = "review_tables"


@dataclass(frozen=True)
class Column:
    """A column and what it means; `words` are the only ones it may be."""

    name: str
    meaning: str
    kind: Kind = "text"
    words: tuple[str, ...] = ()
    may_lack: bool = False


@dataclass(frozen=True)
class Table:
    """A table, its key, and the columns that do not tell one row from another."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    aside: tuple[str, ...] = ()

    @property
    def has_dated_key(self) -> bool:
        """A row cannot move to another day."""
        return "date" in self.key

    @property
    def names(self) -> str:
        """Of all columns, in their order."""
        return ", ".join(f'"{column.name}"' for column in self.columns)

    @property
    def telling(self) -> tuple[str, ...]:
        """Columns in which a row that has changed differs."""
        return tuple(f'"{c.name}"' for c in self.columns if c.name not in self.aside)


def _date(meaning: str) -> Column:
    return Column("date", meaning, "date")


LABELS = Table(
    "review_labels",
    "What the night says of each review.",
    ("source",),
    (
        Column("source", "topic-partition@offset, or NAME:ID of a warehouse"),
        _date("the day, in the shop's time zone"),
        Column("time", "when it was written", "time"),
        Column("product", "of what"),
        Column("author", "who wrote it, as the source has it"),
        Column("channel", "where it was said"),
        Column("rating", "1 to 5, if there is one", "real", may_lack=True),
        Column("lang", "zh, en, other or none (no words)", words=get_args(Lang)),
        Column("status", "labelled, open or refused", words=get_args(LabelStatus)),
        Column("reason", "why it is open or refused"),
        Column("sentiment", "positive, negative, neutral or mixed", words=get_args(Sentiment)),
        Column("sentiment_confidence", "0 to 1", "real"),
        Column("aspects", "attributes, as in `review_aspects`", "json"),
        Column("findings", "what was found, as in `review_findings`", "json"),
        Column("campaign", "ticket_id of its campaign"),
        Column("cause", "why the author is not content, if a model was asked"),
        Column("excerpt", "of the text, redacted"),
        Column("by", "rules or model", words=get_args(Author)),
        Column("rules", "version of the rules"),
        Column("models", "version of the models"),
    ),
)
TICKETS = Table(
    "risk_tickets",
    "What somebody has to look at.",
    ("ticket_id",),
    (
        Column("ticket_id", "identity of the ticket"),
        _date("the day of its reviews"),
        Column(
            "kind", "campaign, fake, banned, contact, advert or human", words=get_args(TicketKind)
        ),
        Column("severity", "critical, error, warning or info", words=get_args(TicketSeverity)),
        Column("due", "until when it has to be looked at", "time"),
        Column("title", "one line"),
        Column("product", "of what"),
        Column("reason", "the rule that made it"),
        Column("confidence", "0 to 1", "real"),
        Column("reviews", "how many it is about", "integer"),
        Column("sources", "the first of them", "json"),
        Column("authors", "the first of them", "json"),
        Column("first", "time of the first review", "time"),
        Column("last", "time of the last review", "time"),
        Column("quotes", "redacted", "json"),
        Column("rules", "version of the rules"),
        Column("models", "version of the models"),
    ),
)
NIGHTS = Table(
    "review_nights",
    "The account of each night.",
    ("date",),
    (
        _date("the day that was checked"),
        Column("zone", "the shop's time zone"),
        Column("start", "begin of the day", "time"),
        Column("end", "end of the day", "time"),
        Column("source", "where the reviews came from"),
        Column("read", "reviews of the day", "integer"),
        Column("labelled", "of them labelled", "integer"),
        Column("open", "of them left open", "integer"),
        Column("refused", "of them refused, by reason", "json"),
        Column("findings", "reviews by kind of finding", "json"),
        Column("tickets", "tickets of the day", "integer"),
        Column("campaigns", "campaigns among them", "integer"),
        Column("asked", "reviews put to a language model", "integer"),
        Column("answered", "of them answered", "integer"),
        Column("left_to_rules", "uncertain ones of which no model was asked", "integer"),
        Column("calls", "calls of the language model", "integer"),
        Column("tokens_in", "tokens sent to it", "integer"),
        Column("tokens_out", "tokens that it wrote", "integer"),
        Column("cost", "in the money of the price table", "real"),
        Column("code", "version of the program"),
        Column("rules", "version of the rules"),
        Column("models", "version of the models"),
        Column("seconds", "by stage, of the run that changed this row last", "json"),
    ),
    aside=("seconds",),
)
_COUNTED = (
    Column("measure", "what is counted"),
    Column("name", "of what, such as a language or an attribute"),
    Column("polarity", "of an attribute"),
    Column("reviews", "how many", "integer"),
)
DAYS = Table(
    "review_days",
    "Reviews of each day by status, channel, lang, sentiment, aspect and finding.",
    ("date", "measure", "name", "polarity"),
    (_date("the day"), *_COUNTED),
)
PRODUCT_DAYS = Table(
    "review_product_days",
    "Reviews of each day and product, all and by sentiment and aspect.",
    ("date", "product", "measure", "name", "polarity"),
    (_date("the day"), Column("product", "of what"), *_COUNTED),
)
TABLES = (LABELS, TICKETS, NIGHTS, DAYS, PRODUCT_DAYS)
PENDING = Table(
    "review_pending",
    "What is in the tables and has not been carried on yet.",
    ("target", "key"),
    (
        Column("place", "order", "integer"),
        Column("target", "a topic, or a folder of Parquet files"),
        _date("of the row, or of the file"),
        Column("key", "of the row"),
    ),
)
"""In the DuckDB file only."""

_OF_REVIEW = 'source, date, "time", product, author, channel, lang'
_ASPECT = ("attribute", "polarity", "words", "confidence", "by")
_FINDING = ("kind", "reason", "evidence", "confidence")
# What a label leaves out.
_OTHERWISE = {"confidence": "1", "by": "'rules'", "evidence": "''"}


def layout(schema: str, json: str) -> Layout:
    """Of a database whose type for JSON is `JSON` (DuckDB) or `JSONB` (PostgreSQL)."""
    is_duck = json == "JSON"
    labels = f'"{schema}".{LABELS.name}'
    view = _duck_view if is_duck else _postgres_view
    return Layout(
        schema,
        json,
        (*TABLES, PENDING) if is_duck else TABLES,
        versions=_VERSIONS,
        version=VERSION,
        views={
            "review_aspects": view(labels, "aspects", _ASPECT),
            "review_findings": view(labels, "findings", _FINDING),
        },
        # DuckDB would hold an index of all keys in memory. What is merged is unique by itself.
        indexed={} if is_duck else {LABELS.name: "date", TICKETS.name: "date"},
        keyed=not is_duck,
    )


def _duck_view(labels: str, column: str, fields: tuple[str, ...]) -> str:
    form = ", ".join(f'"{f}":"{"DOUBLE" if f == "confidence" else "VARCHAR"}"' for f in fields)
    return (
        f"SELECT {_OF_REVIEW}, {_fields(fields)} FROM (SELECT {_OF_REVIEW},"
        f" unnest(from_json({column}, '[{{{form}}}]')) AS one FROM {labels})"
    )


def _postgres_view(labels: str, column: str, fields: tuple[str, ...]) -> str:
    form = ", ".join(f'"{f}" {"FLOAT8" if f == "confidence" else "TEXT"}' for f in fields)
    return (
        f"SELECT {_OF_REVIEW}, {_fields(fields)} FROM {labels}"
        f" CROSS JOIN LATERAL jsonb_to_recordset({column}) AS one ({form})"
    )


def _fields(fields: tuple[str, ...]) -> str:
    return ", ".join(
        f'coalesce(one."{f}", {_OTHERWISE[f]}) AS "{f}"' if f in _OTHERWISE else f'one."{f}"'
        for f in fields
    )
