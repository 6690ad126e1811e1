"""Counting events by attribute values: leaves, and the slices of chosen attribute sets."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from operator import itemgetter

Leaf = tuple[tuple[str, ...], int]
"""All attribute values of some events, "" where one is missing, and the number of events."""

Weights = Mapping[tuple[str, ...], float]
"""Events per combination of all attribute values."""

Axes = tuple[int, ...]
"""Indices of some attributes, ascending: one cuboid."""

Key = tuple[tuple[int, str], ...]
"""A slice: (attribute index, value) pairs, ascending by index."""

_OTHER = "\0"


def counted(attributes: int, leaves: Iterable[Leaf]) -> dict[tuple[str, ...], float]:
    """Events per combination, sorted; raises ValueError if a leaf has too few or many values."""
    counts: dict[tuple[str, ...], float] = {}
    for values, count in leaves:
        if len(values) != attributes:
            raise ValueError(f"a leaf needs {attributes} values, got {values}")
        counts[values] = counts.get(values, 0.0) + count
    return dict(sorted(counts.items()))


class Cuboids:
    """Events in every slice of the cuboids asked for; a missing value belongs to no slice.

    `values` gives, per attribute index, the values worth a slice (all are if it is left out).
    """

    def __init__(
        self,
        weights: Weights,
        cuboids: Sequence[Axes],
        values: Mapping[int, Container[str]] | None = None,
    ) -> None:
        self._inside: dict[Key, float] = {}
        self._whole: dict[Axes, float] = {}
        rows = weights if values is None else _lumped(weights, values)
        for axes in cuboids:
            sums = _summed(rows, axes)
            self._whole[axes] = math.fsum(sums.values())
            for part, weight in sums.items():
                if _OTHER not in part:
                    self._inside[tuple(zip(axes, part, strict=True))] = weight

    def slices(self) -> Iterable[Key]:
        """The slices that hold any event."""
        return self._inside.keys()

    def inside(self, key: Key) -> float:
        """Events inside a slice."""
        return self._inside.get(key, 0.0)

    def whole(self, key: Key) -> float:
        """Events that record all the attributes of a slice."""
        return self._whole.get(tuple([axis for axis, _ in key]), 0.0)

    def share(self, key: Key) -> float:
        """Share of a slice, never 0 or 1: half an event is added inside and outside (Jeffreys)."""
        return (self.inside(key) + 0.5) / (self.whole(key) + 1.0)


def _summed(rows: Weights, axes: Axes) -> dict[tuple[str, ...], float]:
    """Events per combination of some attributes, where all of them are recorded."""
    # A slice, unlike an index, gives a tuple for a single attribute too.
    pick = itemgetter(*axes) if len(axes) > 1 else itemgetter(slice(axes[0], axes[0] + 1))
    sums: dict[tuple[str, ...], float] = {}
    for row, weight in rows.items():
        part = pick(row)
        sums[part] = sums.get(part, 0.0) + weight
    return {part: weight for part, weight in sums.items() if all(part)}


def _lumped(weights: Weights, values: Mapping[int, Container[str]]) -> dict[tuple[str, ...], float]:
    """The weights with what is in no slice lumped: far fewer rows."""
    rows: dict[tuple[str, ...], float] = {}
    wanted = sorted(values.items())
    for leaf, weight in weights.items():
        row = [""] * len(leaf)
        for axis, worth in wanted:
            value = leaf[axis]
            row[axis] = value if value in worth or not value else _OTHER
        key = tuple(row)
        rows[key] = rows.get(key, 0.0) + weight
    return rows
