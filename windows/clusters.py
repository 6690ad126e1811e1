"""What people talk about: one-pass leader clustering of one product's short texts, with links."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from windows.centroids import Centroids, heaviest
from windows.known import KnownTexts
from windows.links import Faces, Link, pairs

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
"""A theme of so few learnt texts is linked like a text, to where it would have joined today."""

FEW_IDLE = 60
"""Minutes of silence before that: what is being said may be the beginning of something new."""

FACES_KEPT = 16
"""Clusters that a theme may have; the largest of News-T come to 11, of the simulator to 6."""

_SMALL = 2
_SMALL_SHARE = 4
"""One in so many clusters kept may be a theme of one or two texts: most never get a third."""
_STATE_VERSION = 4


class Assignment(NamedTuple):
    """Where a local cluster went: the theme that the cluster joined is part of by now.

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
    out to be about one thing are linked to a theme, which has the id of the oldest of them, its
    faces; one that was never linked is a theme of one face. A link changes names only: no centroid
    moves, and every text goes where it would have gone without. Old topics fade: counts halve every
    `half_life` minutes of event time. `limit` caps the clusters kept by `evict`, faces included.
    Same calls in, same answers out, also across `state` and `restore`.
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
        self._faces = Faces()
        self._touched: set[int] = set()
        self._learnt = 0
        self._linked_minute = 0
        self._next_id = 0

    def __len__(self) -> int:
        """The number of themes."""
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
        known = self._known.get(fingerprint)
        if known is not None and known in centroids:
            return Assignment(self._count(known, count, minute), False, 1.0)
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
        self._learnt += 1
        self._known.put(fingerprint, nearest)
        theme = self._count(nearest, count, minute)
        self._touched.add(theme)
        return Assignment(theme, born, similarity)

    def link(self, apart: Collection[int] = ()) -> list[Link]:
        """Make one of themes that turn out to be one; the links in the order made.

        Call it at the end of every minute: it looks only after `LINK_EVERY` texts learnt or
        `LINK_AFTER` minutes, and only at themes that learnt some; at those of `FEW` texts once
        they are idle. The older id stays. All that the caller keeps under the id `gone` must be
        added to what it keeps under `into`. No two of the themes `apart` become one. Of more than
        `FACES_KEPT` faces the idlest are dropped, but never the oldest.
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
        for theme in sorted(self._touched - waiting):
            links += self._link_few(theme, separate)
        self._touched = waiting & self._sizes.keys()
        self._learnt = 0
        return links

    def root(self, cluster: int) -> int:
        """The theme that a cluster is part of by now; the cluster itself if it is not there."""
        return self._faces.root(cluster)

    def terms(self, theme: int, n: int) -> list[str]:
        """The `n` heaviest terms of a theme by tf-idf. Raises KeyError if it is not there."""
        if theme not in self._sizes:
            raise KeyError(theme)
        return heaviest(self._centroids.vector(self._faces.of(theme)), n)

    def evict(self, keep: Collection[int]) -> list[int]:
        """Drop themes, with all their faces, until the limit holds; their ids, ascending.

        Themes of one or two texts go before larger ones, then the longest idle, then the lowest
        id. Of those few texts at most a quarter of the limit stays anyway. Those in `keep` never
        go, even if a limit stays exceeded.
        """
        excess = len(self._centroids) - self._limit
        excess_small = len(self._small) - self._limit // _SMALL_SHARE
        if excess <= 0 and excess_small <= 0:
            return []
        kept = frozenset(keep)
        dropped = self._idlest(self._small - kept, max(excess, excess_small))
        excess -= sum([len(self._faces.of(theme)) for theme in dropped])
        for theme in self._idlest(self._sizes.keys() - self._small - kept, excess):
            if excess > 0:
                dropped.append(theme)
                excess -= len(self._faces.of(theme))
        dropped.sort()
        for theme in dropped:
            self._drop(theme)
        return dropped

    def state(self) -> dict[str, Any]:
        """Everything needed to go on exactly, as plain JSON values (fingerprints have 64 bits)."""
        return {
            "version": _STATE_VERSION,
            "next_id": self._next_id,
            "learnt": self._learnt,
            "linked_minute": self._linked_minute,
            "touched": sorted(self._touched),
            "faces": self._faces.state(),
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
        self._faces.restore(state["faces"])
        self._centroids.restore(state["centroids"])
        self._known.restore(state["known"])
        self._sizes = dict(state["sizes"])
        self._small = {key for key, size in self._sizes.items() if size <= _SMALL}

    def _link_pairs(self, touched: Collection[int], separate: set[int]) -> list[Link]:
        """Each theme is in one link at most: the sum of two is another vector than that of one."""
        made: list[Link] = []
        linked: set[int] = set()
        for link in pairs(self._centroids, self._faces, touched, FEW + 1):
            if linked.isdisjoint(link) and not separate.issuperset(link):
                linked.update(link)
                self._join(link, separate)
                made.append(link)
        return made

    def _is_few(self, theme: int) -> bool:
        return self._centroids.learnt(self._faces.of(theme)) <= FEW

    def _is_idle(self, theme: int) -> bool:
        return self._centroids.minute - self._last_minute(theme) >= FEW_IDLE

    def _link_few(self, theme: int, separate: set[int]) -> list[Link]:
        if theme not in self._sizes or not self._is_few(theme):
            return []
        faces = self._faces.of(theme)
        text = self._centroids.weigh(self._centroids.counts(faces))
        near, similarity = self._centroids.nearest(text, self._threshold, without=faces)
        if near is None or similarity < self._threshold:
            return []
        other = self._faces.root(near)
        link = Link(min(other, theme), max(other, theme))
        if separate.issuperset(link):
            return []
        self._join(link, separate)
        return [link]

    def _join(self, link: Link, separate: set[int]) -> None:
        if link.gone in separate:
            separate.add(link.into)
        self._faces.link(link)
        self._touched.discard(link.gone)
        self._small.discard(link.gone)
        self._grow(link.into, self._sizes.pop(link.gone))
        linked = self._faces.of(link.into)[1:]
        for key in self._idlest(linked, len(linked) + 1 - FACES_KEPT):
            self._faces.unlink(key)
            self._centroids.drop(key)

    def _drop(self, theme: int) -> None:
        del self._sizes[theme]
        self._small.discard(theme)
        self._touched.discard(theme)
        for key in self._faces.drop(theme):
            self._centroids.drop(key)

    def _count(self, key: int, count: int, minute: int) -> int:
        """Count texts of a face; its theme."""
        centroid = self._centroids[key]
        centroid.last_minute = max(centroid.last_minute, minute)
        theme = self._faces.root(key)
        self._grow(theme, count)
        return theme

    def _grow(self, theme: int, count: int) -> None:
        size = self._sizes[theme] = self._sizes[theme] + count
        if size > _SMALL:
            self._small.discard(theme)

    def _idlest(self, keys: Iterable[int], n: int) -> list[int]:
        """The `n` themes or linked faces idle for longest, then the lowest."""
        return heapq.nsmallest(n, keys, key=lambda key: (self._last_minute(key), key))

    def _last_minute(self, key: int) -> int:
        return max([self._centroids[face].last_minute for face in self._faces.of(key)])
