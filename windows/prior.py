"""What a cluster born a minute ago may be: priors from the other clusters of its product."""

from __future__ import annotations

import math

import numpy as np

from windows.slots import Floats, State

# Before the product has clusters: events a minute, wide enough for a quiet and a busy one.
_DEFAULT_SHAPE = 0.3
_DEFAULT_MINUTES = 0.1
_DEFAULT_DISPERSION = 0.2
# So many clusters weigh as much as the default.
_PSEUDO_CLUSTERS = 4.0
# A sharper fit than this would call every theme of another size an outbreak.
_SHAPE_LIMITS = (0.05, 3.0)
# Until a product is so old, a large first count says more about the product than the theme.
_NEW_PRODUCT_MINUTES = 60.0
_LEAST_MEAN = 1e-5


class LevelPrior:
    """Gamma(shape, exposure) prior of the levels of one product, fitted by moments.

    Source: empirical Bayes for Poisson rates; shape = mean^2 / var, exposure = mean / var.
    The fit and the default are blended on the log scale by the number of clusters, so that
    one broad default does not drown twenty quiet clusters, as blended moments would.
    ``exposure`` is in bins. ``dispersion`` holds a pooled phi per window length.
    """

    def __init__(self, bin_minutes: int, lengths: int) -> None:
        self._bin_minutes = bin_minutes
        self.shape = _DEFAULT_SHAPE
        self.exposure = _DEFAULT_MINUTES / bin_minutes
        self.dispersion = np.full(lengths, _DEFAULT_DISPERSION)
        self.fit(np.zeros(0, np.float32), np.zeros((lengths, 0), np.float32), product_bins=0)

    def fit(self, levels: Floats, dispersions: Floats, product_bins: int) -> None:
        """Fit to the levels (n,) and dispersions (lengths, n) of settled clusters."""
        n = levels.size
        age = (product_bins + 1) * self._bin_minutes
        shape = _DEFAULT_SHAPE
        exposure = _DEFAULT_MINUTES * min(1.0, age / _NEW_PRODUCT_MINUTES) / self._bin_minutes
        trust = n / (n + _PSEUDO_CLUSTERS)
        if n >= 2:
            # fsum is exact, so the order of the clusters cannot show in the result.
            mean = max(math.fsum(levels.tolist()) / n, _LEAST_MEAN)
            variance = math.fsum(((levels.astype(np.float64) - mean) ** 2).tolist()) / (n - 1)
            least, most = _SHAPE_LIMITS
            fitted = min(max(mean * mean / max(variance, 1e-12), least), most)
            shape = _blend(shape, fitted, trust)
            exposure = _blend(exposure, fitted / mean, trust)
        self.shape, self.exposure = shape, exposure
        for row, values in enumerate(dispersions):
            pooled = math.fsum(values.tolist()) + _PSEUDO_CLUSTERS * _DEFAULT_DISPERSION
            self.dispersion[row] = pooled / (n + _PSEUDO_CLUSTERS)

    def state(self) -> State:
        return {
            "prior.gamma": np.array([self.shape, self.exposure]),
            "prior.dispersion": self.dispersion.copy(),
        }

    def restore(self, state: State) -> None:
        self.shape, self.exposure = (float(value) for value in state["prior.gamma"])
        self.dispersion = state["prior.dispersion"].copy()


def _blend(default: float, fitted: float, trust: float) -> float:
    return math.exp((1 - trust) * math.log(default) + trust * math.log(fitted))
