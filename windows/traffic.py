"""Traffic surges: everything a product's users talk about rises together, and nothing is broken."""

from __future__ import annotations

import numpy as np

from windows.gains import gain
from windows.slots import Floats, Join, SlotTable

_HALF_LIFE = 2.0
"""Minutes: a surge is seen in its second minute, and single bursts do not look like one."""
_INFORMATIVE = 1.0
"""Least expected count at which a cluster has a say."""
_LEAST_CLUSTERS = 5
_LEAST_FACTOR = 1.3
"""Below it the median of so many ratios may be chance."""


def surge_factor(count: Floats, mean: Floats) -> float:
    """The weighted median over clusters of observed / expected, or 1 where that may be chance.

    A cluster's weight is the square root of its expectation, so that one dominant theme cannot pass
    for all of them. At least half the weight must rise before anything is called a surge: an
    incident of a few themes moves no median.
    """
    says = np.flatnonzero(mean >= _INFORMATIVE)
    if says.size < _LEAST_CLUSTERS:
        return 1.0
    ratio = (count[says] + 0.5) / (mean[says] + 0.5)
    weight = np.sqrt(mean[says])
    # Cheaper than the median itself, and nearly always the answer.
    if 2 * weight[ratio < _LEAST_FACTOR].sum() >= weight.sum():
        return 1.0
    order = np.argsort(ratio, kind="stable")
    weight = np.cumsum(weight[order], dtype=np.float64)
    median = float(ratio[order[np.searchsorted(weight, weight[-1] / 2)]])
    return median if median >= _LEAST_FACTOR else 1.0


class TrafficFactor:
    """The surge factor of a whole product, over exponentially weighted trailing sums."""

    def __init__(self, table: SlotTable, bin_minutes: int) -> None:
        self._table = table
        self._keep = np.float32(1 - gain(_HALF_LIFE / bin_minutes))
        table.declare("traffic.count", join=Join.SUM)
        table.declare("traffic.mean", join=Join.SUM)

    def factor(self, count: Floats, base: Floats) -> float:
        """The factor of this bin, at least 1, from its counts and base expectations by slot."""
        live = self._table["live"]
        x = self._keep * self._table["traffic.count"] + count
        m = self._keep * self._table["traffic.mean"] + base
        return surge_factor(x * live, m * live)

    def learn(self, count: Floats, base: Floats) -> None:
        """Keep this bin."""
        for name, values in (("traffic.count", count), ("traffic.mean", base)):
            column = self._table[name]
            column *= self._keep
            column += values
