"""Counting events by attribute values: leaves, and the slices of chosen attribute sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Leaf = tuple[tuple[str, ...], float]
"""All attribute values of some events, "" where one is missing, and the number of events."""

Weights = Mapping[tuple[str, ...], float]
"""Events per combination of all attribute values."""

Axes = tuple[int, ...]
"""Indices of some attributes, ascending: one cuboid."""

Key = tuple[tuple[int, str], ...]
"""A slice: (attribute index, value) pairs, ascending by index."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


def counted(attributes: int, leaves: Iterable[Leaf]) -> dict[tuple[str, ...], float]:
    """Events per combination, sorted; raises ValueError if a leaf has too few or many values."""
    counts: dict[tuple[str, ...], float] = {}
    for values, count in leaves:
        if len(values) != attributes:
            raise ValueError(f"a leaf needs {attributes} values, got {values}")
        counts[values] = counts.get(values, 0.0) + count
    return dict(sorted(counts.items()))


class Cuboid(NamedTuple):
    """All slices of one attribute set, ascending by value; a column is one kind of events.

    `codes` (slices, axes) counts each value from 1 in its attribute's order; `inside`
    (slices, columns) are the events of each slice, `whole` (columns,) those that record all the
    attributes.
    """

    axes: Axes
    codes: Codes
    inside: Floats
    whole: Floats


class Cuboids:
    """Several kinds of events over the same attributes; a missing value belongs to no slice."""

    def __init__(self, attributes: int, columns: Sequence[Weights]) -> None:
        leaves = sorted({leaf for column in columns for leaf in column})
        found = [{leaf[axis] for leaf in leaves} - {""} for axis in range(attributes)]
        self.values = [sorted(values) for values in found]
        places = [{value: n for n, value in enumerate(values, 1)} for values in self.values]
        codes = [[place.get(leaf[axis], 0) for leaf in leaves] for axis, place in enumerate(places)]
        self._codes = np.array(codes, np.int64).reshape(attributes, len(leaves))
        weights = [[column.get(leaf, 0.0) for leaf in leaves] for column in columns]
        self._weights = np.array(weights, np.float64).reshape(len(columns), len(leaves))

    def cuboid(self, axes: Axes) -> Cuboid:
        """The slices of one attribute set. Not defined for more than 2**63 combinations."""
        picked = self._codes[list(axes)]
        recorded = (picked > 0).all(axis=0)
        sizes = [len(self.values[axis]) + 1 for axis in axes]
        joint = np.ravel_multi_index(tuple(picked[:, recorded]), sizes)
        joints, places = np.unique(joint, return_inverse=True)
        inside = [np.bincount(places, row, len(joints)) for row in self._weights[:, recorded]]
        codes = np.stack(np.unravel_index(joints, sizes), axis=1).astype(np.int64)
        sums: Floats = np.stack(inside, axis=1).astype(np.float64)
        return Cuboid(axes, codes, sums, sums.sum(axis=0))

    def without(self, key: Key) -> Cuboids:
        """The same without the events of a slice."""
        codes = [[self.values[axis].index(value) + 1] for axis, value in key]
        outside = (self._codes[[axis for axis, _ in key]] != codes).any(axis=0)
        left = copy(self)
        left._codes, left._weights = self._codes[:, outside], self._weights[:, outside]
        return left

    def key(self, axes: Axes, codes: Codes) -> Key:
        """The slice that a row of `Cuboid.codes` stands for."""
        return tuple(
            (axis, self.values[axis][code - 1])
            for axis, code in zip(axes, codes.tolist(), strict=True)
        )


def shares(inside: Floats, whole: float | np.float64) -> Floats:
    """Shares of slices, never 0 or 1: half an event is added inside and outside (Jeffreys)."""
    return (inside + 0.5) / (whole + 1.0)
