"""Sparse counts by value and theme, minute by minute, and their sums over trailing windows."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from windows.slots import Slots

_STRIDE = 1 << 24
"""More than there can be slots."""

Counts = npt.NDArray[np.float64]


class Cells(NamedTuple):
    """`counts` (cells,) of `values` in `slots`, ordered by value and slot, each pair once."""

    values: Slots
    slots: Slots
    counts: Counts


def _cells(keys: npt.NDArray[np.int64], counts: Counts) -> Cells:
    values, slots = np.divmod(keys, _STRIDE)
    return Cells(values.astype(np.intp), slots.astype(np.intp), counts)


def _summed(places: Slots, counts: Counts, size: int) -> Counts:
    return np.asarray(np.bincount(places, counts, minlength=size), np.float64)


class RecentCells:
    """The cells of the last `minutes` minutes."""

    def __init__(self, minutes: int) -> None:
        self._minutes = minutes
        self._kept: deque[tuple[npt.NDArray[np.int64], Counts]] = deque()

    def push(self, values: Slots, slots: Slots, counts: Counts) -> Cells:
        """Add the newest minute; what has now left the longest window."""
        keys, place = np.unique(values * _STRIDE + slots, return_inverse=True)
        self._kept.append((keys, _summed(place, counts, keys.size)))
        if len(self._kept) <= self._minutes:
            return _cells(np.zeros(0, np.int64), np.zeros(0))
        return _cells(*self._kept.popleft())

    def sums(self, minutes: int) -> Cells:
        """Sums over the last `minutes` minutes."""
        recent = list(self._kept)[-minutes:]
        every = np.concatenate([keys for keys, _ in recent])
        keys, place = np.unique(every, return_inverse=True)
        counts = np.concatenate([counts for _, counts in recent])
        return _cells(keys, _summed(place, counts, keys.size))

    def forget(self, slots: Slots, values: Slots) -> None:
        """Drop the cells of these slots and of these values."""
        if not slots.size and not values.size:
            return
        for n, (keys, counts) in enumerate(self._kept):
            gone = np.isin(keys % _STRIDE, slots) | np.isin(keys // _STRIDE, values)
            self._kept[n] = (keys[~gone], counts[~gone])

    def state(self) -> list[Any]:
        """Everything, as arrays."""
        return [[keys.copy(), counts.copy()] for keys, counts in self._kept]

    def restore(self, state: list[Any]) -> None:
        """Take over what `state` gave."""
        self._kept = deque((keys.copy(), counts.copy()) for keys, counts in state)
