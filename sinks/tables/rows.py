"""Incidents as rows, the same in every database: which tables there are and what is in them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar, get_args

import msgspec

from schemas.causes import Evidence, Hypothesis, NearChange
from schemas.incidents import Incident, Severity, Status, decode_incident, encode_incident
from sinks.errors import Rejected
from sinks.tables.layout import Kind, Value
from sinks.tables.nul import has_nul, without_nul

Row: TypeAlias = tuple[Value, ...]
P = TypeVar("P")

VERSION = 1
"""Of the tables; it rises with every column that is added."""

_json = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class Column(Generic[P]):
    """A column, what it means, and where its value comes from.

    Without `kind` it is a text; `words` are the only ones it may be.
    """

    name: str
    meaning: str
    value: Callable[[P], object]
    kind: Kind = "text"
    words: tuple[str, ...] = ()

    def stored(self, part: P) -> Value:
        """As a database takes it: times are datetimes, JSON is a text. Raises ValueError."""
        value = self.value(part)
        if self.kind == "json":
            return _json(value).decode()
        if self.kind == "time" and isinstance(value, str):
            return datetime.fromisoformat(value)
        assert value is None or isinstance(value, str | int | float)
        return value


@dataclass(frozen=True)
class Table(Generic[P]):
    """A table, its key, and of which parts of an incident it has a row each."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column[P], ...]
    parts: Callable[[Incident], Iterable[P]]

    def rows(self, incidents: Iterable[Incident]) -> list[Row]:
        """Values in the order of the columns, sorted by key. Raises Rejected."""
        found = [row for incident in incidents for row in self._rows(incident)]
        places = [n for n, column in enumerate(self.columns) if column.name in self.key]
        return sorted(found, key=lambda row: [row[n] for n in places])

    def _rows(self, incident: Incident) -> list[Row]:
        try:
            return [
                tuple(column.stored(part) for column in self.columns)
                for part in self.parts(incident)
            ]
        except ValueError as error:
            raise Rejected(f"a value of {self.name} is none: {error}") from None


class _Part(NamedTuple, Generic[P]):
    """A fact in the list of its incident, `rank` from 1."""

    incident: Incident
    rank: int
    fact: P


def _parts(incident: Incident, facts: Sequence[P]) -> list[_Part[P]]:
    return [_Part(incident, rank, fact) for rank, fact in enumerate(facts, 1)]


_REVISION: tuple[Column[Incident], ...] = (
    Column("incident_id", "identity of the incident", lambda i: i.incident_id),
    Column("revision", "of this row", lambda i: i.revision, "integer"),
    Column("incident_key", "the same for every incident of a theme", lambda i: i.incident_key),
    Column(
        "status", "open, acknowledged, resolved or suppressed", lambda i: i.status,
        words=get_args(Status),
    ),
    Column(
        "severity", "critical, error, warning or info", lambda i: i.severity,
        words=get_args(Severity),
    ),
    Column("title", "one line", lambda i: i.title),
    Column("product", "of what", lambda i: i.product),
    Column("service", "of which service, if one stands out", lambda i: i.service),
    Column("opened_at", "when it was opened", lambda i: i.opened_at, "time"),
    Column("detected_at", "end of the minute that showed it", lambda i: i.detected_at, "time"),
    Column("updated_at", "when this revision was made", lambda i: i.updated_at, "time"),
    Column("resolved_at", "when it was over", lambda i: i.resolved_at, "time"),
    Column("onset_estimate", "when it began", lambda i: i.onset.estimate, "time"),
    Column("onset_earliest", "when it may have begun", lambda i: i.onset.earliest, "time"),
    Column("observed_count", "reports, at its height", lambda i: i.observed.count, "integer"),
    Column("expected_count", "reports expected in it", lambda i: i.observed.expected, "real"),
    Column("window_minutes", "the window", lambda i: i.observed.window_minutes, "integer"),
    Column("lift", "observed over expected", lambda i: i.observed.lift, "real"),
    Column("score", "in units of the threshold", lambda i: i.observed.score, "real"),
    Column("slice", "for whom: attribute values", lambda i: i.slice.attributes, "json"),
    Column("slice_share", "share of the excess in the slice", lambda i: i.slice.share, "real"),
    Column("slice_lift", "over its usual share", lambda i: i.slice.lift, "real"),
    Column("slice_abstained", "no slice is named", lambda i: i.slice.abstained, "boolean"),
    Column("impact_users", "distinct people who reported it", lambda i: i.impact.users, "integer"),
    Column("impact_low", "at least", lambda i: i.impact.low, "integer"),
    Column("impact_high", "at most", lambda i: i.impact.high, "integer"),
    Column("channels", "reports per channel", lambda i: i.channels, "json"),
    Column("labels", "for routing, fixed at opening", lambda i: i.labels, "json"),
    Column("category", "what kind of trouble", lambda i: i.rca.category),
    Column("rca_status", "what became of the analysis", lambda i: i.rca.status),
    Column("rca_source", "rules or model", lambda i: i.rca.source),
    Column("related_incident_ids", "linked", lambda i: i.related_incident_ids, "json"),
    Column("head_incident_id", "likely cause of the linked ones", lambda i: i.head_incident_id),
    Column("previous_incident_id", "the one before it", lambda i: i.previous_incident_id),
    Column(
        "acknowledged_by", "who is on it",
        lambda i: i.acknowledgement and i.acknowledgement.by,
    ),
    Column(
        "acknowledged_at", "since when",
        lambda i: i.acknowledgement and i.acknowledgement.at, "time",
    ),
    Column("silenced_until", "until when", lambda i: i.silence and i.silence.until, "time"),
    Column("useful", "votes for it", lambda i: i.opinions and i.opinions.useful, "integer"),
    Column(
        "not_useful", "votes against it", lambda i: i.opinions and i.opinions.not_useful, "integer"
    ),
    Column("change_reason", "why this revision was made", lambda i: i.change_reason),
    Column("document", "the whole revision as it is on the topic", lambda i: i, "json"),
)  # fmt: skip


def _itself(incident: Incident) -> tuple[Incident]:
    return (incident,)


def _belongs() -> tuple[Column[_Part[Any]], ...]:
    """What every fact begins with."""
    return (
        Column("incident_id", "identity of the incident", lambda p: p.incident.incident_id),
        Column("revision", "of the incident", lambda p: p.incident.revision, "integer"),
        Column("rank", "place in the incident, from 1", lambda p: p.rank, "integer"),
    )


_EVIDENCE: tuple[Column[_Part[Evidence]], ...] = (
    *_belongs(),
    Column("id", "what hypotheses cite", lambda p: p.fact.id),
    Column("channel", "where it was said", lambda p: p.fact.channel),
    Column("time", "when", lambda p: p.fact.time, "time"),
    Column("text", "redacted", lambda p: p.fact.text),
    Column("source", "topic-partition@offset", lambda p: p.fact.source),
)
_CHANGES: tuple[Column[_Part[NearChange]], ...] = (
    *_belongs(),
    Column("id", "what hypotheses cite", lambda p: p.fact.id),
    Column("summary", "what was changed", lambda p: p.fact.summary),
    Column("time", "when", lambda p: p.fact.time, "time"),
    Column(
        "minutes_before_onset", "negative: after it",
        lambda p: p.fact.minutes_before_onset, "integer",
    ),
    Column("fits", "what it shares with the incident", lambda p: p.fact.fits, "json"),
)  # fmt: skip
_HYPOTHESES: tuple[Column[_Part[Hypothesis]], ...] = (
    *_belongs(),
    Column("cause", "in English", lambda p: p.fact.cause),
    Column("cause_zh", "in Chinese", lambda p: p.fact.cause_zh),
    Column("category", "what kind of cause", lambda p: p.fact.category),
    Column("confidence", "low, medium or high", lambda p: p.fact.confidence),
    Column("evidence_ids", "ids of facts of the incident", lambda p: p.fact.evidence_ids, "json"),
)

INCIDENTS = Table(
    "incidents", "The latest revision of every incident.", ("incident_id",), _REVISION, _itself
)
REVISIONS = Table(
    "incident_revisions", "Every revision.", ("incident_id", "revision"), _REVISION, _itself
)
_FACT = ("incident_id", "rank")
FACTS: tuple[Table[Any], ...] = (
    Table(
        "incident_evidence", "Texts of the latest revision.", _FACT, _EVIDENCE,
        lambda i: _parts(i, i.evidence),
    ),
    Table(
        "incident_changes", "Changes near the onset, of the latest revision.", _FACT, _CHANGES,
        lambda i: _parts(i, i.changes),
    ),
    Table(
        "incident_hypotheses", "Possible causes, of the latest revision.", _FACT, _HYPOTHESES,
        lambda i: _parts(i, i.rca.hypotheses),
    ),
)  # fmt: skip
TABLES: tuple[Table[Any], ...] = (INCIDENTS, REVISIONS, *FACTS)


def latest(incidents: Iterable[Incident]) -> list[Incident]:
    """Of each incident the highest revision."""
    found: dict[str, Incident] = {}
    for incident in incidents:
        known = found.get(incident.incident_id)
        if known is None or incident.revision > known.revision:
            found[incident.incident_id] = incident
    return list(found.values())


def storable(incident: Incident) -> Incident:
    """Without NUL, which PostgreSQL has neither in texts nor in JSON."""
    document = encode_incident(incident)
    if not has_nul(document):
        return incident
    return decode_incident(without_nul(document))
