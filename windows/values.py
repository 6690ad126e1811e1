"""Attribute values of one product, as small numbers; bounded, whatever is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from windows.gains import gain
from windows.slots import Floats, Slots

LIMIT = 128
"""Values numbered at a time."""

_HALF_LIFE = 1440.0
_SWEEP = 60
_LEAST = 1.0


class Values:
    """Numbers the values of attributes: (attribute, value) to an id below `limit`.

    What comes when all ids are taken has none until one is free. Once an hour of `tick`s the ids of
    values whose exponentially weighted count (half-life a day) fell below 1 are freed.

    A freed id is soon another value's. So whoever keeps counts by id must forget the ids that
    `tick` returns (`SubsetScan.forget_values`) before `ids` is asked again.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        self._free = list(range(limit - 1, -1, -1))
        self._weights = np.zeros(limit, np.float64)
        self._ticks = 0

    def ids(self, names: Sequence[str], leaf: Sequence[str]) -> list[int]:
        """Ids of the values of one leaf, "" being none; new ones are numbered if there is room."""
        found = []
        for pair in zip(names, leaf, strict=False):
            if not pair[1]:
                continue
            known = self._ids.get(pair)
            if known is None:
                if not self._free:
                    continue
                known = self._ids[pair] = self._free.pop()
            found.append(known)
        return found

    def name(self, number: int) -> tuple[str, str]:
        """The attribute and the value of an id in use. Raises KeyError if it is free."""
        for pair, known in self._ids.items():
            if known == number:
                return pair
        raise KeyError(number)

    def tick(self, counts: Floats) -> Slots:
        """Weigh the events (limit,) of a minute; the ids that have just been freed, ascending."""
        self._weights *= 1 - gain(_HALF_LIFE)
        self._weights += counts
        self._ticks += 1
        if self._ticks % _SWEEP:
            return np.zeros(0, np.intp)
        gone = sorted((n, pair) for pair, n in self._ids.items() if self._weights[n] < _LEAST)
        for number, pair in gone:
            del self._ids[pair]
            self._free.append(number)
            self._weights[number] = 0
        return np.array([number for number, _ in gone], np.intp)

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "ids": [[*pair, number] for pair, number in self._ids.items()],
            "free": list(self._free),
            "weights": self._weights.copy(),
            "ticks": self._ticks,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self._ids = {(name, value): number for name, value, number in state["ids"]}
        self._free = list(state["free"])
        self._weights = state["weights"].copy()
        self._ticks = state["ticks"]
