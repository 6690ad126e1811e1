"""Dispersion: the negative-binomial phi of a cluster, one per window length."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from windows.gains import young_gain
from windows.slots import Floats, Slots, SlotTable

LEAST_DISPERSION = 0.003
MOST_DISPERSION = 3.0
# Blocks of its own that weigh as much as the pooled phi of the product.
_PSEUDO_BLOCKS = 20.0


class Dispersion:
    """phi with Var = m + phi m^2, as a ratio of two running means, stable at low counts.

    R is the mean of (X - m)^2 - m and M that of m^2 over blocks of one window length; phi is
    R / M. A young cluster is shrunk to the pooled phi it was born with.
    """

    def __init__(self, table: SlotTable, name: str, half_life: float) -> None:
        self._table = table
        self._name = name
        self._half_life = half_life
        for column in ("excess", "square", "blocks", "pooled", "phi"):
            table.declare(f"{name}.{column}")

    def _column(self, column: str) -> Floats:
        return self._table[f"{self._name}.{column}"]

    @property
    def phi(self) -> Floats:
        return self._column("phi")

    def start(self, slots: Slots, pooled: float) -> None:
        """Start ``slots`` at the pooled phi of the product."""
        self._column("pooled")[slots] = pooled
        self._column("phi")[slots] = pooled

    def learn(self, count: Floats, mean: Floats, settled: npt.NDArray[np.bool_]) -> None:
        """Learn one block per slot: its winsorised ``count`` and its summed ``mean``.

        Only ``settled`` slots learn: while the level is a guess, (X - m)^2 measures the guess.
        """
        excess, square, blocks = (
            self._column("excess"),
            self._column("square"),
            self._column("blocks"),
        )
        gain = young_gain(self._half_life, blocks)
        gain *= settled
        deviation = count - mean
        deviation *= deviation
        deviation -= mean
        deviation -= excess
        deviation *= gain
        excess += deviation
        squared = mean * mean
        squared -= square
        squared *= gain
        square += squared
        blocks += settled
        own = excess / np.maximum(square, np.float32(1e-6))
        np.clip(own, LEAST_DISPERSION, MOST_DISPERSION, out=own)
        own -= self._column("pooled")
        own *= blocks / (blocks + np.float32(_PSEUDO_BLOCKS))
        own += self._column("pooled")
        self.phi[:] = own


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
