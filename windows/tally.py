"""What one product said in one minute on one partition: a tumbling window of local clusters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec

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
_KEPT = 512  # events of a group that wait to be counted
_SAMPLE = 500
"""Characters of a text that travel as evidence."""


class Text(msgspec.Struct, frozen=True, gc=False):
    """A text as far as it does not depend on who said it when: redacted, with its terms.

    A log line has a `form` instead, see `windows.masks`.
    """

    fingerprint: int
    terms: tuple[str, ...]
    text: str
    truncated: bool
    form: str = ""


Leaf: TypeAlias = tuple[str, ...]
"""One combination of attribute values."""
_NOTHING: Mapping[Leaf, int] = MappingProxyType({})


Origin: TypeAlias = tuple[int, str, int]
"""Of an event: its time in epoch milliseconds, channel and offset."""


class Group(msgspec.Struct, gc=False):
    """Counts of one fingerprint, and later of the local cluster of `texts` texts it fell into.

    Events are kept as they are until there are some, for most texts of a flood come once, and a
    set and a dictionary for each of them would cost more than all the counting.
    """

    text: Text
    samples: tuple[tuple[Text, Origin], ...]
    texts: int = 1
    late: int = 0
    authors: frozenset[int] = frozenset()
    leaves: Mapping[Leaf, int] = _NOTHING
    events: list[Any] = []
    """Leaf and author of those not counted yet, in turns."""

    @property
    def lines(self) -> int:
        """Events, late ones included."""
        return sum(self.leaves.values()) + len(self.events) // 2 + self.late

    def count(self, leaf: Leaf, author: int) -> None:
        """One event on time."""
        self.events += leaf, author
        if len(self.events) >= _KEPT:
            self.fold()

    def absorb(self, other: "Group") -> None:
        """Become one with another group."""
        self.texts += other.texts
        self.late += other.late
        if other.leaves:
            self.fold()
            self._add(other.authors, other.leaves)
        self.events += other.events
        if len(self.events) >= _KEPT:
            self.fold()
        if len(self.samples) < MAX_SAMPLES:
            self.samples = (self.samples + other.samples)[:MAX_SAMPLES]

    def fold(self) -> None:
        """Count the events kept: then `authors` and `leaves` are complete."""
        self._add(self.events[1::2], Counter(self.events[::2]))
        self.events.clear()

    def local(
        self, source: str, fingerprint: int, terms: dict[str, int], template: str = ""
    ) -> LocalCluster:
        """All that was counted; `source` is the partition, as samples name it."""
        self.fold()
        return LocalCluster(
            fingerprint=fingerprint,
            count=sum(self.leaves.values()),
            late=self.late,
            terms=terms,
            authors=tuple(sorted(self.authors)[:SIZE]),
            leaves=_in_order(self.leaves),
            samples=tuple(
                Sample(text.text[:_SAMPLE], time_ms, channel, f"{source}@{offset}")
                for text, (time_ms, channel, offset) in self.samples
            ),
            template=template,
        )

    def _add(self, authors: Iterable[int], leaves: Mapping[Leaf, int]) -> None:
        self.authors = self.authors.union(authors)
        if len(self.authors) > _CUT_AUTHORS:
            self.authors = frozenset(sorted(self.authors)[:SIZE])
        known = dict(self.leaves)
        for leaf, count in leaves.items():
            _count_leaf(known, leaf, count)
        self.leaves = known


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
    `source` is the partition, as samples name it.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self.groups: dict[int, Group] = {}
        self._pending: list[Group] = []
        self._local = LocalClusters()
        self._clusters: dict[int, Group] = {}

    def group(self, text: Text, origin: Origin) -> Group:
        """Start counting a fingerprint that is not in `groups`."""
        if len(self._pending) == CHUNK:
            self._cluster()
        group = Group(text, ((text, origin),))
        self.groups[text.fingerprint] = group
        self._pending.append(group)
        return group

    def _cluster(self) -> None:
        places = self._local.assign([group.text.terms for group in self._pending])
        for place, group in zip(places, self._pending, strict=True):
            cluster = self._clusters.get(place)
            if cluster is None:
                self._clusters[place] = group
            else:
                cluster.absorb(group)
                self.groups[group.text.fingerprint] = cluster
        self._pending.clear()
        if len(self.groups) > MAX_FINGERPRINTS:
            self.groups.clear()

    def clusters(self) -> Iterator[LocalCluster]:
        """The minute's clusters in order of first appearance; ends the tally."""
        if not self._clusters and len(self._pending) <= FEW:
            for group in self._pending:
                yield self._finished(group, dict.fromkeys(group.text.terms, 1))
            return
        self._cluster()
        # A cluster may have become part of an earlier one when room ran out.
        for place in sorted(self._clusters, reverse=True):
            root = self._local.root(place)
            if root != place:
                self._clusters[root].absorb(self._clusters.pop(place))
        terms = self._local.terms({place: g.texts for place, g in self._clusters.items()})
        for place, group in sorted(self._clusters.items()):
            yield self._finished(group, terms[place])

    def _finished(self, group: Group, terms: dict[str, int]) -> LocalCluster:
        # What fell into the overflow shares no words, and no name either.
        return group.local(self._source, group.text.fingerprint if terms else NO_WORDS, terms)


def totals(clusters: Iterable[LocalCluster]) -> tuple[CountedLeaf, ...]:
    """The leaves of clusters together."""
    leaves: dict[Leaf, int] = {}
    for cluster in clusters:
        for leaf, count in cluster.leaves:
            _count_leaf(leaves, leaf, count)
    return _in_order(leaves)


def _in_order(leaves: Mapping[Leaf, int]) -> tuple[CountedLeaf, ...]:
    return tuple(sorted(leaves.items(), key=itemgetter(0)))
