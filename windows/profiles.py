"""Seasonal profiles: the pooled hour-of-week shape and the cluster's own hour-of-day ratio."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from windows.slots import Floats, SlotTable, State

HOURS_A_DAY = 24
# Complaints an own ratio must outweigh: the shrinkage of a cluster to the pooled shape.
PSEUDO_COUNTS = 10.0
# Below, the next ordinary hour would look like an outbreak; above, an outbreak like an hour.
_LEAST_PROFILE = 0.02
_RATIO_LIMITS = (0.05, 50.0)


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
        ``levels`` the levels summed over its minutes, both of live clusters only. Ten pseudo
        counts at the old P keep the profile of a quiet product from following its noise.
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


class OwnRatios:
    """O: what a cluster's own hours of the day are against the pooled shape, 24 a cluster."""

    def __init__(self, table: SlotTable) -> None:
        self._table = table
        table.declare("own.ratio", rows=HOURS_A_DAY, dtype=np.float16, fill=1)
        table.declare("own.days", dtype=np.uint16)
        table.declare("own.seen")
        table.declare("own.levels")

    def at(self, minute: int) -> Floats:
        """O at ``minute`` for every slot, linear between the centres of the hours."""
        left, right, weight = between_hours(minute)
        ratio = self._table["own.ratio"]
        first = ratio[left % HOURS_A_DAY].astype(np.float32)
        second: Floats = ratio[right % HOURS_A_DAY].astype(np.float32)
        second -= first
        second *= np.float32(weight)
        second += first
        return second

    def observe(self, cut: Floats, level: Floats) -> None:
        """Add one minute to the sums of the current hour."""
        seen, levels = self._table["own.seen"], self._table["own.levels"]
        seen += cut
        levels += level

    @property
    def seen(self) -> Floats:
        """Cut counts of the current hour so far."""
        seen: Floats = self._table["own.seen"]
        return seen

    def empty(self) -> None:
        """Start the sums of an hour anew."""
        self._table["own.seen"][:] = 0
        self._table["own.levels"][:] = 0

    def close_hour(self, hour: int, profile: PooledProfile) -> None:
        """Learn P, then O, from the hour that ended, and empty the sums.

        O moves to (A + 10) / (E P + 10) with gain max(.1, 1 / (days + 2)).
        """
        table = self._table
        seen, levels, live = table["own.seen"], table["own.levels"], table["live"]
        pooled = profile.learn(hour, seen[live], levels[live])
        ratio = table["own.ratio"]
        days = table["own.days"]
        gain = np.maximum(np.float32(0.1), 1 / (days.astype(np.float32) + 2))
        target = (seen + PSEUDO_COUNTS) / (levels * np.float32(pooled) + PSEUDO_COUNTS)
        row = ratio[hour % HOURS_A_DAY].astype(np.float32)
        row += gain * (target - row)
        ratio[hour % HOURS_A_DAY] = np.clip(row, *_RATIO_LIMITS)
        if hour % HOURS_A_DAY == HOURS_A_DAY - 1:
            days += (days < np.iinfo(np.uint16).max).astype(np.uint16)
        self.empty()
