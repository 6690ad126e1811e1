"""Minute counts of many clusters with known outbreaks, for calibrating the detector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DAY = 1440
_DURATIONS = (5, 15, 60, 180)
_STRENGTHS = (3, 5, 8, 12)


@dataclass(frozen=True)
class Simulation:
    """``counts`` (minutes, clusters); an outbreak per cluster, ``duration`` 0 where none."""

    counts: npt.NDArray[np.float32]
    rate: npt.NDArray[np.float64]
    start: npt.NDArray[np.int64]
    duration: npt.NDArray[np.int64]
    strength: npt.NDArray[np.int64]


def day_shape(minute: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Complaints by minute of the day: a peak in the afternoon, scaled to mean 1."""

    def raw(m: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        turn = 2 * np.pi / DAY
        wave = 1.1 * np.cos(turn * (m - 870)) + 0.35 * np.cos(2 * turn * (m - 660))
        shape: npt.NDArray[np.float64] = np.exp(wave)
        return shape

    mean = float(raw(np.arange(DAY, dtype=np.float64)).mean())
    return raw(minute) / mean


def simulate(clusters: int, days: int, learn_days: int, seed: int) -> Simulation:
    """Clusters of .005-20 complaints a minute; the even ones get one outbreak after learning."""
    rng = np.random.default_rng(seed)
    n, minutes = clusters, days * DAY
    rate = 10 ** rng.uniform(-2.3, 1.3, n)
    swing = rng.uniform(0.3, 1, n)
    weekend = rng.uniform(0.4, 1, n)
    phase = rng.normal(0, 45, n)
    phi = rng.choice([0.02, 0.1, 0.4], n)
    drift = np.zeros(n)
    counts = np.zeros((minutes, n), np.float32)
    means = np.zeros((minutes, n))
    for start in range(0, minutes, 60):
        drift = 0.995 * drift + rng.normal(0, 0.02, n)
        minute = np.arange(start, start + 60)[:, None]
        shape = day_shape((minute + phase) % DAY)
        week = np.where((start // DAY) % 7 >= 5, weekend, 1.0)
        means[start : start + 60] = rate * (1 - swing + swing * shape) * week
        mean = means[start : start + 60] * np.exp(drift)
        counts[start : start + 60] = rng.poisson(rng.gamma(1 / phi, mean * phi))
    begin = np.zeros(n, np.int64)
    duration = np.zeros(n, np.int64)
    strength = np.zeros(n, np.int64)
    for cluster in range(0, n, 2):
        begin[cluster] = rng.integers(learn_days * DAY + 120, minutes - 400)
        duration[cluster] = d = int(rng.choice(_DURATIONS))
        strength[cluster] = rng.choice(_STRENGTHS)
        span = slice(begin[cluster], begin[cluster] + d)
        b = means[span, cluster]
        total = max(4.0, strength[cluster] * np.sqrt(np.sum(b + phi[cluster] * b * b)))
        weight = np.exp(-((np.log((np.arange(d) + 0.5) / d) + 1) ** 2) / 0.7) + 0.15
        counts[span, cluster] += rng.poisson(total * weight / weight.sum())
    return Simulation(counts, rate, begin, duration, strength)
