"""Naming an incident without its whole id."""

from collections import Counter
from collections.abc import Iterable

from schemas.incidents import Incident
from streams.errors import OperatorError

SHORTEST = 4
"""Characters of an id that may be enough."""
_SHOWN = 8
_CANDIDATES = 5


class UnknownIncident(OperatorError):
    """No incident, or more than one, has this name."""


class Ids:
    """The ids of incidents, and the beginnings that stand for one.

    A beginning means the unresolved incident that has it, if there is just one: that is what
    people act on. Else it means the only incident that has it.
    """

    def __init__(self, incidents: Iterable[Incident]) -> None:
        self._incidents = {incident.incident_id: incident for incident in incidents}
        self._unresolved = [i for i, one in self._incidents.items() if one.status != "resolved"]
        self._open = _beginnings(self._unresolved)
        self._all = _beginnings(self._incidents)

    def find(self, name: str) -> Incident:
        """The incident of this id or beginning of one. Raises UnknownIncident."""
        if name in self._incidents:
            return self._incidents[name]
        if len(name) < SHORTEST:
            raise UnknownIncident(f"{name!r} is too short: give at least {SHORTEST} characters")
        found = [i for i in self._unresolved if i.startswith(name)]
        if not found:
            found = [i for i in self._incidents if i.startswith(name)]
        if len(found) == 1:
            return self._incidents[found[0]]
        if not found:
            raise UnknownIncident(f"no incident {name!r}; see: groundswell incidents list --all")
        more = f" and {len(found) - _CANDIDATES} more" * (len(found) > _CANDIDATES)
        raise UnknownIncident(f"{name!r} may be {', '.join(found[:_CANDIDATES])}{more}: give more")

    def short(self, incident_id: str) -> str:
        """The shortest beginning, of eight characters or more, that `find` takes for this one."""
        unresolved = self._incidents[incident_id].status != "resolved"
        for length in range(_SHOWN, len(incident_id)):
            start = incident_id[:length]
            # A resolved one is found by what no unresolved one and no other resolved one has.
            if (self._open if unresolved else self._all)[start] == 1:
                return start
        return incident_id


def _beginnings(ids: Iterable[str]) -> Counter[str]:
    return Counter(i[:length] for i in ids for length in range(_SHOWN, len(i)))
