"""What rises together: themes of one product that are up at once, for somebody or for all.

One problem is worded in many ways and languages, so its excess is spread over several themes, each
of them hardly unusual; and it often hits few: one version, one region. So every closed minute is
scanned for subsets of themes within a slice (one attribute value, or everybody). The score of a
slice is the sum over its themes of max(0, gain - PENALTY) nats, which the best subset reaches
(Neill, "Fast subset scan for spatial pattern detection", 2012; expectation-based, after Kulldorff).

The gain of a theme with n events where e are expected is the negative-binomial log-likelihood ratio
    n ln(n / e) - (n + k) ln((n + k) / (e + k)),  with variance m + m^2 / k.
In a slice, e and k are those of the gamma-Poisson predictive given the theme's events outside of
it, so that a theme that is up for everybody says nothing about a slice. One of many slices is up by
chance more often than everybody is: a slice is charged the logarithm of their number (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from windows.cells import Cells, RecentCells, TrailingCells
from windows.rises import Member, Reading, Rise
from windows.shares import Shares
from windows.slots import Floats, Slots
from windows.traffic import surge_factor
from windows.values import LIMIT

LENGTHS = (2, 5, 15, 30, 60)
"""Windows in minutes."""

THRESHOLD = 10.0
"""Nats from which a score is an alarm: some three false ones per product and week."""

FALSE_PER_WEEK = 3.0
"""False incidents per product and week at `THRESHOLD`."""

PENALTY = 3.0
"""Nats that a theme must gain to be part of a subset."""

SCREEN = 5.0
"""Nats below which nothing is said to be up."""

_LEAST_EVENTS = 3
_LEAST_TOGETHER = 5
_LEAST_LIFT = 1.2
_LEAST_RATE = 1e-3
# So many slices are reckoned with, however few values are known yet.
_SLICES = 30
# How far the expectation itself may be off, as a dispersion.
_BASELINE_ERROR = 0.08
_PSEUDO_EVENTS = 5.0
# Minutes after which an event teaches what is usual.
_LAG = 30
# Part of the usual events of a slice from which more than a few themes are its traffic: a new
# release spreads, or a region wakes up.
_CROWD, _FEW = 0.33, 2

_Reals = npt.NDArray[np.float64]


class Window(NamedTuple):
    """A trailing window by slot: events, expected, what the bins before it suggest, and phi.

    Of shape (slots,). A free slot has no events and expects none.
    """

    counts: Floats
    means: Floats
    before: Floats
    phi: Floats


class SubsetScan:
    """Scans one product; slots are those of its `SpikeDetector`, value ids those of `Values`.

    Every closed minute: `forget` and `forget_values` what is gone, `start` what is new, `observe`,
    then `rises`. What was observed teaches the usual shares half an hour later, so that a burst is
    not compared with itself.
    """

    def __init__(self, kinds: int) -> None:
        self._shares = Shares(LIMIT, kinds)
        self._cells = TrailingCells(LENGTHS)
        self._totals = RecentCells(_LAG)
        self._born = np.zeros(0, np.int64)
        self._tick = 0

    def start(self, slots: npt.ArrayLike, kind: int) -> None:
        """Begin themes of a kind, in slots that are new or were forgotten."""
        index = np.asarray(slots, np.intp)
        self._shares.start(index, kind)
        if index.size and index.max() >= self._born.size:
            self._born = np.pad(self._born, (0, int(index.max()) + 1))
        self._born[index] = self._tick

    def merge(self, into: int, gone: int) -> None:
        """Make one theme of two of a kind, in slot `into`."""
        self._shares.merge(into, gone)
        self._cells.merge(into, gone)
        self._totals.merge(into, gone)
        self._born[into] = min(self._born[into], self._born[gone])

    def forget(self, slots: npt.ArrayLike) -> None:
        """Forget themes that were dropped, before their slots are used again."""
        index, none = np.asarray(slots, np.intp), np.zeros(0, np.intp)
        self._cells.forget(index, none)
        self._totals.forget(index, none)

    def forget_values(self, values: Slots) -> None:
        """Forget values whose ids `Values.tick` freed, before those are given to others."""
        self._shares.forget_values(values)
        self._cells.forget(np.zeros(0, np.intp), values)

    def observe(self, cells: Cells, totals: Floats, apart: Slots) -> None:
        """Take a minute: its cells in any order, and all events by slot (slots,).

        The themes `apart` teach nothing: what an incident brings is not usual.
        """
        heard = np.flatnonzero(totals)
        self._cells.push(*cells)
        old = self._cells.ago(_LAG)
        whole = self._totals.push(np.zeros_like(heard), heard, totals[heard].astype(np.float64))
        learnt = np.zeros_like(totals)
        learnt[whole.slots] = whole.counts
        learnt[apart] = 0
        teach = np.isin(old.slots, apart, invert=True)
        counts = old.counts[teach].astype(np.float32)
        self._shares.learn(old.values[teach], old.slots[teach], counts, learnt)
        self._tick += 1

    def rises(
        self, window: Callable[[int], Window], repeats: Callable[[int, int], float]
    ) -> list[Rise]:
        """Every slice that reaches the screen, highest score first.

        `window` gives a trailing window by its length in minutes; `repeats` the events of a slot in
        the last so many minutes that are no news: one author's second and later ones.
        """
        found: dict[int | None, list[Reading]] = {}
        for minutes in LENGTHS:
            for value, reading in self._scan(minutes, window(minutes), repeats):
                found.setdefault(value, []).append(reading)
        rises = [Rise(value, tuple(scales)) for value, scales in found.items()]
        high = [(rise.best.score, rise) for rise in rises if rise.best.score >= SCREEN]
        high.sort(key=lambda h: (-h[0], -1 if h[1].value is None else h[1].value))
        return [rise for _, rise in high]

    def _scan(
        self, minutes: int, window: Window, repeats: Callable[[int, int], float]
    ) -> Iterator[tuple[int | None, Reading]]:
        surge = surge_factor(window.counts, window.means)
        heard = np.flatnonzero(window.counts >= _LEAST_EVENTS)
        theme = self._themes(minutes, window, surge, heard)
        expected = np.maximum(theme.mean, window.before[heard])
        n = theme.counts - theme.founding
        up = _gains(n, expected, theme.size) > 0
        events = window.counts.sum(dtype=np.float64) - theme.counts[up].sum()
        normal = window.means.sum(dtype=np.float64) * surge - theme.mean[up].sum()
        everybody = _Found(heard, n, expected * _traffic(events, normal), theme.size)
        if reading := self._read(everybody, minutes, 0.0, repeats):
            yield None, reading
        charge = math.log(max(_SLICES, self._shares.values_known))
        cells = self._cells.at_least(minutes, _LEAST_EVENTS)
        theme = self._themes(minutes, window, surge, cells.slots)
        share, unsure = self._shares.at(cells.values, cells.slots)
        n, e, k = _inside(cells.counts, theme, share, unsure)
        gains = _gains(n, e, k) * self._shares.known(cells.values, cells.slots)
        scores = np.bincount(cells.values, gains, minlength=LIMIT)
        high = np.flatnonzero(scores >= SCREEN + charge)
        usual = self._shares.expected(high, window.counts)
        whole = self._shares.expected(high, window.means)
        for value, normal, mean in zip(high.tolist(), usual.tolist(), whole.tolist(), strict=True):
            at = np.flatnonzero((cells.values == value) & (gains > 0))
            if at.size > _FEW and (share[at] * theme.mean[at]).sum() > _CROWD * mean * surge:
                continue
            events = self._cells.of_value(value, minutes) - cells.counts[at].sum()
            normal -= (share[at] * theme.counts[at]).sum()
            found = _Found(cells.slots[at], n[at], e[at] * _traffic(events, normal), k[at])
            if reading := self._read(found, minutes, charge, repeats):
                yield value, reading

    def _themes(self, minutes: int, window: Window, surge: float, slots: Slots) -> _Themes:
        means = window.means[slots].astype(np.float64)
        # A theme exists because of its first text, so that one is no evidence.
        founding = self._born[slots] >= self._tick - minutes
        return _Themes(
            counts=window.counts[slots].astype(np.float64),
            mean=np.maximum(means, _LEAST_RATE * minutes) * surge,
            size=1 / (window.phi[slots].astype(np.float64) + _BASELINE_ERROR),
            founding=founding.astype(np.float64),
        )

    def _read(
        self, found: _Found, minutes: int, charge: float, repeats: Callable[[int, int], float]
    ) -> Reading | None:
        likely = np.flatnonzero(_gains(found.counts, found.expected, found.size))
        e, k = found.expected[likely], found.size[likely]
        slots = found.slots[likely].tolist()
        said = np.array([repeats(slot, minutes) for slot in slots])
        n = found.counts[likely] - said
        gains = _gains(n, e, k)
        members = sorted(
            (
                Member(slot, float(events), float(expected), float(gain))
                for slot, events, expected, gain in zip(slots, n, e, gains, strict=True)
                if gain > 0
            ),
            key=lambda member: (-member.gain, member.slot),
        )
        if sum(member.events for member in members) < _LEAST_TOGETHER:
            return None
        return Reading(minutes, tuple(members), charge)

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "shares": self._shares.state(),
            "cells": self._cells.state(),
            "totals": self._totals.state(),
            "born": self._born.copy(),
            "tick": self._tick,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self._shares.restore(state["shares"])
        self._cells.restore(state["cells"])
        self._totals.restore(state["totals"])
        self._born = state["born"].copy()
        self._tick = state["tick"]


class _Themes(NamedTuple):
    """What a window says about themes, each of shape (themes,); `size` is k of the docstring."""

    counts: _Reals
    mean: _Reals
    size: _Reals
    founding: _Reals


class _Found(NamedTuple):
    """The themes of one slice: slots, events, expectation and k, all of shape (themes,)."""

    slots: Slots
    counts: _Reals
    expected: _Reals
    size: _Reals


def _inside(
    counts: _Reals, theme: _Themes, share: _Reals, unsure: _Reals
) -> tuple[_Reals, _Reals, _Reals]:
    """Events, expectation and k of cells, given what their themes do outside of the slice.

    The rate of a theme is Gamma(size, size / mean); `outside` events where mean (1 - share) are
    expected make it Gamma(size + outside, size / mean + 1 - share), and the count inside, with
    mean share x rate, is negative-binomial. `unsure` is the dispersion of the share itself.
    """
    outside = np.maximum(theme.counts - counts, 0)
    inside = share * theme.mean
    k = theme.size + outside
    e = inside * k / (theme.size + theme.mean - inside)
    return counts - theme.founding, e, 1 / (1 / k + unsure)


def _traffic(events: float, expected: float) -> float:
    """Factor, at least 1, by which other themes are up: that is traffic, not a problem."""
    return max(1.0, (events + _PSEUDO_EVENTS) / (max(0.0, expected) + _PSEUDO_EVENTS))


def _gains(n: _Reals, e: _Reals, k: _Reals) -> _Reals:
    """Nats above the penalty; 0 for few events and for what is nearly as expected."""
    gains = np.zeros(n.shape)
    up = np.flatnonzero((n >= _LEAST_EVENTS) & (n > _LEAST_LIFT * e))
    n, e, k = n[up], e[up], k[up]
    ratio = n * np.log(n / e) - (n + k) * np.log((n + k) / (e + k))
    gains[up] = np.maximum(ratio - PENALTY, 0)
    return gains
