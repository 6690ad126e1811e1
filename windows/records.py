"""Record filter: only the highest score of the last day, and no habit, may start an alarm."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from windows.slots import Floats, Join, SlotTable

_BLOCKS = 24
_HABIT_GAIN = np.float32(0.25)
_HABIT_MARGIN = np.float32(1.5)


class RecordFilter:
    """Is a score above every score of the last day, and clearly above the usual daily peak.

    A monotone queue per cluster is exact, but not an array. Here are the maxima of 24 closed
    blocks (an hour each, at a day) and of the open one, so "the last day" is 24 to 25 hours.

    The habit is a running mean of daily peaks: a job that fails every night is rare in minutes, but
    not in days.
    """

    def __init__(self, table: SlotTable, ticks: int) -> None:
        self._table = table
        self._block = max(1, ticks // _BLOCKS)
        table.declare("record.blocks", rows=_BLOCKS, join=Join.MOST)
        for column in ("highest", "open", "habit"):
            table.declare(f"record.{column}", join=Join.MOST)

    def is_highest(self, score: Floats) -> npt.NDArray[np.bool_]:
        """Whether ``score`` is above 0 and above every score of the last day."""
        day = np.maximum(self._table["record.highest"], self._table["record.open"])
        higher: npt.NDArray[np.bool_] = score > day
        return higher

    def is_unlike_habit(self, score: Floats) -> npt.NDArray[np.bool_]:
        """Whether ``score`` is above one and a half usual daily peaks."""
        unlike: npt.NDArray[np.bool_] = score > _HABIT_MARGIN * self._table["record.habit"]
        return unlike

    def reach(self, slot: int, score: float) -> None:
        """From now on only a higher score of a slot is a record."""
        current = self._table["record.open"]
        current[slot] = max(current[slot], score)

    def learn(self, score: Floats, tick: int) -> None:
        """Keep ``score``, the one of bin ``tick``."""
        current = self._table["record.open"]
        np.maximum(current, score, out=current)
        if (tick + 1) % self._block:
            return
        block = (tick // self._block) % _BLOCKS
        blocks, highest = self._table["record.blocks"], self._table["record.highest"]
        blocks[block] = current
        np.max(blocks, axis=0, out=highest)
        current[:] = 0
        if block == _BLOCKS - 1:
            habit = self._table["record.habit"]
            # It can at most double and add 2: one huge outbreak is not a habit.
            habit += _HABIT_GAIN * (np.minimum(highest, 2 * habit + 2) - habit)
