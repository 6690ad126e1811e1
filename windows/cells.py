"""Sparse counts by value and theme, minute by minute, and their sums over trailing windows."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from windows.slots import Slots

_BITS = 24
_SLOT = (1 << _BITS) - 1
"""More than there can be slots."""

Counts = npt.NDArray[np.float64]
_Keys = npt.NDArray[np.int64]


class Cells(NamedTuple):
    """`counts` (cells,) of `values` in `slots`, ordered by value and slot, each pair once."""

    values: Slots
    slots: Slots
    counts: Counts


def _cells(keys: _Keys, counts: npt.NDArray[Any]) -> Cells:
    values, slots = (keys >> _BITS).astype(np.intp), (keys & _SLOT).astype(np.intp)
    return Cells(values, slots, counts.astype(np.float64))


def _summed(places: Slots, counts: npt.NDArray[Any], size: int) -> Counts:
    return np.asarray(np.bincount(places, counts, minlength=size), np.float64)


class RecentCells:
    """The cells of the last `minutes` minutes."""

    def __init__(self, minutes: int) -> None:
        self._minutes = minutes
        self._kept: deque[tuple[_Keys, Counts]] = deque()

    def push(self, values: Slots, slots: Slots, counts: Counts) -> Cells:
        """Add the newest minute, cells in any order; what has left: the minute `minutes` ago."""
        pairs = (values.astype(np.int64) << _BITS) + slots
        keys, place = np.unique(pairs, return_inverse=True)
        self._kept.append((keys, _summed(place, counts, keys.size)))
        if len(self._kept) <= self._minutes:
            return _cells(np.zeros(0, np.int64), np.zeros(0))
        return _cells(*self._kept.popleft())

    def back(self, minutes: int) -> tuple[_Keys, Counts]:
        """Keys and counts of the minute so many before the newest; nothing if it is not kept."""
        if minutes >= len(self._kept):
            return np.zeros(0, np.int64), np.zeros(0)
        return self._kept[-1 - minutes]

    def merge(self, into: int, gone: int) -> None:
        """Count the cells of slot `gone` as those of `into`."""
        for n, (keys, counts) in enumerate(self._kept):
            joined, place = _relabelled(keys, into, gone)
            self._kept[n] = (joined, _summed(place, counts, joined.size))

    def forget(self, slots: Slots, values: Slots) -> None:
        """Drop the cells of these slots and of these values."""
        for n, (keys, counts) in enumerate(self._kept):
            kept = ~_among(keys, slots, values)
            self._kept[n] = (keys[kept], counts[kept])

    def state(self) -> list[Any]:
        """Everything, as arrays."""
        return [[keys.copy(), counts.copy()] for keys, counts in self._kept]

    def restore(self, state: list[Any]) -> None:
        """Take over what `state` gave."""
        self._kept = deque((keys.copy(), counts.copy()) for keys, counts in state)


class TrailingCells:
    """Sums of cells over the last `lengths` minutes (ascending), kept up to date.

    Counts are whole numbers, so that what was added can be taken away again without a trace.
    """

    def __init__(self, lengths: Sequence[int]) -> None:
        self._lengths = tuple(lengths)
        self._recent = RecentCells(self._lengths[-1])
        # All cells of the longest window, ascending, and their sums (lengths, cells).
        self._keys: _Keys = np.zeros(0, np.int64)
        self._sums = np.zeros((len(self._lengths), 0), np.float32)

    def push(self, values: Slots, slots: Slots, counts: Counts) -> None:
        """Add the newest minute, cells in any order."""
        # Shifted by one: what is now the last minute of a window is about to leave it.
        for row, length in enumerate(self._lengths):
            keys, gone = self._recent.back(length - 1)
            self._sums[row, np.searchsorted(self._keys, keys)] -= gone.astype(np.float32)
        self._recent.push(values, slots, counts)
        keys, new = self._recent.back(0)
        self._make_room(keys)
        self._sums[:, np.searchsorted(self._keys, keys)] += new.astype(np.float32)

    def ago(self, minutes: int) -> Cells:
        """The cells of the minute so many before the newest."""
        return _cells(*self._recent.back(minutes))

    def at_least(self, minutes: int, least: float) -> Cells:
        """The sums over the last `minutes`, one of the lengths, that are `least` or more."""
        sums = self._sums[self._lengths.index(minutes)]
        at = np.flatnonzero(sums >= least)
        return _cells(self._keys[at], sums[at])

    def of_value(self, value: int, minutes: int) -> float:
        """Sum over all slots of a value over the last `minutes`, one of the lengths."""
        first, end = np.searchsorted(self._keys, [value << _BITS, (value + 1) << _BITS])
        return float(self._sums[self._lengths.index(minutes), first:end].sum(dtype=np.float64))

    def forget(self, slots: Slots, values: Slots) -> None:
        """Drop the cells of these slots and of these values."""
        if not slots.size and not values.size:
            return
        self._recent.forget(slots, values)
        kept = ~_among(self._keys, slots, values)
        self._keys, self._sums = self._keys[kept], self._sums[:, kept]

    def merge(self, into: int, gone: int) -> None:
        """Count the cells of slot `gone` as those of `into`."""
        self._recent.merge(into, gone)
        self._keys, place = _relabelled(self._keys, into, gone)
        rows = [_summed(place, row, self._keys.size) for row in self._sums]
        self._sums = np.array(rows, np.float32)

    def state(self) -> list[Any]:
        """Everything, as arrays."""
        return self._recent.state()

    def restore(self, state: list[Any]) -> None:
        """Take over what `state` gave."""
        self._recent.restore(state)
        minutes = [self._recent.back(n) for n in range(self._lengths[-1])]
        self._keys = np.unique(np.concatenate([keys for keys, _ in minutes]))
        self._sums = np.zeros((len(self._lengths), self._keys.size), np.float32)
        for row, length in enumerate(self._lengths):
            for keys, counts in minutes[:length]:
                self._sums[row, np.searchsorted(self._keys, keys)] += counts.astype(np.float32)

    def _make_room(self, keys: _Keys) -> None:
        """Add `keys` (ascending) to the cells, and drop those that have become empty."""
        kept = np.flatnonzero(self._sums[-1] > 0)
        old = self._keys[kept]
        new = np.searchsorted(old, keys, side="right") == np.searchsorted(old, keys)
        pool = np.concatenate([old, keys[new]])
        # Two ascending runs: a stable sort merges them.
        order = np.argsort(pool, kind="stable")
        empty = np.zeros((len(self._lengths), pool.size - old.size), np.float32)
        columns = np.concatenate([kept, self._keys.size + np.arange(empty.shape[1])])
        wider = np.concatenate([self._sums, empty], axis=1)
        self._keys, self._sums = pool[order], np.take(wider, columns[order], axis=1)


def _relabelled(keys: _Keys, into: int, gone: int) -> tuple[_Keys, Slots]:
    """Keys of slot `gone` as those of `into`: all there are then, and where each one went."""
    return np.unique(np.where(keys & _SLOT == gone, keys - gone + into, keys), return_inverse=True)


def _among(keys: _Keys, slots: Slots, values: Slots) -> npt.NDArray[np.bool_]:
    return np.isin(keys & _SLOT, slots) | np.isin(keys >> _BITS, values)
