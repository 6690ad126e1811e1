"""Which clusters are one topic, and what a cluster is called since it was linked."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from windows.centroids import Centroids, heaviest

COSINE = 0.25
"""Cosine of two centroids from which they are one topic."""

HEAVIEST = 12
"""Heaviest terms of a cluster that are compared."""

SHARED = 2
"""Heaviest terms that two clusters must share: one may be chance."""


class Link(NamedTuple):
    """Cluster `gone` is part of `into` from now on; `into` is the older one."""

    into: int
    gone: int


def pairs(centroids: Centroids, touched: Iterable[int], least: int) -> list[Link]:
    """The pairs of a touched cluster and another that are one topic, most similar first.

    Both have learnt at least `least` texts: fewer say too little. Ties by id.
    """
    vectors: dict[int, _Unit] = {}

    def unit(key: int) -> _Unit:
        if key not in vectors:
            vectors[key] = _Unit.of(centroids.vector(key))
        return vectors[key]

    found = {}
    for key in touched:
        if centroids[key].learnt < least:
            continue
        ours = unit(key)
        for other, shared in Counter(centroids.sharing(ours.heaviest)).items():
            link = Link(min(key, other), max(key, other))
            if other == key or shared < SHARED or link in found:
                continue
            if centroids[other].learnt < least:
                continue
            theirs = unit(other)
            if len(ours.heaviest & theirs.heaviest) >= SHARED:
                found[link] = ours.cosine(theirs)
    near = [link for link, cosine in found.items() if cosine >= COSINE]
    return sorted(near, key=lambda link: (-found[link], link))


class _Unit(NamedTuple):
    """A vector of length 1 and its heaviest words."""

    values: Mapping[str, float]
    heaviest: frozenset[str]

    @classmethod
    def of(cls, vector: Mapping[str, float]) -> _Unit:
        length = math.sqrt(math.fsum(x * x for x in vector.values())) or 1.0
        values = {word: x / length for word, x in vector.items()}
        return cls(values, frozenset(heaviest(values, HEAVIEST)))

    def cosine(self, other: _Unit) -> float:
        return math.fsum(x * other.values[w] for w, x in self.values.items() if w in other.values)


class Aliases:
    """What clusters that were linked are called today; every id has one root, the oldest.

    At most `limit` ids are remembered; the one that was linked first is forgotten first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._roots: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}

    def root(self, key: int) -> int:
        """The cluster that `key` is part of; `key` itself if it was never linked."""
        return self._roots.get(key, key)

    def link(self, link: Link) -> None:
        """Call `gone`, and all that was part of it, `into`."""
        moved = [link.gone, *self._members.pop(link.gone, ())]
        self._members.setdefault(link.into, []).extend(moved)
        self._roots.update(dict.fromkeys(moved, link.into))
        if len(self._roots) > self._limit:
            self._forget_first()

    def forget(self, root: int) -> None:
        """Forget all that was linked to a root."""
        for key in self._members.pop(root, ()):
            del self._roots[key]

    def _forget_first(self) -> None:
        first = next(iter(self._roots))
        root = self._roots.pop(first)
        self._members[root].remove(first)
        if not self._members[root]:
            del self._members[root]

    def state(self) -> list[list[int]]:
        """Plain JSON values, see `restore`."""
        return [[key, root] for key, root in self._roots.items()]

    def restore(self, state: Iterable[tuple[int, int]]) -> None:
        """Go on from `state`."""
        self._roots = dict(state)
        self._members = {}
        for key, root in self._roots.items():
            self._members.setdefault(root, []).append(key)
