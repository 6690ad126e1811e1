"""Seasonal profile: the hour-of-week shape that all clusters of a product share."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from windows.slots import Floats, State

HOURS_A_DAY = 24
# Complaints that an hour must outweigh to move the shape.
PSEUDO_COUNTS = 10.0
# Below, the next ordinary hour would look like an outbreak.
_LEAST_PROFILE = 0.02


def between_hours(minute: int) -> tuple[int, int, float]:
    """The two hours whose centres enclose ``minute``, and the weight of the second.

    Hours are counted from the epoch; the middle of the minute is what is placed.
    """
    position = (minute + 0.5) / 60.0 - 0.5
    left = math.floor(position)
    return left, left + 1, position - left


class PooledProfile:
    """P: the shape of the week (or of any ``hours``-long season), one for all clusters.

    1 until an hour was seen. An hour of the week not seen yet takes the median of the same
    hour on the days seen, so the shape of the day is known after one day instead of seven.
    """

    def __init__(self, hours: int) -> None:
        self.values = np.ones(hours)
        self.visits = np.zeros(hours, np.int64)

    def at(self, minute: int) -> float:
        """P at ``minute``, linear between the centres of the hours."""
        left, right, weight = between_hours(minute)
        hours = self.values.size
        return float((1 - weight) * self.values[left % hours] + weight * self.values[right % hours])

    def knows(self, hour: int) -> bool:
        """Whether ``hour`` (from the epoch) was seen, or P is a guess there."""
        return bool(self.visits[hour % self.values.size])

    def guess(self, shape: npt.NDArray[np.float64]) -> None:
        """Take the ``shape`` (24,) of the first day for all days."""
        self.values[:] = np.resize(shape, self.values.size)

    def learn(self, hour: int, seen: Floats, levels: Floats) -> float:
        """Move P of ``hour`` (from the epoch) to sum(seen) / sum(levels); return the new value.

        Gain 1/(n+1) for four visits, then .25. ``seen`` are the cut counts of the hour and
        ``levels`` the level times the own rhythm summed over its bins, of live clusters only.
        Ten pseudo counts at the old P keep the profile of a quiet product from following its
        noise.
        """
        index = hour % self.values.size
        old = max(float(self.values[index]), _LEAST_PROFILE)
        # fsum is exact, so the order of the clusters cannot show in the result.
        total, expected = math.fsum(seen.tolist()), math.fsum(levels.tolist())
        ratio = (total + PSEUDO_COUNTS) / (expected + PSEUDO_COUNTS / old)
        gain = max(1.0 / (self.visits[index] + 1), 0.25)
        self.values[index] += gain * (ratio - self.values[index])
        self.visits[index] += 1
        day = slice(index % HOURS_A_DAY, None, HOURS_A_DAY)
        values, visits = self.values[day], self.visits[day]
        values[visits == 0] = np.median(values[visits > 0])
        return float(self.values[index])

    def rescale(self) -> float:
        """Once all hours are seen, scale P to mean 1; return what levels must be multiplied by."""
        scale = float(self.values.mean()) if self.visits.all() else 1.0
        self.values /= scale
        return scale

    def state(self) -> State:
        return {"profile.values": self.values.copy(), "profile.visits": self.visits.copy()}

    def restore(self, state: State) -> None:
        self.values = state["profile.values"].copy()
        self.visits = state["profile.visits"].copy()
