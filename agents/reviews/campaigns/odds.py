"""How unlikely it is that nobody meant it: powers of ten of a chance, never below 0."""

from __future__ import annotations

from math import log10

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

_LN10 = float(np.log(10))
_FULL = 0.75
"""Share of the moments that lie close together; others may be stragglers."""


def of_count(seen: int, of: int, share: float) -> float:
    """Of `of` draws `seen` or more hit what has a share of the whole."""
    if seen <= of * share or of == 0:
        return 0.0
    chance = float(betainc(seen, of - seen + 1, share))
    return -log10(max(chance, 1e-300))


def of_closeness(before: NDArray[np.float64], until: NDArray[np.float64]) -> float:
    """Three quarters of the moments lie within the shortest stretch that holds so many.

    Of each moment the share of everybody's moments that are earlier, and that are no later, both of
    shape (moments,): where all have one date, nobody is close to anybody.
    """
    count = len(before)
    close = -(-3 * count // 4) if count * _FULL > 1 else 2
    if count < 3 or close < 3:
        return 0.0
    starts, ends = np.sort(before), np.sort(until)
    stretch = float((ends[close - 1 :] - starts[: count - close + 1]).min())
    if stretch >= 1:
        return 0.0
    # Each of the moments may begin the stretch, and any of the others may lie in it.
    ways = gammaln(count) - gammaln(close) - gammaln(count - close + 1)
    chance = log10(count) + ways / _LN10 + (close - 1) * log10(max(stretch, 1e-9))
    return max(0.0, -float(chance))
