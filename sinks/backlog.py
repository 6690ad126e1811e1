"""What one receiver has not been given yet, and how far the log is done with."""

from collections.abc import Hashable, Iterable, Iterator

from schemas.incidents import RANK, Incident
from sinks.feed import Place, Told
from sinks.settlement import Settlement


class Backlog:
    """With `every` each revision waits for its turn, else only the latest one of an incident."""

    def __init__(self, *, every: bool) -> None:
        self._every = every
        self._waiting: dict[Hashable, Told] = {}
        self._settlement = Settlement()

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Told]:
        return iter(self._waiting.values())

    def add(self, told: Told) -> None:
        """Take it in; an older revision of the same incident need not be told any more."""
        name = self._name(told)
        known = self._waiting.get(name)
        if known is not None and told.incident.revision < known.incident.revision:
            self.skip(told.place)
            return
        self._settlement.open(told.place)
        # In its old place: an incident of the same key may wait behind it.
        self._waiting[name] = told
        if known is not None:
            self._settlement.done(known.place)

    def skip(self, place: Place) -> None:
        """There is nothing to tell at this place."""
        self._settlement.open(place)
        self._settlement.done(place)

    def next(self, most: int) -> list[Told]:
        """What to tell next; it waits until it is `done`.

        All in turn, or the worst first and what is over last, but of one key only the oldest.
        """
        if self._every:
            return list(self._waiting.values())[:most]
        heads: dict[str, Told] = {}
        for told in self._waiting.values():
            heads.setdefault(told.incident.incident_key, told)
        return sorted(heads.values(), key=lambda told: _urgency(told.incident))[:most]

    def done(self, some: Iterable[Told]) -> None:
        """They need not be told any more; a newer revision that has come meanwhile stays."""
        for told in some:
            if self._waiting.get(self._name(told)) is told:
                del self._waiting[self._name(told)]
            self._settlement.done(told.place)

    def settled(self) -> list[Place]:
        """The last place of each partition up to which all is done."""
        return self._settlement.settled()

    def _name(self, told: Told) -> Hashable:
        return told.place if self._every else told.incident.incident_id


def _urgency(incident: Incident) -> tuple[bool, int]:
    return incident.status == "resolved", -RANK[incident.severity]
