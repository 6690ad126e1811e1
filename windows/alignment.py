"""Which minutes are complete, when many input partitions progress at their own speed."""

from collections.abc import Iterable
from typing import TypeAlias

from schemas.signals import END

Source: TypeAlias = tuple[str, int]
"""Topic and partition of an input."""


class Alignment:
    """The slowest live source decides; a source that said it is idle is not waited for.

    Sources named as expected are waited for from the start, so that the order in which they first
    show up changes nothing.
    """

    def __init__(self, expected: Iterable[Source]) -> None:
        self._closed: dict[Source, int] = dict.fromkeys(sorted(expected), 0)
        self._idle: set[Source] = set()

    def progress(self, source: Source, closed_through: int, idle: bool) -> None:
        """A source has closed every minute up to `closed_through` (epoch minutes)."""
        self._closed[source] = max(closed_through, self._closed.get(source, 0))
        if idle:
            self._idle.add(source)
        else:
            self._idle.discard(source)

    def safe_through(self) -> int:
        """The last minute that no source waited for can still add to; END when all have ended.

        While every source is silent, the one furthest ahead decides: nobody else will speak.
        """
        live = [closed for source, closed in self._closed.items() if source not in self._idle]
        if live:
            return min(live)
        return max((c for c in self._closed.values() if c != END), default=END)

    def state(self) -> list[tuple[str, int, int, bool]]:
        """(topic, partition, closed_through, idle) of every source, sorted."""
        return [(*s, self._closed[s], s in self._idle) for s in sorted(self._closed)]

    def restore(self, state: Iterable[tuple[str, int, int, bool]]) -> None:
        """Take over what `state` gave."""
        for topic, partition, closed_through, idle in state:
            self.progress((topic, partition), closed_through, idle)
