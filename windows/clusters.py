"""What people talk about: one-pass leader clustering of one product's short texts, with links."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from windows.centroids import Centroids
from windows.known import KnownTexts
from windows.links import Aliases, Link, pairs

THRESHOLD = 0.15
"""Similarity at which a text joins a topic: one value for English words and Chinese bigrams.

.12 to .18 is flat for both, and the middle leans to splitting: two incidents made one do more
harm than one incident made two, and links mend the latter.
"""

TEXTS_KEPT = 4_096
"""Fingerprints remembered, see `KnownTexts`."""

LINK_EVERY = 200
"""Texts learnt between two looks for links."""

LINK_AFTER = 360
"""Minutes after which fewer texts will do."""

FEW = 2
"""A cluster of so few learnt texts is linked like a text, to where it would have joined today."""

FEW_IDLE = 60
"""Minutes of silence before that: what is being said may be the beginning of something new."""

FEW_THRESHOLD = 0.12
"""Similarity at which it is; the topic has learnt more words since, so less is by chance."""

_SMALL = 2
_SMALL_SHARE = 4
"""One in so many clusters kept may be of one or two texts: most of these never get a third."""
_STATE_VERSION = 3


class Assignment(NamedTuple):
    """Where a local cluster went.

    `similarity` is that to the cluster joined, see `Centroids.nearest`, 1.0 for a text seen before;
    for a cluster just born it is that to the nearest one, which was below the threshold.
    """

    cluster: int
    born: bool
    similarity: float


class Clusters:
    """Leader clustering with tf-idf cosine, fed with local clusters in a fixed order.

    A local cluster joins the most similar cluster (lowest id on ties) if the similarity reaches
    `threshold`, else it founds a new one. Ids are ordinals and never reused. Clusters that turn
    out to be one topic are linked under the id of the oldest, see `link`. Old topics fade: counts
    halve every `half_life` minutes of event time. `limit` caps the clusters kept by `evict`, and
    the ids of linked ones that are remembered. Same calls in, same answers out, also across `state`
    and `restore`.
    """

    def __init__(
        self, *, threshold: float = THRESHOLD, limit: int = 100_000, half_life: int = 7 * 1440
    ) -> None:
        self._threshold = threshold
        self._limit = limit
        self._centroids = Centroids(half_life)
        self._sizes: dict[int, int] = {}
        self._small: set[int] = set()
        self._known = KnownTexts(TEXTS_KEPT)
        self._aliases = Aliases(limit)
        self._touched: set[int] = set()
        self._learnt = 0
        self._linked_minute = 0
        self._next_id = 0

    def __len__(self) -> int:
        return len(self._sizes)

    def assign(
        self, terms: Mapping[str, int], count: int, fingerprint: int, minute: int
    ) -> Assignment:
        """Put a local cluster of `count` texts, with `terms` summed over them, where it belongs.

        `fingerprint` names the most frequent text of the local cluster: while it is remembered, it
        alone decides, and the terms are not learnt again. `minute` is the epoch minute of the
        texts; an older one is counted too, but does not turn time back.
        """
        centroids = self._centroids
        centroids.advance(minute)
        known = self._cluster_of(fingerprint)
        if known is not None:
            self._count(known, count, minute)
            return Assignment(known, False, 1.0)
        text = centroids.weigh(terms)
        nearest, similarity = centroids.nearest(text, self._threshold)
        born = nearest is None or similarity < self._threshold
        if nearest is None or born:
            nearest = self._next_id
            self._next_id += 1
            self._sizes[nearest] = 0
            self._small.add(nearest)
            centroids.add(nearest)
        # The mean text, times 1 + ln(count) lest a burst drown the rest.
        centroids.learn(nearest, text, (1.0 + math.log(count)) / count)
        self._touched.add(nearest)
        self._learnt += 1
        self._known.put(fingerprint, nearest)
        self._count(nearest, count, minute)
        return Assignment(nearest, born, similarity)

    def link(self, apart: Collection[int] = ()) -> list[Link]:
        """Make one of clusters that turn out to be one topic; the links in the order made.

        Call it at the end of every minute: it looks only after `LINK_EVERY` texts learnt or
        `LINK_AFTER` minutes, and only at clusters that learnt some; at those of `FEW` texts once
        they are idle. The older id stays, `root` knows the other from then on. All that the caller
        keeps under the id `gone` must be added to what it keeps under `into`. No two of the
        clusters `apart` become one.
        """
        minute = self._centroids.minute
        if self._learnt < LINK_EVERY and minute - self._linked_minute < LINK_AFTER:
            return []
        self._linked_minute = minute
        links: list[Link] = []
        separate = set(apart)
        touched = sorted(self._touched)
        while touched:
            made = self._link_pairs(touched, separate)
            links += made
            touched = sorted({link.into for link in made})
        waiting = {key for key in self._touched if self._is_few(key) and not self._is_idle(key)}
        for key in sorted(self._touched - waiting):
            links += self._link_few(key, separate)
        self._touched = waiting & self._sizes.keys()
        self._learnt = 0
        return links

    def root(self, cluster: int) -> int:
        """The id of the cluster that the one called `cluster` is part of by now."""
        return self._aliases.root(cluster)

    def terms(self, cluster: int, n: int) -> list[str]:
        """The `n` heaviest terms of a cluster by tf-idf. Raises KeyError if it is not there."""
        return self._centroids.heaviest(cluster, n)

    def evict(self, keep: Collection[int]) -> list[int]:
        """Drop clusters above the limit and return their ids, ascending.

        Clusters of one or two texts go before larger ones, then the longest idle, then the lowest
        id. Of those few texts at most a quarter of the limit stays anyway. Those in `keep` never
        go, even if a limit stays exceeded.
        """
        excess = len(self._sizes) - self._limit
        excess_small = len(self._small) - self._limit // _SMALL_SHARE
        if excess <= 0 and excess_small <= 0:
            return []
        kept = frozenset(keep)
        small = self._idlest(self._small - kept, max(excess, excess_small))
        large = self._idlest(self._sizes.keys() - self._small - kept, excess - len(small))
        dropped = sorted(small + large)
        for key in dropped:
            del self._sizes[key]
            self._small.discard(key)
            self._touched.discard(key)
            self._centroids.drop(key)
            self._aliases.forget(key)
        return dropped

    def state(self) -> dict[str, Any]:
        """Everything needed to go on exactly, as plain JSON values (fingerprints have 64 bits)."""
        return {
            "version": _STATE_VERSION,
            "next_id": self._next_id,
            "learnt": self._learnt,
            "linked_minute": self._linked_minute,
            "touched": sorted(self._touched),
            "aliases": self._aliases.state(),
            "centroids": self._centroids.state(),
            "known": self._known.state(),
            "sizes": [*self._sizes.items()],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`. Raises ValueError if another version wrote it."""
        if state["version"] != _STATE_VERSION:
            raise ValueError(f"cluster state version {state['version']} is not {_STATE_VERSION}")
        self._next_id = state["next_id"]
        self._learnt = state["learnt"]
        self._linked_minute = state["linked_minute"]
        self._touched = set(state["touched"])
        self._aliases.restore(state["aliases"])
        self._centroids.restore(state["centroids"])
        self._known.restore(state["known"])
        self._sizes = dict(state["sizes"])
        self._small = {key for key, size in self._sizes.items() if size <= _SMALL}

    def _link_pairs(self, touched: Collection[int], separate: set[int]) -> list[Link]:
        """Each cluster is in one link at most: the centroid of two is another than that of one."""
        made: list[Link] = []
        linked: set[int] = set()
        for link in pairs(self._centroids, touched, FEW + 1):
            if linked.isdisjoint(link) and not separate.issuperset(link):
                linked.update(link)
                self._merge(link, separate)
                made.append(link)
        return made

    def _is_few(self, key: int) -> bool:
        return self._centroids[key].learnt <= FEW

    def _is_idle(self, key: int) -> bool:
        return self._centroids.minute - self._centroids[key].last_minute >= FEW_IDLE

    def _link_few(self, key: int, separate: set[int]) -> list[Link]:
        if key not in self._sizes or not self._is_few(key):
            return []
        text = self._centroids.weigh(self._centroids[key].weights)
        near, similarity = self._centroids.nearest(text, FEW_THRESHOLD, without=key)
        if near is None or similarity < FEW_THRESHOLD:
            return []
        link = Link(min(near, key), max(near, key))
        if separate.issuperset(link):
            return []
        self._merge(link, separate)
        return [link]

    def _merge(self, link: Link, separate: set[int]) -> None:
        if link.gone in separate:
            separate.add(link.into)
        self._centroids.merge(link.into, link.gone)
        self._aliases.link(link)
        self._touched.discard(link.gone)
        self._small.discard(link.gone)
        self._grow(link.into, self._sizes.pop(link.gone))

    def _cluster_of(self, fingerprint: int) -> int | None:
        """The cluster that knows a text; fingerprints are not told when one is linked or gone."""
        known = self._known.get(fingerprint)
        if known is None or known in self._sizes:
            return known
        root = self._aliases.root(known)
        return root if root in self._sizes else None

    def _count(self, key: int, count: int, minute: int) -> None:
        self._grow(key, count)
        centroid = self._centroids[key]
        centroid.last_minute = max(centroid.last_minute, minute)

    def _grow(self, key: int, count: int) -> None:
        size = self._sizes[key] = self._sizes[key] + count
        if size > _SMALL:
            self._small.discard(key)

    def _idlest(self, keys: Iterable[int], n: int) -> list[int]:
        """The `n` that have been idle for longest, then the lowest."""
        return heapq.nsmallest(n, keys, key=lambda key: (self._centroids[key].last_minute, key))
