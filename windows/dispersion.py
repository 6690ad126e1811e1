"""Dispersion: the negative-binomial phi of a cluster, one per window length."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from windows.gains import gain, young_gain
from windows.slots import Floats, Join, Slots, SlotTable

LEAST_DISPERSION = 0.0003
MOST_DISPERSION = 3.0
# Dispersion of a long window that remains however well the rest is known.
_LEAST_EXCESS = 0.001


class Dispersion:
    """phi with Var = m + phi m^2, as a ratio of two running means, stable at low counts.

    R is the mean of w ((X - m)^2 - m) and M that of w m^2 over blocks of one window length,
    w = 1 / (1 + phi m)^2, which is the best weight for nearly normal counts; then the sum of
    M over n blocks is twice the information about phi. Shrunk to a prior phi0 that may be
    wrong by all of itself: phi = (n R + i phi0) / (n M + i), i = 2 / phi0^2.
    """

    def __init__(self, table: SlotTable, name: str, half_life: float) -> None:
        self._table = table
        self._name = name
        self._half_life = half_life
        # As many blocks as weights that halve in half_life blocks sum up to.
        self._most_blocks = np.float32(1 / gain(half_life))
        for column in ("excess", "square"):
            table.declare(f"{name}.{column}")
        for column in ("blocks", "pooled", "phi"):
            table.declare(f"{name}.{column}", join=Join.MEAN)

    def _column(self, column: str) -> Floats:
        return self._table[f"{self._name}.{column}"]

    @property
    def phi(self) -> Floats:
        return self._column("phi")

    def over(self, bins: int) -> Floats:
        """phi of a window of so many bins if they were independent, and what is never known."""
        phi: Floats = self.phi / np.float32(bins)
        phi += np.float32(_LEAST_EXCESS)
        return phi

    def start(self, slots: Slots, pooled: float) -> None:
        """Start ``slots`` at the pooled phi of the product."""
        self._column("pooled")[slots] = pooled
        self._column("phi")[slots] = pooled

    @property
    def pooled(self) -> Floats:
        """The phi of the product when the cluster was born."""
        return self._column("pooled")

    def learn(
        self, count: Floats, mean: Floats, settled: npt.NDArray[np.bool_], prior: Floats
    ) -> None:
        """Learn one block per slot: its winsorised ``count``, its summed ``mean``, its phi0.

        Only ``settled`` slots learn: while the level is a guess, (X - m)^2 measures the guess.
        """
        excess, square, blocks = (
            self._column("excess"),
            self._column("square"),
            self._column("blocks"),
        )
        step = young_gain(self._half_life, blocks)
        step *= settled
        weight = self.phi * mean
        weight += 1
        weight *= weight
        np.reciprocal(weight, out=weight)
        deviation = count - mean
        deviation *= deviation
        deviation -= mean
        deviation *= weight
        deviation -= excess
        deviation *= step
        excess += deviation
        squared = mean * mean
        squared *= weight
        squared -= square
        squared *= step
        square += squared
        blocks += settled
        known = np.minimum(blocks, self._most_blocks)
        trust = 2 / (prior * prior)
        own = known * excess
        own += trust * prior
        known *= square
        known += trust
        own /= known
        np.clip(own, LEAST_DISPERSION, MOST_DISPERSION, out=self.phi, where=settled)

    def merge(self, into: int, gone: int, share: float) -> None:
        """Say of both slots what is known of their sum, which shares their phi by rate.

        As if they rose and fell together: the phi of independent ones would be lower.
        """
        pair = [into, gone]
        excess, square = self._column("excess"), self._column("square")
        own = excess[pair] / np.maximum(square[pair], np.float32(1e-6))
        np.clip(own, LEAST_DISPERSION, MOST_DISPERSION, out=own)
        phi = own @ np.array([share, 1 - share], np.float32)
        square[pair] = np.sqrt(square[pair]).sum() ** 2
        excess[pair] = phi * square[pair]


def winsorised(count: Floats, mean: Floats, phi: Floats, sds: float) -> Floats:
    """``count`` cut at mean + ``sds`` standard deviations + 1, so a burst teaches little."""
    limit: Floats = phi * mean
    limit += 1
    limit *= mean
    np.sqrt(limit, out=limit)
    limit *= np.float32(sds)
    limit += mean
    limit += 1
    np.minimum(count, limit, out=limit)
    return limit
