"""Counts per minute: day and week shape, slow drift and over-dispersion.

The minute generator of the detection notes: mean b = rate (1 - amp + amp s) week, times exp(v)
with v <- .995 v + N(0, .02) every hour; counts are negative binomial with variance m + phi m^2.
"""

import numpy as np
from numpy.typing import NDArray

from streams.simulation.scenario import DAY
from streams.simulation.themes import Rhythm

_FIRST_WEEKDAY = 3
"""1970-01-01 was a Thursday; 0 is Monday."""
_DRIFT, _DRIFT_SD = 0.995, 0.02


def day_shape() -> NDArray[np.float64]:
    """The day's shape s per minute of the day, mean 1: low at night, high in the afternoon."""
    m = np.arange(DAY)
    turn = 2 * np.pi / DAY
    shape = np.exp(1.1 * np.cos(turn * (m - 870)) + 0.35 * np.cos(2 * turn * (m - 660)))
    return np.asarray(shape / shape.mean(), dtype=np.float64)


def intensity(
    rhythm: Rhythm, minutes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Expected events per minute at each of `minutes` (consecutive epoch minutes)."""
    at = (minutes + round(rhythm.phase)) % DAY
    level = 1 - rhythm.amplitude + rhythm.amplitude * day_shape()[at]
    weekend = (minutes // DAY + _FIRST_WEEKDAY) % 7 >= 5
    # The weekly mean stays at `rate` whatever the weekend does.
    weekdays = rhythm.rate * 7 / (5 + 2 * rhythm.weekend)
    week = np.where(weekend, weekdays * rhythm.weekend, weekdays)
    return np.asarray(level * week * np.exp(_drift(len(minutes), rng)), dtype=np.float64)


def _drift(minutes: int, rng: np.random.Generator) -> NDArray[np.float64]:
    steps = rng.normal(0.0, _DRIFT_SD, -(-minutes // 60))
    value = 0.0
    for hour, step in enumerate(steps):
        value = _DRIFT * value + float(step)
        steps[hour] = value
    return np.repeat(steps, 60)[:minutes]


def negative_binomial(
    mean: NDArray[np.float64], phi: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Counts with the given means and variance m + phi m^2 (phi 0: Poisson)."""
    if phi > 0:
        mean = rng.gamma(1 / phi, mean * phi)
    return rng.poisson(mean)


def spread(mean: NDArray[np.float64], phi: float) -> float:
    """Standard deviation of the sum of such counts."""
    return float(np.sqrt(np.sum(mean + phi * mean**2)))
