"""What one incident went through: an outline of every revision, and its whole course."""

from collections import deque
from typing import Self

import msgspec

from schemas.causes import RcaStatus
from schemas.incidents import Course, Incident, Severity, Status
from schemas.times import MINUTE_MS, Timestamp, format_ms, parse_ms

REVISIONS = 200
"""Outlines kept, the oldest go first."""
MINUTES = 1_440
"""Minutes of the course kept, the oldest go first."""


class Turn(msgspec.Struct, frozen=True):
    """One revision in outline."""

    revision: int
    at: Timestamp
    status: Status
    severity: Severity
    reason: str
    count: int
    expected: float
    rca: RcaStatus

    @classmethod
    def of(cls, incident: Incident) -> Self:
        """The outline of a revision."""
        return cls(
            incident.revision,
            incident.updated_at,
            incident.status,
            incident.severity,
            incident.change_reason,
            incident.observed.count,
            incident.observed.expected,
            incident.rca.status,
        )


class WholeCourse(msgspec.Struct, frozen=True):
    """As `Course`; null where no revision told of the minute."""

    start: Timestamp
    observed: tuple[int | None, ...]
    expected: tuple[float | None, ...]


class History:
    """Give it the revisions of one incident, oldest first."""

    def __init__(self) -> None:
        self._turns: deque[Turn] = deque(maxlen=REVISIONS)
        self._minutes: dict[int, tuple[int, float]] = {}

    def add(self, incident: Incident) -> None:
        """What a later revision says of a minute counts."""
        self._turns.append(Turn.of(incident))
        if incident.course is not None:
            self._draw(incident.course)

    def _draw(self, course: Course) -> None:
        start = parse_ms(course.start) // MINUTE_MS
        for n, counted in enumerate(zip(course.observed, course.expected, strict=False)):
            self._minutes[start + n] = counted
        # By time and not by number: one far minute must not make the chart endless.
        first = max(self._minutes, default=0) - MINUTES
        self._minutes = {m: counted for m, counted in self._minutes.items() if m > first}

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Oldest first."""
        return tuple(self._turns)

    @property
    def course(self) -> WholeCourse | None:
        """All minutes from the first to the last one that is known; None if there are none."""
        if not self._minutes:
            return None
        first, last = min(self._minutes), max(self._minutes)
        found = [self._minutes.get(minute) for minute in range(first, last + 1)]
        return WholeCourse(
            format_ms(first * MINUTE_MS),
            tuple(counted and counted[0] for counted in found),
            tuple(counted and counted[1] for counted in found),
        )
