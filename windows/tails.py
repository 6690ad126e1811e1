"""Negative-binomial tail: how improbable it is to see so many complaints in a window."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc

from windows.slots import Floats

# The largest -log10 p that a float64 probability can still tell from 0.
MOST_SURPRISE = 300.0
_SCREEN = 2.5
_NO_OUTBREAK = 3.0


def tail_surprise(count: Floats, mean: Floats, phi: Floats) -> Floats:
    """-log10 P(NB >= count), 0 where a cheap screen already says that it is ordinary.

    P(>= X) = I_p(X, k) with k = 1 / phi and p = m / (m + k) (regularised incomplete beta).
    The screen is (X - m) / sqrt(m + phi m^2) > 2.5 and X > 3: three complaints are no
    outbreak, however quiet the cluster. Result in [0, 300].
    """
    surprise = np.zeros(count.shape, np.float32)
    # Anscombe's z would be cheaper still, but drops p of 1e-10 when phi is above 1.
    excess = count - mean
    limit = phi * mean
    limit += 1
    limit *= mean * np.float32(_SCREEN * _SCREEN)
    near = np.flatnonzero((count > _NO_OUTBREAK) & (excess > 0) & (excess * excess > limit))
    x, m, f = (array[near].astype(np.float64) for array in (count, mean, phi))
    size = 1 / f
    chance = betainc(x, size, m / (m + size))
    surprise[near] = -np.log10(np.maximum(chance, 10.0**-MOST_SURPRISE))
    return surprise
