"""Own rhythm: how the day and the week of one cluster differ from those of its product."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from windows.profiles import PooledProfile
from windows.slots import Floats, Join, Slots, SlotTable

_DAY = 1440
_HARMONICS = 2
_SIZE = 2 + 2 * _HARMONICS
# Variances of the weights at birth: the level, cosine and sine of each harmonic, the weekend.
_PRIOR = (1.0, 0.09, 0.09, 0.0225, 0.0225, 0.09)
# Variance that an hour adds to the level, so that it may drift and the season need not.
_WALK = 0.0004
# Standard deviations of its prediction beyond which an hour teaches no more.
_CUT = 3.0
_LEAST_RATE = np.float32(1e-5)
# The epoch began on a Thursday.
_EPOCH_WEEKDAY = 3


class OwnRhythm:
    """O = exp(harmonics of the day + weekend), by a Kalman filter on log counts of the hour.

    ln(count of an hour) = w0 + ln(season lived) + sum of w_k x_k + noise, x = (1, cos, sin,
    cos, sin of the day and half the day, weekend); the noise has variance 1 / m + phi. w0
    follows the level, so that O need not. The prior is the shrinkage: a quiet cluster keeps
    to the shape of its product. Source: extended Kalman filter of a log-linear rate; West and
    Harrison, Bayesian forecasting and dynamic models, 1997.
    """

    def __init__(self, table: SlotTable) -> None:
        self._table = table
        table.declare("rhythm.weights", rows=_SIZE, join=Join.MEAN)
        table.declare("rhythm.spread", rows=_SIZE * _SIZE)
        table.declare("rhythm.lived", join=Join.MEAN)
        for column in ("seen", "levels"):
            table.declare(f"rhythm.{column}", join=Join.SUM)

    def start(self, slots: Slots) -> None:
        """Start ``slots`` at the shape of the product."""
        for row, variance in enumerate(_PRIOR):
            self._table["rhythm.spread"][row * (_SIZE + 1), slots] = variance

    def merge(self, into: int, gone: int) -> None:
        """Say of both slots what the level of their sum is; the table joins the rest."""
        w0 = self._table["rhythm.weights"][0]
        w0[[into, gone]] = np.logaddexp(w0[into], w0[gone])

    def at(self, minute: int) -> Floats:
        """O at ``minute`` for every slot."""
        weights = self._table["rhythm.weights"]
        x = _regressors(minute + 0.5)
        total: Floats = weights[1] * x[1]
        for row in range(2, _SIZE):
            if x[row]:
                total += weights[row] * x[row]
        return np.exp(total, out=total)

    def observe(self, cut: Floats, season: Floats, level: Floats) -> None:
        """Add one bin to the sums of the hour; ``level`` is the level times O."""
        for column, values in (("seen", cut), ("lived", season), ("levels", level)):
            total = self._table[f"rhythm.{column}"]
            total += values

    @property
    def seen(self) -> Floats:
        """Cut counts of the current hour so far."""
        seen: Floats = self._table["rhythm.seen"]
        return seen

    def empty(self) -> None:
        """Start the sums of an hour anew."""
        for column in ("seen", "lived", "levels"):
            self._table[f"rhythm.{column}"][:] = 0

    def anchor(self, rate: Floats, young: npt.NDArray[np.bool_]) -> None:
        """Set w0 to the level ``rate`` of the ``young``, which the level knows better."""
        w0 = self._table["rhythm.weights"][0]
        np.copyto(w0, np.log(np.maximum(rate, _LEAST_RATE)), where=young)

    def rescale(self, scale: float) -> None:
        """Follow levels that were multiplied by ``scale``."""
        w0 = self._table["rhythm.weights"][0]
        w0 += np.float32(math.log(scale))

    def close_hour(self, hour: int, profile: PooledProfile, phi: Floats) -> None:
        """Learn P, then O, from the ``hour`` (from the epoch) that ended, and empty the sums.

        ``phi`` is the dispersion of the count of an hour.
        """
        table = self._table
        live = table["live"]
        profile.learn(hour, self.seen[live], table["rhythm.levels"][live])
        self._update(_regressors(hour * 60 + 30.0), phi)
        self.empty()

    def _update(self, x: Floats, phi: Floats) -> None:
        weights = self._table["rhythm.weights"]
        spread = self._table["rhythm.spread"].reshape(_SIZE, _SIZE, -1)
        mean = np.exp(weights[0]) * self._table["rhythm.lived"]
        np.maximum(mean, np.float32(1e-3), out=mean)
        along = np.zeros_like(weights)
        for row in range(_SIZE):
            for column in range(_SIZE):
                if x[column]:
                    along[row] += spread[row, column] * x[column]
        variance = 1 / mean + phi
        for row in range(_SIZE):
            variance += along[row] * x[row]
        surprise = self.seen / mean
        surprise -= 1
        limit = np.float32(_CUT) * np.sqrt(variance)
        np.clip(surprise, -limit, limit, out=surprise)
        gains = along / variance
        weights += gains * surprise
        for row in range(_SIZE):
            spread[row] -= gains[row] * along
        spread[0, 0] += np.float32(_WALK)


def _regressors(minute: float) -> Floats:
    turn = 2 * math.pi * minute / _DAY
    waves = [f(k * turn) for k in range(1, _HARMONICS + 1) for f in (math.cos, math.sin)]
    weekend = (int(minute) // _DAY + _EPOCH_WEEKDAY) % 7 >= 5
    return np.array([1.0, *waves, float(weekend)], np.float32)
