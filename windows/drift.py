"""Baseline drift: river's ADWIN says that the level of a busy cluster has moved for good."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
from river.drift import ADWIN

from windows.slots import Floats, Slots, State

# Added to both sides of a ratio, so that a quiet hour is no change.
_PSEUDO_COUNTS = 10.0
# ADWIN's bound has a term for values in 0 to 1, which would hide a change among few hours.
_SCALE = 10.0


class BaselineDrift:
    """An ADWIN per busy cluster over the level that each hour shows.

    ADWIN is a Python object, so only clusters whose hour has volume get one.
    Source: Bifet and Gavalda, Learning from time-changing data with adaptive windowing, 2007.
    """

    def __init__(self) -> None:
        self._watched: dict[int, ADWIN] = {}

    def moved(self, slots: Slots, counts: Floats, means: Floats, levels: Floats) -> Slots:
        """Learn one hour of ``slots``: sums of the count and of mu, and the level.

        Returns those that moved. The value is the log of the level that this hour alone shows,
        so a level that already follows does not hide the change.
        """
        shown = levels * (counts + _PSEUDO_COUNTS) / (means + _PSEUDO_COUNTS)
        values = _SCALE * np.log(shown.astype(np.float64))
        changed = []
        for slot, value in zip(slots.tolist(), values.tolist(), strict=True):
            adwin = self._watched.get(slot)
            if adwin is None:
                adwin = self._watched[slot] = _adwin()
            adwin.update(value)
            if adwin.drift_detected:
                changed.append(slot)
        return np.array(changed, np.intp)

    def forget(self, slots: npt.ArrayLike) -> None:
        """Drop what was learned of ``slots``."""
        for slot in np.asarray(slots).ravel().tolist():
            self._watched.pop(slot, None)

    def state(self) -> State:
        """The windows as river serialises them, end to end, with the slot and end of each."""
        slots = sorted(self._watched)
        parts = [self._watched[slot]._helper.__getstate__() for slot in slots]
        ends = list(itertools.accumulate(len(part) for part in parts))
        return {
            "drift.slots": np.array(slots, np.int64),
            "drift.ends": np.array(ends, np.int64),
            "drift.windows": np.frombuffer(b"".join(parts), np.uint8),
        }

    def restore(self, state: State) -> None:
        self._watched = {}
        windows, start = state["drift.windows"].tobytes(), 0
        for slot, end in zip(
            state["drift.slots"].tolist(), state["drift.ends"].tolist(), strict=True
        ):
            adwin = self._watched[slot] = _adwin()
            adwin._helper.__setstate__(windows[start:end])
            start = end


def _adwin() -> ADWIN:
    # One value an hour is little: look for a change at each.
    return ADWIN(clock=1)
