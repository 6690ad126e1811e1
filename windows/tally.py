"""What one product said in one minute on one partition: a tumbling window of local clusters."""

from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from schemas.signals import Leaf as CountedLeaf
from schemas.signals import LocalCluster, Sample
from windows.authors import SIZE
from windows.fingerprints import fingerprint
from windows.local_clusters import CHUNK, LocalClusters

MAX_LEAVES = 256
"""Attribute combinations kept per cluster and minute; the rest is counted under OTHER values."""
OTHER = "…"
MAX_SAMPLES = 4
FEW = 16
"""So few distinct texts are left as they are: clustering them costs more than it saves."""
NO_WORDS = fingerprint(())
MAX_FINGERPRINTS = 65_536
_CUT_AUTHORS = 4 * SIZE


class Text(NamedTuple):
    """A text as far as it does not depend on who said it when: redacted, with its terms."""

    fingerprint: int
    terms: tuple[str, ...]
    text: str
    truncated: bool


Leaf: TypeAlias = tuple[str, ...]
"""One combination of attribute values."""


class Group:
    """Counts of one fingerprint, and later of the local cluster of `texts` texts it fell into."""

    __slots__ = ("authors", "late", "leaves", "samples", "text", "texts")

    def __init__(self, text: Text, sample: Sample) -> None:
        self.text = text
        self.texts = 1
        self.late = 0
        self.authors: set[int] = set()
        self.leaves: dict[Leaf, int] = {}
        self.samples = [sample]

    def count(self, leaf: Leaf, author: int) -> None:
        """One event on time."""
        authors, leaves = self.authors, self.leaves
        authors.add(author)
        if len(authors) > _CUT_AUTHORS:
            self.authors = set(sorted(authors)[:SIZE])
        known = leaves.get(leaf)
        if known is None:
            _count_leaf(leaves, leaf, 1)
        else:
            leaves[leaf] = known + 1

    def absorb(self, other: "Group") -> None:
        """Become one with another group."""
        self.texts += other.texts
        self.late += other.late
        self.authors |= other.authors
        if len(self.authors) > _CUT_AUTHORS:
            self.authors = set(sorted(self.authors)[:SIZE])
        for leaf, count in other.leaves.items():
            _count_leaf(self.leaves, leaf, count)
        room = MAX_SAMPLES - len(self.samples)
        if room:
            self.samples += other.samples[:room]


def _count_leaf(leaves: dict[Leaf, int], leaf: Leaf, count: int) -> None:
    known = leaves.get(leaf)
    if known is None:
        known = 0
        if len(leaves) >= MAX_LEAVES:
            leaf = (OTHER,) * len(leaf)
            known = leaves.get(leaf, 0)
    leaves[leaf] = known + count


class Tally:
    """Add events in record order, then read the clusters once.

    Equal fingerprints meet at once; distinct ones are clustered in chunks of a fixed number of
    distinct texts, so the result depends on the records alone and not on how they were polled.
    """

    def __init__(self) -> None:
        self.groups: dict[int, Group] = {}
        self._pending: list[Group] = []
        self._local = LocalClusters()
        self._clusters: dict[int, Group] = {}

    def group(self, text: Text, sample: Sample) -> Group:
        """Start counting a fingerprint that is not in `groups`."""
        if len(self._pending) == CHUNK:
            self._cluster()
        group = Group(text, sample)
        self.groups[text.fingerprint] = group
        self._pending.append(group)
        return group

    def _cluster(self) -> None:
        places = self._local.assign([group.text.terms for group in self._pending])
        for place, group in zip(places, self._pending, strict=True):
            if place in self._clusters:
                self._clusters[place].absorb(group)
            else:
                self._clusters[place] = group
            self.groups[group.text.fingerprint] = self._clusters[place]
        self._pending.clear()
        if len(self.groups) > MAX_FINGERPRINTS:
            self.groups.clear()

    def clusters(self) -> Iterator[LocalCluster]:
        """The minute's clusters in order of first appearance; ends the tally."""
        if not self._clusters and len(self._pending) <= FEW:
            for group in self._pending:
                yield _cluster(group, dict.fromkeys(group.text.terms, 1))
            return
        self._cluster()
        # A cluster may have become part of an earlier one when room ran out.
        for place in sorted(self._clusters, reverse=True):
            root = self._local.root(place)
            if root != place:
                self._clusters[root].absorb(self._clusters.pop(place))
        for place, group in sorted(self._clusters.items()):
            yield _cluster(group, self._local.terms(place, group.texts))


def _cluster(group: Group, terms: dict[str, int]) -> LocalCluster:
    return LocalCluster(
        # What fell into the overflow shares no words, and no name either.
        fingerprint=group.text.fingerprint if terms else NO_WORDS,
        count=sum(group.leaves.values()),
        late=group.late,
        terms=terms,
        authors=tuple(sorted(group.authors)[:SIZE]),
        leaves=_in_order(group.leaves),
        samples=tuple(group.samples),
    )


def totals(clusters: Iterable[LocalCluster]) -> tuple[CountedLeaf, ...]:
    """The leaves of clusters together."""
    leaves: dict[Leaf, int] = {}
    for cluster in clusters:
        for leaf, count in cluster.leaves:
            _count_leaf(leaves, leaf, count)
    return _in_order(leaves)


def _in_order(leaves: dict[Leaf, int]) -> tuple[CountedLeaf, ...]:
    return tuple(sorted(leaves.items(), key=itemgetter(0)))
