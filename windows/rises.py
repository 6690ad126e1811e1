"""What the subset scan finds: themes of one slice that are up together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Member(NamedTuple):
    """One theme of a rise: `gain` nats above the penalty from `events` where `expected`."""

    slot: int
    events: float
    expected: float
    gain: float


class Reading(NamedTuple):
    """Themes that are up together over a window of so many minutes, those that gain most first.

    `charge`: nats that it takes to be chosen among the slices.
    """

    minutes: int
    members: tuple[Member, ...]
    charge: float = 0.0

    @property
    def score(self) -> float:
        """Nats."""
        return max(0.0, sum(member.gain for member in self.members) - self.charge)


NOTHING = Reading(0, ())
"""Nobody is up."""


def best_of(scales: Iterable[Reading]) -> Reading:
    """The highest score; that of the shortest window if several have it, NOTHING of none."""
    return max(scales, key=lambda reading: reading.score, default=NOTHING)


class Rise(NamedTuple):
    """Themes that are up together, over each window that found some; `value` None: everybody."""

    value: int | None
    scales: tuple[Reading, ...]

    @property
    def best(self) -> Reading:
        """The window of the highest score."""
        return best_of(self.scales)
