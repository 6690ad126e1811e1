"""First day of a product: the shape of the day, once it is over."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from windows.profiles import HOURS_A_DAY, PSEUDO_COUNTS
from windows.slots import Floats, State

_NO_TICKS = np.zeros(0, np.int64)
_NO_TOTALS = np.zeros(0)


class FirstDay:
    """Hourly totals of the first day, kept until the mean level of the day is known.

    While the day runs nobody knows the season, so levels follow the day and a profile measured
    against them would be flat. When it is over, every hour is measured against the mean
    levels of the day instead.
    """

    def __init__(self, ticks: int) -> None:
        self._ticks = ticks
        self.over = False
        self._hours, self._ends, self._totals = _NO_TICKS, _NO_TICKS, _NO_TOTALS

    def close_hour(self, hour: int, seen: Floats, tick: int) -> bool:
        """Take the cut counts of the hour that ended before ``tick``; True when the day is over."""
        self._hours = np.append(self._hours, hour % HOURS_A_DAY)
        self._ends = np.append(self._ends, tick)
        self._totals = np.append(self._totals, math.fsum(seen.tolist()))
        self.over = tick >= self._ticks
        return self.over

    def shape(self, means: Floats, ages: Floats) -> npt.NDArray[np.float64]:
        """Ratio of each hour of the day to the day, mean 1, for P.

        ``means`` are the mean levels (n,) of the clusters over their ``ages`` (n,) in bins.
        Hours that were not seen are 1; few complaints are shrunk to 1.
        """
        seen, expected = np.zeros(HOURS_A_DAY), np.zeros(HOURS_A_DAY)
        for row, alive in enumerate(self._alive(ages)):
            seen[self._hours[row]] += self._totals[row]
            expected[self._hours[row]] += math.fsum((means * alive).tolist())
        ratio = (seen + PSEUDO_COUNTS) / (expected + PSEUDO_COUNTS)
        ratio /= ratio.mean()
        return ratio

    def season_lived(self, shape: npt.NDArray[np.float64], ages: Floats) -> Floats:
        """Sum of the season over the life of clusters ``ages`` (n,) old, in bins."""
        lived = np.zeros(ages.shape, np.float32)
        for row, alive in enumerate(self._alive(ages)):
            lived += np.float32(shape[self._hours[row]]) * alive
        return lived

    def _alive(self, ages: Floats) -> list[Floats]:
        """Bins of each hour in which clusters of these ``ages`` lived."""
        births = np.float32(self._ends[-1]) - ages
        starts = np.concatenate([[0], self._ends[:-1]]).astype(np.float32)
        ends = self._ends.astype(np.float32)
        return [
            np.maximum(end - np.maximum(births, start), 0)
            for start, end in zip(starts, ends, strict=True)
        ]

    def state(self) -> State:
        return {
            "first.over": np.array(self.over),
            "first.hours": self._hours,
            "first.ends": self._ends,
            "first.totals": self._totals,
        }

    def restore(self, state: State) -> None:
        self.over = bool(state["first.over"])
        self._hours, self._ends = state["first.hours"], state["first.ends"]
        self._totals = state["first.totals"]
