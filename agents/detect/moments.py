"""What a theme said in its last hour: counts by leaf, authors and samples of every minute."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from schemas.signals import Leaf, LocalCluster, Sample
from windows.authors import SIZE, AuthorSketch

HOUR = 60
_SAMPLES = 6
_CUT_AUTHORS = 2 * SIZE
_LEAVES = 65_536


class LeafPool:
    """One tuple for equal leaves: every decoded partial brings its own, and they are many."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[str, ...]] = {}

    def shared(self, leaves: Iterable[Leaf]) -> Iterator[Leaf]:
        """The same leaves, as the tuples that are already held."""
        if len(self._known) > _LEAVES:
            self._known.clear()
        for leaf, count in leaves:
            yield self._known.setdefault(leaf, leaf), count


@dataclass
class Moment:
    """One minute of one theme, over all input partitions."""

    minute: int
    count: int = 0
    late: int = 0
    leaves: dict[tuple[str, ...], int] = field(default_factory=dict)
    authors: set[int] = field(default_factory=set)
    samples: list[Sample] = field(default_factory=list)

    def add(self, local: LocalCluster, pool: LeafPool) -> None:
        """Count a local cluster in."""
        self.count += local.count
        self.late += local.late
        add_leaves(self.leaves, pool.shared(local.leaves))
        self.authors.update(local.authors)
        if len(self.authors) > _CUT_AUTHORS:
            # The smallest hashes of a union are among the smallest of its parts.
            self.authors = set(sorted(self.authors)[:SIZE])
        if len(self.samples) < _SAMPLES:
            self.samples.extend(local.samples[: _SAMPLES - len(self.samples)])


def add_leaves(
    into: dict[tuple[str, ...], int], leaves: Iterable[tuple[tuple[str, ...], int]]
) -> None:
    """Add counts leaf by leaf."""
    for leaf, count in leaves:
        into[leaf] = into.get(leaf, 0) + count


class Recent:
    """The moments of one theme, at most an hour back; empty minutes take no room."""

    def __init__(self) -> None:
        self._moments: deque[Moment] = deque()

    def add(self, moment: Moment) -> None:
        """The theme's moment of the minute that is being closed."""
        self._moments.append(moment)
        self.forget(moment.minute)

    def forget(self, minute: int) -> bool:
        """Drop what is older than an hour before `minute`; true if nothing is left."""
        while self._moments and self._moments[0].minute <= minute - HOUR:
            self._moments.popleft()
        return not self._moments

    def since(self, minute: int) -> list[Moment]:
        """Moments from `minute` on, oldest first."""
        return [moment for moment in self._moments if moment.minute >= minute]

    def before(self, minute: int) -> list[Moment]:
        """Moments before `minute`, oldest first."""
        return [moment for moment in self._moments if moment.minute < minute]

    def state(self) -> list[Any]:
        """Everything, as plain data."""
        return [
            [m.minute, m.count, m.late, list(m.leaves.items()), sorted(m.authors), m.samples]
            for m in self._moments
        ]

    @classmethod
    def of_state(cls, state: list[Any]) -> "Recent":
        """Take over what `state` gave."""
        recent = cls()
        for minute, count, late, leaves, authors, samples in state:
            kept = {tuple(leaf): n for leaf, n in leaves}
            texts = msgspec.convert(samples, list[Sample])
            recent._moments.append(Moment(minute, count, late, kept, set(authors), texts))
        return recent


def leaves_of(moments: Iterable[Moment]) -> dict[tuple[str, ...], int]:
    """Counts by leaf over several minutes."""
    total: dict[tuple[str, ...], int] = {}
    for moment in moments:
        add_leaves(total, moment.leaves.items())
    return total


def authors_of(moments: Iterable[Moment]) -> AuthorSketch:
    """The distinct authors of several minutes."""
    sketch = AuthorSketch()
    for moment in moments:
        for author in moment.authors:
            sketch.add(author)
    return sketch
