"""Which clusters are one theme: the faces that a theme has, and the themes that are alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from windows.centroids import TERMS_KEPT, Centroids, heaviest

COSINE = 0.25
"""Cosine of the summed vectors of two themes from which they are one; .24 to .27 is flat."""

HEAVIEST = 12
"""Heaviest terms of a theme that are compared."""

SHARED = 2
"""Heaviest terms that two themes must share: one may be chance."""


class Link(NamedTuple):
    """Theme `gone` is part of `into` from now on; `into` is the older one."""

    into: int
    gone: int


class Faces:
    """The clusters that make up each theme. A theme has the id of its oldest cluster."""

    def __init__(self) -> None:
        self._roots: dict[int, int] = {}
        self._linked: dict[int, list[int]] = {}

    def root(self, key: int) -> int:
        """The theme that cluster `key` is part of; `key` itself if it was never linked."""
        return self._roots.get(key, key)

    def of(self, theme: int) -> Sequence[int]:
        """The clusters of a theme, ascending, its own first."""
        return [theme, *self._linked.get(theme, ())]

    def link(self, link: Link) -> None:
        """Make the clusters of theme `gone` clusters of `into`."""
        moved = self.drop(link.gone)
        self._linked[link.into] = sorted([*self._linked.get(link.into, ()), *moved])
        self._roots.update(dict.fromkeys(moved, link.into))

    def unlink(self, key: int) -> None:
        """Take a cluster from its theme. Raises KeyError if it was never linked."""
        theme = self._roots.pop(key)
        self._linked[theme].remove(key)
        if not self._linked[theme]:
            del self._linked[theme]

    def drop(self, theme: int) -> Sequence[int]:
        """Forget a theme; its clusters."""
        linked = self._linked.pop(theme, [])
        for key in linked:
            del self._roots[key]
        return [theme, *linked]

    def state(self) -> list[Sequence[int]]:
        """Plain JSON values, see `restore`."""
        return [self.of(theme) for theme in sorted(self._linked)]

    def restore(self, state: Iterable[Sequence[int]]) -> None:
        """Go on from `state`."""
        self._linked = {theme: [*linked] for theme, *linked in state}
        self._roots = {key: theme for theme, linked in self._linked.items() for key in linked}


def pairs(centroids: Centroids, faces: Faces, touched: Iterable[int], least: int) -> list[Link]:
    """The pairs of a touched theme and another that are one, most similar first.

    Both have learnt at least `least` texts: fewer say too little. A theme is compared by the sum of
    its centroids. Ties by id.
    """
    vectors: dict[int, _Unit] = {}

    def unit(theme: int) -> _Unit:
        if theme not in vectors:
            vectors[theme] = _Unit.of(centroids.vector(faces.of(theme)))
        return vectors[theme]

    found = {}
    for theme in touched:
        if centroids.learnt(faces.of(theme)) < least:
            continue
        ours = unit(theme)
        shared: Counter[int] = Counter()
        for word in ours.heaviest:
            shared.update({faces.root(key) for key in centroids.holding(word)})
        for other, words in shared.items():
            link = Link(min(theme, other), max(theme, other))
            if other == theme or words < SHARED or link in found:
                continue
            if centroids.learnt(faces.of(other)) < least:
                continue
            theirs = unit(other)
            if len(ours.heaviest & theirs.heaviest) >= SHARED:
                found[link] = ours.cosine(theirs)
    near = [link for link, cosine in found.items() if cosine >= COSINE]
    return sorted(near, key=lambda link: (-found[link], link))


class _Unit(NamedTuple):
    """The heaviest terms of a theme, scaled to length 1, and the heaviest of these.

    As many as one centroid has: the tails of themes with many faces make them alike.
    """

    values: Mapping[str, float]
    heaviest: frozenset[str]

    @classmethod
    def of(cls, vector: Mapping[str, float]) -> _Unit:
        kept = heaviest(vector, TERMS_KEPT)
        length = math.sqrt(math.fsum(vector[word] ** 2 for word in kept)) or 1.0
        values = {word: vector[word] / length for word in kept}
        return cls(values, frozenset(kept[:HEAVIEST]))

    def cosine(self, other: _Unit) -> float:
        return math.fsum(x * other.values[w] for w, x in self.values.items() if w in other.values)
