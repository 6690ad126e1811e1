"""The alarm threshold of a product, from the peaks of its own quiet hours.

Peaks over threshold (Coles, "An Introduction to Statistical Modeling of Extreme Values", 2001,
chapter 4, with an exponential tail): hours whose highest score is above the screen u come lambda
times a week, and their excess over u is exponential with a mean of beta nats. So a score of
    u + beta ln(lambda / r)
is reached r times a week by chance. Both have conjugate gamma priors that are worth w weeks of
lambda_0 peaks and beta_0 nats each; after n peaks with s nats of excess in t quiet weeks
    lambda = (w lambda_0 + n) / (w + t),  1 / beta = (w lambda_0 + n) / (w lambda_0 beta_0 + s).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from windows.scan import FALSE_PER_WEEK, SCREEN, THRESHOLD

LOWEST, HIGHEST = THRESHOLD - 3.0, THRESHOLD + 6.0
"""Nats between which the threshold stays, whatever the hours have been like."""

HALF_LIFE = 14 * 24.0
"""Hours after which a quiet hour counts half."""

PRIOR_WEEKS = 2 / 7
"""Two quiet days: so soon a product speaks as loud as what is believed of all."""

PRIOR_RATE = 100.0
"""Peaks above the screen per week: made-up products of 40 and more themes had 94 in two days
without an incident."""

PRIOR_EXCESS = (THRESHOLD - SCREEN) / math.log(PRIOR_RATE / FALSE_PER_WEEK)
"""Nats: so that a product of which nothing is known has the threshold of the scan."""

_MINUTES, _WEEK = 60, 7 * 24 * 60


class QuietPeaks:
    """Feed it every closed minute; ask for the threshold at which so many false ones are `allowed`.

    `allowed` are false incidents per week. What happens in an hour counts from the next one on. A
    peak above the threshold was an alarm: it counts as one that just reached it, or one real
    incident would deafen the product. That makes chance look smaller by at most the rate allowed
    over the rate of peaks. A rise on both sides of the full hour counts twice.
    """

    def __init__(self, allowed: float) -> None:
        self._allowed = allowed
        self._hour = 0
        self._minutes = 0
        self._peak = 0.0
        self._weeks = 0.0
        self._peaks = 0.0
        self._excess = 0.0

    def close(self, minute: int, best: float, *, quiet: bool) -> None:
        """Take an epoch minute, never going back; `best` is its highest score in nats.

        Only `quiet` minutes count: those in which no incident is open.
        """
        hour = minute // _MINUTES
        if hour != self._hour:
            self._learn(hour - self._hour)
            self._hour = hour
        if quiet:
            self._minutes += 1
            self._peak = max(self._peak, best)

    def _learn(self, hours: int) -> None:
        """End the open hour, `hours` before the one that begins."""
        excess = min(self._peak, self.threshold) - SCREEN
        self._weeks += self._minutes / _WEEK
        if excess > 0:
            self._peaks += 1
            self._excess += excess
        keep = 0.5 ** (hours / HALF_LIFE)
        self._weeks *= keep
        self._peaks *= keep
        self._excess *= keep
        self._minutes, self._peak = 0, 0.0

    @property
    def rate(self) -> float:
        """Peaks above the screen per week (lambda)."""
        return (PRIOR_WEEKS * PRIOR_RATE + self._peaks) / (PRIOR_WEEKS + self._weeks)

    @property
    def mean_excess(self) -> float:
        """Nats above the screen of a peak, in the mean (beta)."""
        known = PRIOR_WEEKS * PRIOR_RATE
        return (known * PRIOR_EXCESS + self._excess) / (known + self._peaks)

    @property
    def threshold(self) -> float:
        """Nats from which a score is an alarm, to a thousandth."""
        asked = SCREEN + self.mean_excess * math.log(self.rate / self._allowed)
        return round(min(max(asked, LOWEST), HIGHEST), 3)

    @property
    def false_per_week(self) -> float:
        """What the threshold costs: what is allowed, unless it had to stay within its bounds."""
        threshold = self.threshold
        if LOWEST < threshold < HIGHEST:
            return self._allowed
        return round(self.rate * math.exp((SCREEN - threshold) / self.mean_excess), 2)

    def state(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {
            "hour": self._hour,
            "minutes": self._minutes,
            "peak": self._peak,
            "weeks": self._weeks,
            "peaks": self._peaks,
            "excess": self._excess,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        self._hour, self._minutes, self._peak = state["hour"], state["minutes"], state["peak"]
        self._weeks, self._peaks = state["weeks"], state["peaks"]
        self._excess = state["excess"]
