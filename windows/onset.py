"""When a spike began: the change point of a Poisson count against its expectation."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.floating[Any]]
_DROP = 1.92
"""Half the 95 % quantile of chi-square with one degree of freedom: a profile likelihood bound."""


def onset(counts: Counts, expected: Counts) -> tuple[int, int]:
    """(estimate, earliest) as indices into the last minutes' counts and expectations, oldest first.

    For every start t, with X and M the sums from t to the end, the log likelihood ratio of a rate
    raised by X / M is `X ln(X / M) - (X - M)` for X > M (Kulldorff's scan statistic, 1997, with one
    free end). The estimate maximises it; the earliest start is within the 95 % profile bound.
    """
    x = np.cumsum(counts[::-1])[::-1].astype(np.float64)
    m = np.maximum(np.cumsum(expected[::-1])[::-1], 1e-9)
    ratio = np.maximum(x / m, 1.0)
    gain = np.where(x > m, x * np.log(ratio) - (x - m), 0.0)
    # A start on an empty minute is as likely as the next one; the later one is the better word.
    best = int(np.flatnonzero(gain >= gain.max() - 1e-9)[-1])
    close = np.flatnonzero((gain >= gain[best] - _DROP) & (counts > 0))
    earliest = int(close[0]) if close.size else best
    return best, min(earliest, best)
