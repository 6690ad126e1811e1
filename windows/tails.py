"""Negative-binomial tail: how improbable it is to see so many complaints in a window."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from windows.slots import Floats, Slots

# The largest -log10 p that a float64 probability can still tell from 0.
MOST_SURPRISE = 300.0
_SCREEN = 2.5
_LEAST_COUNT = 2.0


def tail_surprise(count: Floats, mean: Floats, phi: Floats) -> Floats:
    """-log10 P(NB >= count), 0 where a cheap screen already says that it is ordinary."""
    surprise = np.zeros(count.shape, np.float32)
    near, values = surprising(count, mean, phi)
    surprise[near] = values
    return surprise


def surprising(count: Floats, mean: Floats, phi: Floats) -> tuple[Slots, Floats]:
    """Where a cheap screen does not say that a count is ordinary, and -log10 P(NB >= count) there.

    P(>= X) = I_p(X, k) with k = 1 / phi and p = m / (m + k) (regularised incomplete beta).
    The screen is (X - m) / sqrt(m + phi m^2) > 2.5 and X > 2: two complaints are no sign of
    an outbreak, however quiet the cluster. Result in [0, 300].
    """
    # Anscombe's z would be cheaper still, but drops p of 1e-10 when phi is above 1.
    excess = count - mean
    np.maximum(excess, 0, out=excess)
    excess *= excess
    limit = phi * mean
    limit += 1
    limit *= mean
    limit *= np.float32(_SCREEN * _SCREEN)
    near = np.flatnonzero((count > _LEAST_COUNT) & (excess > limit))
    x, m, f = (array[near].astype(np.float64) for array in (count, mean, phi))
    size = 1 / f
    chance = betainc(x, size, m / (m + size))
    return near, -np.log10(np.maximum(chance, 10.0**-MOST_SURPRISE)).astype(np.float32)
