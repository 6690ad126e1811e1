"""Slot table: the per-cluster columns of one detector, grown, reused and saved together."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Slots = npt.NDArray[np.intp]
State = dict[str, npt.NDArray[Any]]


class Join(Enum):
    """What a column of two clusters that are one topic says of that topic."""

    BUSIER = auto()
    """What it said of the cluster with the higher rate."""
    MEAN = auto()
    """The mean, weighted by rate."""
    SUM = auto()
    MOST = auto()


class SlotTable:
    """Named arrays whose last axis is the slot of a cluster.

    ``size`` is the number of slots ever handed out. Every view has that length, so a free
    slot is still there; ``live`` tells the two apart.
    """

    def __init__(self) -> None:
        self.size = 0
        self._columns: dict[str, npt.NDArray[Any]] = {}
        self._fills: dict[str, float] = {}
        self._joins: dict[str, Join] = {}
        self.declare("live", dtype=np.bool_)

    def declare(
        self,
        name: str,
        *,
        rows: int = 0,
        dtype: npt.DTypeLike = np.float32,
        fill: float = 0,
        join: Join = Join.BUSIER,
    ) -> None:
        """Add a column of shape (slots,), or (rows, slots) when ``rows`` is given."""
        self._columns[name] = np.full((rows, 0) if rows else 0, fill, dtype)
        self._fills[name] = fill
        self._joins[name] = join

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._columns[name][..., : self.size]

    def add(self, n: int) -> Slots:
        """Take ``n`` slots, the lowest free ones first, with every column at its fill value."""
        free = np.flatnonzero(~self["live"])[:n]
        fresh = np.arange(self.size, self.size + n - free.size)
        self.size += fresh.size
        self._reserve(self.size)
        slots = np.concatenate([free, fresh])
        for name, column in self._columns.items():
            column[..., slots] = self._fills[name]
        self["live"][slots] = True
        return slots

    def remove(self, slots: npt.ArrayLike) -> None:
        """Free ``slots``. Raises IndexError when one of them is not in use."""
        self["live"][self.used(slots)] = False

    def used(self, slots: npt.ArrayLike) -> Slots:
        """The slots as indices. Raises IndexError when one of them is not in use."""
        index = np.asarray(slots, np.intp)
        if index.size and (index.min() < 0 or not self["live"][index].all()):
            raise IndexError("a slot is not in use")
        return index

    def merge(self, into: int, gone: int, share: float) -> None:
        """Join the columns of two slots in ``into``, which has this ``share`` of their rate.

        ``gone`` is free then.
        """
        for name, column in self._columns.items():
            ours, theirs = column[..., into], column[..., gone]
            match self._joins[name]:
                case Join.BUSIER:
                    joined = ours if share >= 0.5 else theirs
                case Join.MEAN:
                    joined = share * ours + (1 - share) * theirs
                case Join.SUM:
                    joined = ours + theirs
                case Join.MOST:
                    joined = np.maximum(ours, theirs)
            column[..., into] = joined
        self.remove([gone])

    def state(self) -> State:
        """Copies of all columns, by name."""
        return {name: self[name].copy() for name in self._columns}

    def restore(self, state: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take back what ``state`` gave. Raises KeyError when a column is missing."""
        for name, column in self._columns.items():
            self._columns[name] = np.array(state[name], column.dtype)
        self.size = self._columns["live"].size

    def _reserve(self, size: int) -> None:
        capacity = self._columns["live"].size
        if size <= capacity:
            return
        # Doubling keeps the cost of one birth a minute constant on average.
        grown = max(size, 2 * capacity)
        for name, column in self._columns.items():
            wider = np.full((*column.shape[:-1], grown), self._fills[name], column.dtype)
            wider[..., :capacity] = column
            self._columns[name] = wider
