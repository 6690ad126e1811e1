"""Trailing sums: counts and means of the last bins, for several window lengths at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from windows.slots import Floats, Join, SlotTable


class TrailingSums:
    """Sums over the last ``lengths`` bins (ascending) of the count and of mu, per slot.

    A ring keeps the bins of the longest length. Sums move by one addition and one subtraction
    and are taken anew once per turn of the ring, so float32 does not drift.
    """

    def __init__(self, table: SlotTable, lengths: Sequence[int]) -> None:
        self._table = table
        self._lengths = tuple(lengths)
        self._turn = self._lengths[-1]
        for name in ("counts", "means"):
            table.declare(f"trailing.{name}", rows=self._turn, join=Join.SUM)
            table.declare(f"trailing.{name}_sums", rows=len(self._lengths), join=Join.SUM)

    def sums(self, name: str) -> Floats:
        """Sums (lengths, slots) of column ``name`` ("counts" or "means") up to the last bin."""
        sums: Floats = self._table[f"trailing.{name}_sums"]
        return sums

    def forward(self, name: str, values: Floats, tick: int) -> Floats:
        """Sums (lengths, slots) of column ``name`` with this bin in it; nothing is kept.

        ``tick`` is the number of bins learned so far.
        """
        ring = self._table[f"trailing.{name}"]
        sums: Floats = self.sums(name) + values
        for row, length in enumerate(self._lengths):
            sums[row] -= ring[(tick - length) % self._turn]
        # What is left of a sum of nothing may be a rounding error below 0.
        np.maximum(sums, 0, out=sums)
        return sums

    def learn(self, name: str, values: Floats, sums: Floats, tick: int) -> None:
        """Keep this bin and the ``sums`` that ``forward`` gave for it."""
        ring = self._table[f"trailing.{name}"]
        ring[tick % self._turn] = values
        kept = self.sums(name)
        if tick % self._turn:
            kept[:] = sums
            return
        for row, length in enumerate(self._lengths):
            rows = [(tick - back) % self._turn for back in range(length)]
            np.sum(ring[rows], axis=0, out=kept[row])

    def over(self, name: str, bins: int, tick: int) -> Floats:
        """Sum (slots,) of column ``name`` over the last ``bins`` learned bins, at most a turn."""
        rows = [n % self._turn for n in range(max(0, tick - min(bins, self._turn)), tick)]
        total: Floats = np.sum(self._table[f"trailing.{name}"][rows], axis=0)
        return total

    def before(self, name: str, bins: int, tick: int) -> Floats:
        """What the turn before the last ``bins`` learned bins suggests for so many; 0 without."""
        earlier = min(tick, self._turn) - bins
        if earlier <= 0:
            return np.zeros_like(self.sums(name)[-1])
        rest: Floats = self.sums(name)[-1] - self.over(name, bins, tick)
        return rest * np.float32(bins / earlier)

    def last(self, name: str, slot: int, bins: int, tick: int) -> Floats:
        """Column ``name`` of the last ``bins`` learned bins of one slot, oldest first."""
        first = max(0, tick - min(bins, self._turn))
        rows = [n % self._turn for n in range(first, tick)]
        values: Floats = self._table[f"trailing.{name}"][rows, slot]
        return values
