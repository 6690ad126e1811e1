"""What one product said in one minute on one partition: a tumbling window of local clusters."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.signals import Leaf, LocalCluster, Sample
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


class _Group:
    """Counts of one fingerprint, and later of the local cluster of `texts` texts it fell into."""

    __slots__ = ("authors", "count", "late", "leaves", "samples", "text", "texts")

    def __init__(self, text: Text, sample: Sample) -> None:
        self.text = text
        self.texts = 1
        self.count = 0
        self.late = 0
        self.authors: set[int] = set()
        self.leaves: dict[tuple[str, ...], int] = {}
        self.samples = [sample]

    def absorb(self, other: "_Group") -> None:
        self.texts += other.texts
        self.count += other.count
        self.late += other.late
        self.authors |= other.authors
        for leaf, count in other.leaves.items():
            _count_leaf(self.leaves, leaf, count)
        for sample in other.samples:
            if len(self.samples) < MAX_SAMPLES:
                self.samples.append(sample)


def _count_leaf(leaves: dict[tuple[str, ...], int], leaf: tuple[str, ...], count: int = 1) -> None:
    if leaf not in leaves and len(leaves) >= MAX_LEAVES:
        leaf = (OTHER,) * len(leaf)
    leaves[leaf] = leaves.get(leaf, 0) + count


class Tally:
    """Add events in record order, then read the clusters once.

    Equal fingerprints meet at once; distinct ones are clustered in chunks of a fixed number of
    distinct texts, so the result depends on the records alone and not on how they were polled.
    """

    def __init__(self) -> None:
        self.totals: dict[tuple[str, ...], int] = {}
        self._groups: dict[int, _Group] = {}
        self._pending: list[_Group] = []
        self._local = LocalClusters()
        self._clusters: dict[int, _Group] = {}

    def group(self, text: Text, sample: Sample) -> _Group:
        """Start counting a fingerprint not seen this minute."""
        if len(self._pending) == CHUNK:
            self._cluster()
        group = _Group(text, sample)
        self._groups[text.fingerprint] = group
        self._pending.append(group)
        return group

    def known(self, fingerprint: int) -> _Group | None:
        """Where this fingerprint is counted, if it was seen this minute."""
        return self._groups.get(fingerprint)

    def count(self, group: _Group, leaf: tuple[str, ...], author: int) -> None:
        """One event on time."""
        group.count += 1
        authors = group.authors
        authors.add(author)
        if len(authors) > _CUT_AUTHORS:
            group.authors = set(sorted(authors)[:SIZE])
        leaves = group.leaves
        if leaf in leaves:
            leaves[leaf] += 1
        else:
            _count_leaf(leaves, leaf)
        totals = self.totals
        if leaf in totals:
            totals[leaf] += 1
        else:
            _count_leaf(totals, leaf)

    def _cluster(self) -> None:
        places = self._local.assign([group.text.terms for group in self._pending])
        for place, group in zip(places, self._pending, strict=True):
            if place in self._clusters:
                self._clusters[place].absorb(group)
            else:
                self._clusters[place] = group
            self._groups[group.text.fingerprint] = self._clusters[place]
        self._pending.clear()
        if len(self._groups) > MAX_FINGERPRINTS:
            self._groups.clear()

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


def _cluster(group: _Group, terms: dict[str, int]) -> LocalCluster:
    return LocalCluster(
        # What fell into the overflow shares no words, and no name either.
        fingerprint=group.text.fingerprint if terms else NO_WORDS,
        count=group.count,
        late=group.late,
        terms=terms,
        authors=tuple(sorted(group.authors)[:SIZE]),
        leaves=sorted_leaves(group.leaves),
        samples=tuple(group.samples),
    )


def sorted_leaves(leaves: dict[tuple[str, ...], int]) -> tuple[Leaf, ...]:
    """The wire form: sorted by values."""
    return tuple(sorted(leaves.items()))
