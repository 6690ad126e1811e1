"""Spike detector: which clusters of one product have more complaints than they should."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from river.base import AnomalyDetector

from windows.baseline import Level
from windows.dispersion import winsorised
from windows.drift import BaselineDrift
from windows.evidence import Evidence
from windows.phis import Phis
from windows.prior import LevelPrior
from windows.records import RecordFilter
from windows.scan import Window
from windows.scores import Forward, Scores, best_window
from windows.season import Season
from windows.slots import Floats, Join, Slots, SlotTable, State
from windows.traffic import TrafficFactor
from windows.trailing import TrailingSums

THRESHOLD = 5.5
"""Evidence of a false alarm in some 25 cluster-weeks."""
_NO_OUTBREAK = 3.0
"""Complaints in the longest window that are no outbreak, however quiet the cluster."""
_HOUR = 60
_DAY = 1440
# Standard deviations above the mean at which the count of a bin stops teaching.
_BIN_CUT = 4.0
# Complaints a minute from which a cluster is watched for a moved baseline.
_BUSY = 0.5
_RELEARN_MINUTES = 120.0
# Share of the product's life (at most a day) that counts as silence of a newborn cluster: not all,
# for most newborn clusters are old talk in new words.
_UNSEEN = 0.1
# Variance by which ln L may move in an hour; and in an hour of the week that was never seen,
# where a level that believed the guess would sink.
_WALK = 0.0002
_GUESS_WALK = _WALK / 16


class SpikeDetector(AnomalyDetector):
    """Level x season baseline, NB tails of trailing windows and gates, over all clusters.

    One detector serves one product. A slot is a cluster; arrays are indexed by slot. Give it
    every closed bin in order, empty ones too: a bin left out is not a zero. Score first, then
    learn: ``score_many`` changes nothing.

    Parameters are in minutes and hold for any ``bin_minutes``; ``season_hours`` is the period
    of the pooled profile. ``threshold`` is the evidence (see ``Evidence``) at which a cluster
    alarms; ``history_half_life`` that of its own deviations.
    """

    def __init__(
        self,
        *,
        bin_minutes: int = 1,
        season_hours: int = 168,
        utc_offset_minutes: int = 0,
        windows: tuple[int, ...] = (5, 15, 60),
        threshold: float = THRESHOLD,
        dispersion_half_life: float = 10080.0,
        history_half_life: float = 10080.0,
        record_minutes: int = _DAY,
    ) -> None:
        self.bin_minutes = bin_minutes
        self.season_hours = season_hours
        self.utc_offset_minutes = utc_offset_minutes
        self.windows = windows
        self.threshold = threshold
        self.dispersion_half_life = dispersion_half_life
        self.history_half_life = history_half_life
        self.record_minutes = record_minutes

        table = self._table = SlotTable()
        table.declare("age", join=Join.MOST)
        self._lengths = sorted({max(1, length // bin_minutes) for length in windows})
        self._season = Season(table, season_hours, _DAY // bin_minutes)
        self._level = Level(table)
        self._phis = Phis(table, self._lengths, dispersion_half_life / bin_minutes)
        self._trailing = TrailingSums(table, self._lengths)
        self._traffic = TrafficFactor(table, bin_minutes)
        self._evidence = Evidence(
            table, self._lengths, history_half_life / bin_minutes, _DAY // bin_minutes
        )
        self._record = RecordFilter(table, record_minutes // bin_minutes)
        self._prior = LevelPrior(bin_minutes, 1 + len(self._lengths))
        self._drift = BaselineDrift()
        self._tick = 0
        self._minute = -1
        self._forwarded: Forward | None = None

    @property
    def capacity(self) -> int:
        """Length of the arrays: the number of slots ever in use at once."""
        return self._table.size

    def add(self, n: int) -> Slots:
        """Start ``n`` clusters at the product's prior; their slots, the lowest free ones first."""
        self._forwarded = None
        slots = self._table.add(n)
        # A theme nobody spoke of has been silent all along, or its first burst would be its level.
        silent = _UNSEEN * min(self._tick, _DAY / self.bin_minutes)
        self._level.start(slots, self._prior.shape, self._prior.exposure + silent)
        self._season.start(slots)
        self._phis.start(slots, self._prior.dispersion)
        return slots

    def remove(self, slots: npt.ArrayLike) -> None:
        """Forget the clusters in ``slots``. Raises IndexError when one is not in use."""
        self._forwarded = None
        self._table.remove(slots)
        self._drift.forget(slots)

    def merge(self, into: int, gone: int) -> None:
        """Make one cluster, in slot ``into``, of two that turn out to be one topic.

        Counts, expectations and levels add; records hold, and what the sum looks like now is no
        news. Slot ``gone`` is free then. Raises IndexError when one of them is not in use.
        """
        self._table.used([into, gone])
        self._forwarded = None
        share = self._level.share(into, gone)
        self._phis.merge(into, gone, share)
        self._level.merge(into, gone)
        self._season.merge(into, gone)
        self._table.merge(into, gone, share)
        # A level that has jumped for this reason is no drift.
        self._drift.forget([into, gone])
        counts, means = (self._trailing.sums(name) for name in ("counts", "means"))
        self._record.reach(into, float(self._judged(counts, means)[1][into]))

    def score_many(self, counts: npt.ArrayLike, minute: int) -> Scores:
        """Score the bin that starts at epoch ``minute``, with what was known before it.

        ``counts`` has shape (capacity,); those of free slots do not matter. Raises ValueError
        on another shape or when ``minute`` is not after the last one learned.
        """
        step = self._forward(counts, minute)
        alarm = (step.score >= 1) & (step.counts[-1] > _NO_OUTBREAK)
        alarm &= self._record.is_highest(step.score)
        alarm &= self._record.is_unlike_habit(step.score)
        windows = tuple(length * self.bin_minutes for length in self._lengths)
        window, lift = best_window(step, windows, self.bin_minutes)
        return Scores(
            windows=windows,
            expected=step.mu * self._table["live"],
            tails=step.tails,
            counts=step.counts,
            means=step.means,
            score=step.score,
            alarm=alarm,
            window=window,
            lift=lift,
        )

    def learn_many(self, counts: npt.ArrayLike, minute: int) -> None:
        """Learn the bin that starts at epoch ``minute``. Arguments and errors as ``score_many``."""
        step = self._forward(counts, minute)
        self._forwarded = None
        self._close_hour(minute)
        uncertain = self._level.uncertainty()
        cut = winsorised(step.count, step.mu, step.phi, _BIN_CUT)
        age = self._table["age"]
        settled = age >= _HOUR / self.bin_minutes
        self._season.observe(cut, step.season, self._level.rate, minute + self.utc_offset_minutes)
        self._learn_level(cut, step, minute)
        self._phis.learn(cut, step, settled, uncertain, self._tick + 1)
        self._trailing.learn("counts", step.count, step.counts, self._tick)
        self._trailing.learn("means", step.mu, step.means, self._tick)
        self._traffic.learn(step.count, step.base)
        self._evidence.learn(step.counts, step.means)
        self._record.learn(step.score, self._tick)
        age += 1
        self._tick += 1
        self._minute = minute
        if self._tick * self.bin_minutes <= _HOUR:
            self._fit_prior()

    def window(self, bins: int) -> Window:
        """The last ``bins`` learned bins of every slot, fewer than the longest window."""
        live = self._table["live"]
        counts, means = (
            self._trailing.over(name, bins, self._tick) * live for name in ("counts", "means")
        )
        before = self._trailing.before("counts", bins, self._tick) * live
        phi = self._phis.bin.phi / np.float32(bins) + self._level.uncertainty()
        return Window(counts, means, before, phi)

    def last(self, slot: int, bins: int) -> tuple[Floats, Floats]:
        """Counts and expectations of a slot in the last ``bins`` learned bins, oldest first."""
        counts = self._trailing.last("counts", slot, bins, self._tick)
        return counts, self._trailing.last("means", slot, bins, self._tick)

    def score_one(self, x: Mapping[str, Any]) -> float:
        """Score of a single series: ``{"count": number, "minute": epoch minute}``.

        0 when it is not the highest of the last day (the record filter).
        """
        counts = self._single(x)
        minute = int(x["minute"])
        score = self.score_many(counts, minute).score
        return float(score[0]) if self._record.is_highest(score)[0] else 0.0

    def learn_one(self, x: Mapping[str, Any]) -> None:
        """Learn one bin of a single series; ``x`` as in ``score_one``."""
        self.learn_many(self._single(x), int(x["minute"]))

    def state(self) -> State:
        """All that was learned, as arrays. A restored copy goes on byte by byte the same."""
        clock = np.array([self._tick, self._minute], np.int64)
        return {
            **self._table.state(),
            **self._season.state(),
            **self._drift.state(),
            **self._prior.state(),
            "clock": clock,
        }

    def restore(self, state: State) -> None:
        """Take back a ``state`` of a detector with the same parameters. Raises KeyError."""
        self._forwarded = None
        self._table.restore(state)
        self._season.restore(state)
        self._drift.restore(state)
        self._prior.restore(state)
        self._tick, self._minute = (int(value) for value in state["clock"])

    def _forward(self, counts: npt.ArrayLike, minute: int) -> Forward:
        count = np.asarray(counts, np.float32)
        last = self._forwarded
        # Learning follows scoring of the same bin: work it out once.
        if last is not None and last.minute == minute and np.array_equal(last.count, count):
            return last
        if count.shape != (self._table.size,):
            raise ValueError(f"counts has shape {count.shape}, wanted ({self._table.size},)")
        if minute <= self._minute:
            raise ValueError(f"minute {minute} is not after {self._minute}, the last one learned")
        self._forwarded = self._work_out(count * self._table["live"], minute)
        return self._forwarded

    def _work_out(self, count: Floats, minute: int) -> Forward:
        season = self._season.at(minute + self.utc_offset_minutes)
        base = self._level.expected(season)
        mu = base * np.float32(self._traffic.factor(count, base))
        phi = self._phis.bin.phi + self._level.uncertainty()
        counts = self._trailing.forward("counts", count, self._tick)
        means = self._trailing.forward("means", mu, self._tick)
        tails, score = self._judged(counts, means)
        return Forward(minute, count, season, base, mu, phi, counts, means, tails, score)

    def _judged(self, counts: Floats, means: Floats) -> tuple[Floats, Floats]:
        """B of every window (windows, slots), and the evidence over the threshold (slots,)."""
        phis = self._phis.of_windows(self._level.uncertainty())
        tails, score = self._evidence.judge(counts, means, phis)
        return tails, score * self._table["live"] / np.float32(self.threshold)

    def _close_hour(self, minute: int) -> None:
        local, last = (at + self.utc_offset_minutes for at in (minute, self._minute))
        if not self._tick or local // _HOUR == last // _HOUR:
            return
        # Nothing moves against a season that is a guess.
        if self._season.knows(last):
            self._relearn_moved()
        self._season.close_hour(last // _HOUR, self._level, self._phis.longest.phi, self._tick)
        self._fit_prior()

    def _learn_level(self, cut: Floats, step: Forward, minute: int) -> None:
        # Against the base: growth that stays becomes level, and the surge ends.
        if self._season.is_first_day:
            # No season is known, so levels follow the day.
            half_life = _HOUR / self.bin_minutes
            self._level.follow(cut, step.base, step.season, half_life)
            return
        known = self._season.knows(minute + self.utc_offset_minutes)
        walk = (_WALK if known else _GUESS_WALK) * self.bin_minutes / _HOUR
        self._level.learn(cut, step.base, step.season, self._phis.bin.phi, walk)

    def _relearn_moved(self) -> None:
        counts, means = self._trailing.sums("counts")[-1], self._trailing.sums("means")[-1]
        busy = np.flatnonzero(self._table["live"] & (self._level.rate >= _BUSY * self.bin_minutes))
        moved = self._drift.moved(busy, counts[busy], means[busy], self._level.rate[busy])
        self._level.relearn(moved, _RELEARN_MINUTES / self.bin_minutes)

    def _fit_prior(self) -> None:
        # Clusters older than a day, or than half the product's life while it is young.
        least = min(_DAY / self.bin_minutes, self._tick / 2)
        settled = self._table["live"] & (self._table["age"] >= least)
        phis = np.stack([block.phi[settled] for block in self._phis])
        self._prior.fit(self._level.rate[settled], phis, self._tick)

    def _single(self, x: Mapping[str, Any]) -> Floats:
        if not self._table.size:
            self.add(1)
        return np.array([x["count"]], np.float32)
