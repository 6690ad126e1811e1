"""Groups of reviews that somebody may have paid for, with what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.night import Night

_BELOW = 0.6
"""Confidence just below the line: one weak reason more does not lift it over."""


@dataclass(frozen=True)
class Reason:
    """`name`: the finding's, such as `fake.near_copies`; `evidence`: the figures, in words."""

    name: str
    evidence: str


@dataclass(frozen=True)
class Suspects:
    """Reviews that belong together; `odds`: evidence in powers of ten (`Rules.enough`).

    `middle`: the review that stands for them.
    """

    reviews: NDArray[np.int64]
    middle: int
    odds: float
    reasons: tuple[Reason, ...]

    def confidence(self, enough: float) -> float:
        """From 0 to 1; three quarters where the odds are just enough."""
        if self.odds < enough:
            return _BELOW * self.odds / enough
        return float(1 - 0.25 * 10 ** (-(self.odds - enough) / 3))


def span(night: Night, reviews: NDArray[np.int64]) -> str:
    """How long reviews took, in words."""
    times = night.time_ms[reviews]
    minutes = (int(times.max()) - int(times.min())) / 60_000
    return f"{minutes / 60:.1f} hours" if minutes >= 120 else f"{minutes:.0f} minutes"


def authors_of(night: Night, reviews: NDArray[np.int64]) -> float:
    """How many authors; of those who are not known, two are counted as one."""
    known = night.known_author[reviews]
    unknown = len(reviews) - np.count_nonzero(known)
    return len(np.unique(night.author[reviews[known]])) + float(unknown) / 2
