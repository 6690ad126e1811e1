"""Baseline: the level L of a cluster and the count mu expected of it in a minute."""

from __future__ import annotations

import numpy as np

from windows.gains import gain
from windows.slots import Floats, Join, Slots, SlotTable

LEAST_EXPECTED = 1e-4
# The season may be near 0 at night; the level must not be learned from its inverse.
_LEAST_SEASON = 0.1


class Level:
    """L: complaints a bin, at a season of 1.

    Gamma-Poisson: ``events`` is a + S and ``exposure`` is b + E, both started by the prior.
    The exact posterior mean (a + S) / (b + E) is the recursion below with gain
    s / (exposure + s), s the season. 1 / events is how uncertain L is, as a dispersion.

    ln L is a random walk: with variance q a bin, 1 / events grows by q, so that both sums
    shrink by 1 + q events (West and Harrison's dynamic linear model). A busy cluster then
    follows its level within hours and a quiet one averages over weeks, with one setting.
    """

    def __init__(self, table: SlotTable) -> None:
        self._table = table
        table.declare("level.rate", join=Join.SUM)
        table.declare("level.events", fill=1)
        table.declare("level.exposure", fill=1)

    def start(self, slots: Slots, shape: float, exposure: float) -> None:
        """Start ``slots`` at the Gamma(shape, exposure) prior."""
        self._table["level.rate"][slots] = shape / exposure
        self._table["level.events"][slots] = shape
        self._table["level.exposure"][slots] = exposure

    @property
    def rate(self) -> Floats:
        rate: Floats = self._table["level.rate"]
        return rate

    def expected(self, season: Floats) -> Floats:
        """mu = max(L P O, 1e-4), ``season`` = P O."""
        mu = self.rate * season
        np.maximum(mu, np.float32(LEAST_EXPECTED), out=mu)
        return mu

    def uncertainty(self) -> Floats:
        """1 / (a + S): the dispersion that not knowing L adds."""
        uncertainty: Floats = np.reciprocal(self._table["level.events"])
        return uncertainty

    def follow(self, cut: Floats, mu: Floats, season: Floats, half_life: float) -> None:
        """Learn one bin of a first day, when the level is a running mean and forgets nothing.

        ``cut`` is the winsorised count, ``half_life`` is in bins.
        """
        exposure, events = self._table["level.exposure"], self._table["level.events"]
        exposure += season
        events += cut
        weight = np.maximum(np.float32(gain(half_life)), season / exposure)
        step = weight * (cut - mu)
        step /= np.maximum(season, np.float32(_LEAST_SEASON))
        self._move(step)

    def learn(self, cut: Floats, mu: Floats, season: Floats, phi: Floats, walk: float) -> None:
        """Learn one bin. ``cut`` is the winsorised count, ``walk`` the variance q of ln L a bin.

        A count of dispersion ``phi`` says as much of L as one of 1 / (1 + phi mu) of the bin.
        """
        exposure, events = self._table["level.exposure"], self._table["level.events"]
        kept = events * np.float32(walk)
        kept += 1
        np.reciprocal(kept, out=kept)
        trust = phi * mu
        trust += 1
        np.reciprocal(trust, out=trust)
        exposure *= kept
        exposure += season * trust
        events *= kept
        events += cut * trust
        step = cut - mu
        step *= trust
        step /= exposure
        self._move(step)

    def _move(self, step: Floats) -> None:
        rate = self.rate
        rate += step
        np.maximum(rate, 0, out=rate)

    def share(self, one: int, other: int) -> float:
        """The share of one slot in the rates of both."""
        rates = self.rate[[one, other]].astype(np.float64)
        return float(rates[0] / rates.sum()) if rates.any() else 0.5

    def merge(self, into: int, gone: int) -> None:
        """Say of both slots what is known of the sum of their levels; the table joins the rest.

        The variance of a Gamma level is rate^2 / events; those of two levels add.
        """
        pair = [into, gone]
        rate, mean = self.rate[pair].astype(np.float64), self.mean()[pair].sum(dtype=np.float64)
        events = self._table["level.events"][pair].astype(np.float64)
        variance = (rate * rate / events).sum()
        known = rate.sum() ** 2 / variance if variance > 0 else events.sum()
        self._table["level.events"][pair] = known
        self._table["level.exposure"][pair] = known / mean

    def mean(self) -> Floats:
        """(a + S) / (b + E): the level if nothing were forgotten."""
        mean: Floats = self._table["level.events"] / self._table["level.exposure"]
        return mean

    def end_first_day(self, season: Floats) -> None:
        """Set the level to the mean of the day, now that its season is known.

        ``season`` is by how much the exposure of each slot changes for it, in bins.
        """
        exposure = self._table["level.exposure"]
        exposure += season
        self.rate[:] = self.mean()

    def rescale(self, scale: float) -> None:
        """Multiply the levels, after the season was divided by ``scale``: mu stays."""
        rate, exposure = self.rate, self._table["level.exposure"]
        rate *= np.float32(scale)
        exposure /= np.float32(scale)

    def relearn(self, slots: Slots, exposure: float) -> None:
        """Forget all but ``exposure`` bins of evidence, after the baseline has moved."""
        kept = np.minimum(1, np.float32(exposure) / self._table["level.exposure"][slots])
        for name in ("level.exposure", "level.events"):
            column = self._table[name]
            column[slots] *= kept
