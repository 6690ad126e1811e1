"""Made-up minute counts of many clusters with known outbreaks, and what a detector finds there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
DAY = 1440
_DURATIONS = (5, 15, 60, 180)
_STRENGTHS = (3, 5, 8, 12)
# The generator's days 5 and 6 are its weekend: it starts on the first Monday of the epoch.
FIRST_MINUTE = 4 * DAY
# An alarm within so many minutes after an outbreak's end has found it; so close are one episode.
_GRACE = 15
_EPISODE = 60


@dataclass(frozen=True)
class Simulation:
    """``counts`` (minutes, clusters); an outbreak per cluster, ``duration`` 0 where none."""

    counts: Floats
    rate: npt.NDArray[np.float64]
    start: npt.NDArray[np.int64]
    duration: npt.NDArray[np.int64]
    strength: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """At one threshold for all: share of outbreaks found, median minutes to the first alarm."""

    threshold: float
    share: float
    delay: float


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
    means = np.zeros((minutes, n), np.float32)
    for start in range(0, minutes, 60):
        drift = 0.995 * drift + rng.normal(0, 0.02, n)
        minute = np.arange(start, start + 60)[:, None]
        shape = day_shape((minute + phase) % DAY)
        week = np.where((start // DAY) % 7 >= 5, weekend, 1.0)
        mean = rate * (1 - swing + swing * shape) * week
        means[start : start + 60] = mean
        counts[start : start + 60] = rng.poisson(rng.gamma(1 / phi, mean * np.exp(drift) * phi))
    begin = np.zeros(n, np.int64)
    duration = np.zeros(n, np.int64)
    strength = np.zeros(n, np.int64)
    for cluster in range(0, n, 2):
        begin[cluster] = rng.integers(learn_days * DAY + 120, minutes - 400)
        duration[cluster] = d = int(rng.choice(_DURATIONS))
        strength[cluster] = rng.choice(_STRENGTHS)
        span = slice(begin[cluster], begin[cluster] + d)
        b = means[span, cluster].astype(np.float64)
        total = max(4.0, strength[cluster] * np.sqrt(np.sum(b + phi[cluster] * b * b)))
        weight = np.exp(-((np.log((np.arange(d) + 0.5) / d) + 1) ** 2) / 0.7) + 0.15
        counts[span, cluster] += rng.poisson(total * weight / weight.sum())
    return Simulation(counts, rate, begin, duration, strength)


def found(world: Simulation, scores: Floats, rate: float) -> Found:
    """Judge the ``scores`` (minutes, clusters) of the last minutes of ``world``.

    The threshold is the lowest with at most ``rate`` false alarms per cluster-week on the
    clusters without an outbreak; alarms up to 60 minutes apart are one. An outbreak is found
    by an alarm from its start to 15 minutes after its end.
    """
    first = world.counts.shape[0] - scores.shape[0]
    clean = np.flatnonzero(world.duration == 0)
    weeks = clean.size * scores.shape[0] / (7 * DAY)
    threshold = lowest_threshold(scores[:, clean], rate * weeks)
    delays = []
    sick = np.flatnonzero(world.duration)
    for cluster in sick.tolist():
        start = int(world.start[cluster]) - first
        end = start + int(world.duration[cluster]) + _GRACE
        alarms = np.flatnonzero(scores[start:end, cluster] >= threshold)
        delays.extend(alarms[:1].tolist())
    delay = float(np.median(delays)) if delays else float("inf")
    return Found(threshold, len(delays) / sick.size, delay)


def lowest_threshold(scores: Floats, most: float) -> float:
    """The lowest of the ``scores`` (minutes, clusters) with at most ``most`` episodes.

    Sought from above: far below, where everything alarms, all is one episode again.
    """
    levels = np.unique(scores)[::-1]
    allowed, refused = 0, 1
    while refused <= levels.size and episodes(scores >= levels[refused - 1]) <= most:
        allowed, refused = refused, 2 * refused
    refused = min(refused, levels.size + 1)
    while refused - allowed > 1:
        middle = (allowed + refused) // 2
        if episodes(scores >= levels[middle - 1]) <= most:
            allowed = middle
        else:
            refused = middle
    return float(levels[allowed - 1]) if allowed else float("inf")


def episodes(alarms: npt.NDArray[np.bool_]) -> int:
    """Episodes in ``alarms`` (minutes, clusters), those up to 60 minutes apart being one."""
    cluster, minute = np.nonzero(alarms.T)
    apart = (np.diff(cluster) != 0) | (np.diff(minute) > _EPISODE)
    return int(minute.size > 0) + int(apart.sum())
