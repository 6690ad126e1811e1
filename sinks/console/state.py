"""All the page shows of incidents: the latest of each, and what the last ones went through."""

from typing import Self

import msgspec

from agents.incidents.book import Book
from schemas.incidents import Incident, Severity, Status
from schemas.times import Timestamp
from sinks.console.history import History, Turn, WholeCourse

HISTORIES = 500
"""Incidents whose history is kept, those without news for longest go first."""
RESOLVED = 200
"""Resolved incidents listed at most."""
DAY_MS = 86_400_000
_SPARK = 30


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as the list shows it; `spark`: reports of the last minutes, oldest first."""

    incident_id: str
    revision: int
    status: Status
    severity: Severity
    title: str
    product: str
    service: str | None
    opened_at: Timestamp
    onset: Timestamp
    updated_at: Timestamp
    resolved_at: Timestamp | None
    count: int
    expected: float
    window_minutes: int
    people: int
    where: dict[str, str]
    handled_by: str | None
    silenced_until: Timestamp | None
    cause: str
    cause_zh: str
    spark: tuple[int, ...]

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """The brief of the latest revision."""
        first = incident.rca.hypotheses[:1]
        return cls(
            incident_id=incident.incident_id,
            revision=incident.revision,
            status=incident.status,
            severity=incident.severity,
            title=incident.title,
            product=incident.product,
            service=incident.service,
            opened_at=incident.opened_at,
            onset=incident.onset.estimate,
            updated_at=incident.updated_at,
            resolved_at=incident.resolved_at,
            count=incident.observed.count,
            expected=incident.observed.expected,
            window_minutes=incident.observed.window_minutes,
            people=incident.impact.users,
            where=incident.slice.attributes,
            handled_by=incident.acknowledgement.by if incident.acknowledgement else None,
            silenced_until=incident.silence.until if incident.silence else None,
            cause=first[0].cause if first else "",
            cause_zh=first[0].cause_zh if first else "",
            spark=incident.course.observed[-_SPARK:] if incident.course else (),
        )


class Detail(msgspec.Struct, frozen=True):
    """One incident with all that is known of it."""

    incident: Incident
    revisions: tuple[Turn, ...]
    course: WholeCourse | None


class State:
    """Give it every revision as it comes."""

    def __init__(self) -> None:
        self._book = Book()
        self._histories: dict[str, History] = {}
        self._resolved_ms: dict[str, int] = {}

    def take(self, incident: Incident, written_ms: int) -> bool:
        """Whether it is news; `written_ms`: when it was put on the log."""
        if not self._book.take(incident):
            return False
        name = incident.incident_id
        # Taken out and put in again: the order is that of the last news.
        history = self._histories.pop(name, None) or History()
        self._histories[name] = history
        history.add(incident)
        if len(self._histories) > HISTORIES:
            del self._histories[next(iter(self._histories))]
        if incident.status == "resolved":
            self._resolved_ms[name] = written_ms
        return True

    def briefs(self, now_ms: int) -> list[Brief]:
        """Those that are not over and those resolved within a day, the latest opened first.

        The day is that of the log's clock: event time may be long ago, of a replay.
        """
        self._resolved_ms = {n: ms for n, ms in self._resolved_ms.items() if now_ms - ms < DAY_MS}
        fresh = sorted(self._resolved_ms, key=self._resolved_ms.__getitem__)[-RESOLVED:]
        shown = set(fresh)
        return [
            Brief.of(incident)
            for incident in self._book
            if incident.status != "resolved" or incident.incident_id in shown
        ]

    def detail(self, incident_id: str) -> Detail | None:
        """One incident; None if it is not known."""
        incident = self._book.get(incident_id)
        if incident is None:
            return None
        history = self._histories.get(incident_id)
        if history is None:
            history = History()
            history.add(incident)
        return Detail(incident, history.turns, history.course)
