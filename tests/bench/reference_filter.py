"""Bare float32 filter, dispersion and gate over arrays: the yardstick of the spike bench."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class ReferenceFilter:
    """Formulas 5.2, 5.3 and 5.5 with a fixed mu: no season, no slots, no tails, no records."""

    def __init__(self, clusters: int, mu: Floats) -> None:
        self.mu = mu
        self.odds = np.full(clusters, -8, np.float32)
        self.excess = (0.1 * mu * mu).astype(np.float32)
        self.square = mu * mu
        self.mean = np.zeros(clusters, np.float32)
        self.variance = np.zeros(clusters, np.float32)

    def step(self, count: Floats) -> Floats:
        """One minute: effective score of every cluster."""
        mu = self.mu
        size = 1 / np.clip(self.excess / np.maximum(self.square, 1e-6), 0.003, 3)
        outbreak = 5 * mu + np.float32(0.02)
        ratio = (mu + size) / (outbreak + size)
        evidence = count * np.log(outbreak / mu * ratio) + size * np.log(ratio)
        odds = np.exp(np.minimum(self.odds, 50))
        odds = (1 / 2880 + odds * (1 - 1 / 60)) / ((1 - 1 / 2880) + odds / 60)
        self.odds = np.clip(np.log(odds) + evidence, -12, 60)
        deviation = count - mu
        gain = np.float32(1 - 0.5 ** (1 / 2880))
        self.excess += gain * (deviation * deviation - mu - self.excess)
        self.square += gain * (mu * mu - self.square)
        burst = np.maximum(self.odds + 8, 0) - self.mean
        unusual = burst / np.sqrt(self.variance + 1)
        gain = np.float32(1 - 0.5 ** (1 / 4320))
        self.mean += gain * burst
        self.variance = (1 - gain) * (self.variance + gain * burst * burst)
        return np.minimum(self.odds + 12, 6 + 2 * unusual)
