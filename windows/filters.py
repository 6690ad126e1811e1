"""Two-state filter: is this cluster in an outbreak now; and is that unusual for it."""

from __future__ import annotations

import numpy as np

from windows.gains import gain
from windows.slots import Floats, SlotTable

REST = -8.0
_FLOOR = -12.0
# High, so that large outbreaks still rank; the transition alone forgets any height in a step.
_CEILING = 1e4
_EXPONENT_CAP = 50.0
# Events a minute that an outbreak adds at least: one stray complaint is none.
_LEAST_OUTBREAK = 0.02
# Events a minute below which rest is not told apart: three complaints are no outbreak.
_LEAST_REST = 0.001
_OUTBREAK_EVERY_MINUTES = 2880.0
_OUTBREAK_LASTS_MINUTES = 60.0


class TwoStateFilter:
    """Z: log odds of outbreak against rest, a two-state Markov model on NB counts.

    Source: Kleinberg's two-state burst automaton, made online (forward filter). Rest has mean
    mu, at least .001 a minute, and outbreak kappa mu + .02; both have dispersion phi.
    """

    def __init__(self, table: SlotTable, kappa: float, bin_minutes: int) -> None:
        self._table = table
        self._kappa = np.float32(kappa)
        self._added = np.float32(_LEAST_OUTBREAK * bin_minutes)
        self._least = np.float32(_LEAST_REST * bin_minutes)
        self._begin = np.float32(min(bin_minutes / _OUTBREAK_EVERY_MINUTES, 0.25))
        self._end = np.float32(min(bin_minutes / _OUTBREAK_LASTS_MINUTES, 0.5))
        table.declare("filter.odds", fill=REST)

    @property
    def odds(self) -> Floats:
        return self._table["filter.odds"]

    def forward(self, count: Floats, mu: Floats, phi: Floats) -> Floats:
        """Z after this bin; nothing is kept."""
        odds = np.minimum(self.odds, np.float32(_EXPONENT_CAP))
        np.exp(odds, out=odds)
        rest = odds * self._end
        rest += 1 - self._begin
        odds *= 1 - self._end
        odds += self._begin
        odds /= rest
        np.log(odds, out=odds)
        odds += self._evidence(count, mu, phi)
        return np.clip(odds, np.float32(_FLOOR), np.float32(_CEILING), out=odds)

    def _evidence(self, count: Floats, mu: Floats, phi: Floats) -> Floats:
        """x [ln m1/(m1+k) - ln mu/(mu+k)] + k ln (mu+k)/(m1+k), with k = 1 / phi."""
        size = 1 / phi
        mu = np.maximum(mu, self._least)
        outbreak = self._kappa * mu
        outbreak += self._added
        ratio = mu + size
        ratio /= outbreak + size
        per_event = outbreak / mu
        per_event *= ratio
        np.log(per_event, out=per_event)
        per_event *= count
        np.log(ratio, out=ratio)
        ratio *= size
        per_event += ratio
        return per_event

    def learn(self, odds: Floats) -> None:
        """Keep the Z that ``forward`` gave."""
        self.odds[:] = odds


class SelfCalibration:
    """q: how unusual this Z is for this very cluster; quiets bursts that recur.

    Running mean and variance of y = max(Z + 8, 0); q = (y - mean) / sqrt(var + 1).
    """

    # One huge outbreak must not blind the cluster for days.
    _LEARNED_CEILING = np.float32(68.0)

    def __init__(self, table: SlotTable, half_life: float) -> None:
        self._table = table
        # No quicker while young: the first outbreak of a new cluster is not yet its habit.
        self._gain = np.float32(gain(half_life))
        table.declare("burst.mean")
        table.declare("burst.variance")

    def unusual(self, odds: Floats) -> Floats:
        """q of ``odds``."""
        q: Floats = np.maximum(odds - np.float32(REST), 0)
        q -= self._table["burst.mean"]
        q /= np.sqrt(self._table["burst.variance"] + 1)
        return q

    def learn(self, odds: Floats) -> None:
        """Learn the Z of one bin."""
        mean, variance = self._table["burst.mean"], self._table["burst.variance"]
        delta = np.clip(odds - np.float32(REST), 0, self._LEARNED_CEILING)
        delta -= mean
        step = self._gain * delta
        mean += step
        # West's update: var = (1 - g) (var + g delta^2).
        step *= delta
        variance += step
        variance *= 1 - self._gain


def effective(odds: Floats, unusual: Floats) -> Floats:
    """Score A = min(Z + 12, 6 + 2 q), at least 0."""
    score = unusual * 2
    score += 6
    np.minimum(score, odds - np.float32(_FLOOR), out=score)
    return np.maximum(score, 0, out=score)
