"""Season: what the hour of the week means for every cluster, from its first day on."""

from __future__ import annotations

import numpy as np

from windows.baseline import Level
from windows.firstday import FirstDay
from windows.profiles import PooledProfile
from windows.rhythm import OwnRhythm
from windows.slots import Floats, Slots, SlotTable, State

_HOUR = 60


class Season:
    """P x O: the pooled profile times the cluster's own rhythm; 1 on the first day.

    Minutes are local. ``day_bins`` is the length of a day.
    """

    def __init__(self, table: SlotTable, hours: int, day_bins: int) -> None:
        self._table = table
        self._hour_bins = day_bins / 24
        self._profile = PooledProfile(hours)
        self._own = OwnRhythm(table)
        self._first_day = FirstDay(day_bins)

    def start(self, slots: Slots) -> None:
        """Start ``slots`` at the shape of the product."""
        self._own.start(slots)

    def merge(self, into: int, gone: int) -> None:
        """Say of both slots what is known of their sum; the table joins the rest."""
        self._own.merge(into, gone)

    def at(self, minute: int) -> Floats:
        """P x O of every slot at ``minute``."""
        season = self._own.at(minute)
        season *= np.float32(self._profile.at(minute))
        return season

    @property
    def is_first_day(self) -> bool:
        """Whether no season is known at all."""
        return not self._first_day.over

    def knows(self, minute: int) -> bool:
        """Whether the hour of ``minute`` was seen, or P is a guess there."""
        return self._profile.knows(minute // _HOUR)

    def observe(self, cut: Floats, season: Floats, rate: Floats, minute: int) -> None:
        """Add the bin at ``minute`` to the sums of its hour."""
        self._own.observe(cut, season, rate * season / np.float32(self._profile.at(minute)))

    def close_hour(self, hour: int, level: Level, phi: Floats, tick: int) -> None:
        """Learn ``hour``, which ended before bin ``tick``; keep ``level`` in step with P.

        ``phi`` is the dispersion of the count of an hour.
        """
        live, ages = self._table["live"], self._table["age"]
        if not self.is_first_day:
            self._own.anchor(level.rate, ages <= self._hour_bins)
            self._own.close_hour(hour, self._profile, phi)
            scale = self._profile.rescale()
            level.rescale(scale)
            self._own.rescale(scale)
            return
        over = self._first_day.close_hour(hour, self._own.seen[live], tick)
        self._own.empty()
        if over:
            shape = self._first_day.shape(level.mean()[live], ages[live])
            self._profile.guess(shape)
            level.end_first_day(self._first_day.season_lived(shape, ages) - ages)
            self._own.anchor(level.rate, live)

    def state(self) -> State:
        return {**self._profile.state(), **self._first_day.state()}

    def restore(self, state: State) -> None:
        self._profile.restore(state)
        self._first_day.restore(state)
