"""Who has how many sessions, kept up with: a look at all of them would stop every turn."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice

Whose = tuple[str, str]
"""Tenant and user."""
Place = tuple[int, bytes]
"""Partition and key of a session."""
A_FEW = 20
"""Sessions that one person may have in a worker when there are too many."""


class Holders:
    """The places of each person's sessions, the longest silent first."""

    def __init__(self) -> None:
        self._places: dict[Whose, dict[Place, int]] = {}
        self._greedy: set[Whose] = set()

    def used(self, whose: Whose, place: Place, seen_ms: int) -> None:
        """A session of this person was used just now."""
        mine = self._places.setdefault(whose, {})
        mine.pop(place, None)
        mine[place] = seen_ms
        if len(mine) > A_FEW:
            self._greedy.add(whose)

    def gone(self, whose: Whose, place: Place) -> None:
        """It is there no more."""
        mine = self._places[whose]
        del mine[place]
        if len(mine) <= A_FEW:
            self._greedy.discard(whose)
        if not mine:
            del self._places[whose]

    def too_many(self, most: int) -> list[Place]:
        """The longest silent of whoever has more than a few, so many of them at most."""
        return [place for _, place in nsmallest(most, self._beyond(most))]

    def _beyond(self, most: int) -> Iterable[tuple[int, Place]]:
        for whose in self._greedy:
            mine = self._places[whose]
            for place, seen_ms in islice(mine.items(), min(most, len(mine) - A_FEW)):
                yield seen_ms, place
