"""A simulated person on call: what she says, and when."""

from typing import get_args

from agents.incidents.book import Book
from schemas.commands import Acknowledge, Resolve
from schemas.incidents import Incident, Severity

NAME = "ana (demo)"
"""Says in every revision that she is none of us."""
_SEVERITIES = get_args(Severity)
_LOUD = ("critical", "error")


class OnCall:
    """Give her every revision as it comes; she is on one incident at a time."""

    def __init__(self) -> None:
        self._book = Book()
        self._on: str | None = None

    def hear(self, revision: Incident) -> Acknowledge | None:
        """What she says of it: she takes the first that is an error or worse."""
        if not self._book.take(revision):
            return None
        if revision.severity not in _LOUD or revision.status != "open" or self._is_busy:
            return None
        self._on = revision.incident_id
        return Acknowledge(incident_id=revision.incident_id, by=NAME)

    @property
    def _is_busy(self) -> bool:
        incident = self._book.get(self._on) if self._on else None
        return incident is not None and incident.status != "resolved"

    def close(self) -> list[Acknowledge | Resolve]:
        """What she says when no more reports come: another one, that can be undone, is over.

        The one she is on stays hers; the others are left to whoever watches.
        """
        left = self._book.unresolved()
        others = [one for one in left if one.incident_id != self._on]
        if not (choice := others or left):
            return []
        one = min(choice, key=_effort)
        name, text = one.incident_id, remedy(one)
        said: list[Acknowledge | Resolve] = [Resolve(incident_id=name, by=NAME, text=text)]
        return [Acknowledge(incident_id=name, by=NAME), *said] if one.status == "open" else said

    def known(self, incident_id: str) -> Incident:
        """The latest revision of an incident that she speaks of. Raises KeyError."""
        if (incident := self._book.get(incident_id)) is None:
            raise KeyError(incident_id)
        return incident


def _effort(incident: Incident) -> tuple[bool, bool, int, float]:
    """Least where it is known what to take back, then where it is worst."""
    unknown = "app_version" not in incident.slice.attributes
    worst = _SEVERITIES.index(incident.severity), -incident.observed.lift
    return unknown, not incident.changes, *worst


def remedy(incident: Incident) -> str:
    """What could have ended it: the version that broke, or the nearest change, is taken back."""
    if version := incident.slice.attributes.get("app_version"):
        return f"rolled back {version}"
    if incident.changes:
        return f"undone: {incident.changes[0].summary}"
    return "fixed, and watched for an hour"
