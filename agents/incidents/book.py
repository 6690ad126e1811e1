"""What is known of every incident: its latest revision."""

from collections.abc import Iterator

from schemas.incidents import Incident

KEPT = 5_000
"""Resolved incidents remembered, the longest resolved go first."""


class Book:
    """Give it every revision as it comes; one that is older than what it has changes nothing."""

    def __init__(self) -> None:
        self._latest: dict[str, Incident] = {}
        self._resolved: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._latest)

    def __iter__(self) -> Iterator[Incident]:
        """The latest opened first."""
        return iter(sorted(self._latest.values(), key=lambda i: (i.opened_at, i.incident_id))[::-1])

    def take(self, incident: Incident) -> bool:
        """Whether the revision is news."""
        known = self._latest.get(incident.incident_id)
        if known is not None and incident.revision <= known.revision:
            return False
        self._latest[incident.incident_id] = incident
        self._resolved.pop(incident.incident_id, None)
        if incident.status == "resolved":
            self._resolved[incident.incident_id] = None
            if len(self._resolved) > KEPT:
                oldest = next(iter(self._resolved))
                del self._resolved[oldest], self._latest[oldest]
        return True

    def get(self, incident_id: str) -> Incident | None:
        """The latest revision of one."""
        return self._latest.get(incident_id)

    def unresolved(self) -> list[Incident]:
        """Those that are not over, the latest opened first."""
        return [incident for incident in self if incident.status != "resolved"]
