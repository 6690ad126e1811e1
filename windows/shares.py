"""For whom a theme usually is: the share of each attribute value in each theme's events."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from windows.gains import gain
from windows.slots import Floats, Slots

_HALF_LIFE = 1440.0
_PSEUDO_EVENTS = 10.0
"""Events of its own that weigh as much as the share among all themes of its kind."""
_KNOWN_EVENTS = 30.0
"""A new release rises in every theme, and no theme can say how much is usual."""
_MOST = 0.98

Reals = npt.NDArray[np.float64]


class Shares:
    """Exponentially weighted counts by value and theme (half-life a day), shrunk to the kind's.

    A kind is a group of themes that record the same attributes (what people say, what machines
    log). Arrays are indexed by value id, and by slot.
    """

    def __init__(self, values: int, kinds: int) -> None:
        self._cells: Floats = np.zeros((values, 0), np.float32)
        self._totals: Floats = np.zeros(0, np.float32)
        self._kinds: Slots = np.zeros(0, np.intp)
        self._by_kind = np.zeros((kinds, values))
        self._kind_totals = np.zeros(kinds)

    def start(self, slots: npt.ArrayLike, kind: int) -> None:
        """Begin themes of a kind, in `slots`; a reused slot starts without shares of its own."""
        index = np.asarray(slots, np.intp)
        capacity = self._totals.size
        if index.size and index.max() >= capacity:
            wider = max(int(index.max()) + 1, 2 * capacity) - capacity
            self._cells = np.pad(self._cells, ((0, 0), (0, wider)))
            self._totals = np.pad(self._totals, (0, wider))
            self._kinds = np.pad(self._kinds, (0, wider))
        self._cells[:, index] = 0
        self._totals[index] = 0
        self._kinds[index] = kind

    def merge(self, into: int, gone: int) -> None:
        """Count the events of slot `gone`, of the same kind, as those of `into`."""
        self._cells[:, into] += self._cells[:, gone]
        self._totals[into] += self._totals[gone]
        self._cells[:, gone] = 0
        self._totals[gone] = 0

    def forget_values(self, values: Slots) -> None:
        """Forget the values of these ids."""
        self._cells[values] = 0
        self._by_kind[:, values] = 0

    def learn(self, values: Slots, slots: Slots, counts: Floats, totals: Floats) -> None:
        """Learn a minute: `counts` (cells,) at (value, slot), each pair once; `totals` (slots,)."""
        keep = 1 - gain(_HALF_LIFE)
        kinds, n = self._kinds, totals.size
        self._cells *= np.float32(keep)
        self._cells[values, slots] += counts
        self._totals *= np.float32(keep)
        self._totals[:n] += totals
        self._by_kind *= keep
        place = kinds[slots] * self._by_kind.shape[1] + values
        seen = np.bincount(place, counts, minlength=self._by_kind.size)
        self._by_kind += seen.reshape(self._by_kind.shape)
        self._kind_totals *= keep
        self._kind_totals += np.bincount(kinds[:n], totals, minlength=self._kind_totals.size)

    def at(self, values: Slots, slots: Slots) -> tuple[Reals, Reals]:
        """Expected share (cells,) of each value in the events of each slot, and its dispersion.

        The posterior of a Dirichlet prior: the share s has variance s (1 - s) / (events + 1), here
        relative to s^2.
        """
        usual = self._usual()[self._kinds[slots], values]
        events = self._totals[slots] + _PSEUDO_EVENTS
        share = np.minimum((self._cells[values, slots] + _PSEUDO_EVENTS * usual) / events, _MOST)
        return share, (1 - share) / (share * (events + 1))

    def known(self, values: Slots, slots: Slots) -> npt.NDArray[np.bool_]:
        """Whether each value (cells,) has been heard often enough in the kind of each slot."""
        heard: npt.NDArray[np.bool_] = self._by_kind[self._kinds[slots], values] >= _KNOWN_EVENTS
        return heard

    @property
    def values_known(self) -> int:
        """Values that have been heard often enough in some kind."""
        return int((self._by_kind >= _KNOWN_EVENTS).any(axis=0).sum())

    def expected(self, values: Slots, totals: Floats) -> Reals:
        """Events expected of each of `values`, given the events of each slot (slots,)."""
        if not values.size:
            return np.zeros(0)
        heard = np.flatnonzero(totals)
        weight = totals[heard].astype(np.float64) / (self._totals[heard] + _PSEUDO_EVENTS)
        own = self._cells[np.ix_(values, heard)] * weight
        kinds = np.bincount(self._kinds[heard], weight, minlength=len(self._by_kind))
        usual = self._usual()[:, values] * kinds[:, None]
        expected: Reals = own.sum(axis=1) + _PSEUDO_EVENTS * usual.sum(axis=0)
        return expected

    def _usual(self) -> Reals:
        """Share of each value among the themes of a kind (kinds, values)."""
        usual: Reals = (self._by_kind + 0.5) / (self._kind_totals[:, None] + _PSEUDO_EVENTS)
        return usual

    def state(self) -> dict[str, Any]:
        """Everything, as arrays."""
        return {
            "cells": self._cells.copy(),
            "totals": self._totals.copy(),
            "kinds": self._kinds.copy(),
            "by_kind": self._by_kind.copy(),
            "kind_totals": self._kind_totals.copy(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self._cells = state["cells"].copy()
        self._totals = state["totals"].copy()
        self._kinds = state["kinds"].copy()
        self._by_kind = state["by_kind"].copy()
        self._kind_totals = state["kind_totals"].copy()
