"""Recurring bursts: a nightly job or a weekly sale is no news once it has been seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_HOUR = 60
_DAYS = 7
_SLACK = 1
"""Hours that a recurrence may be early or late: jitter, and the shift to daylight saving."""
_KEPT = 24 * _DAYS + _SLACK
_GROWTH, _GROWTH_OF_PART = 2.0, 3.0
FLOOR = 6.0
"""Nats below which a rise is no burst: chance has some in every day of every theme."""


class Habits:
    """Most events too many of every slot by hour, kept for a week; only hours with some take room.

    Events, for nats depend on how sure the expectation is: a job gains more every night. Minutes
    are epoch minutes, never going back. What is up now is not compared with itself: the latest hour
    that counts began 22 hours before.
    """

    def __init__(self) -> None:
        self._peaks: dict[int, dict[int, float]] = {}
        self._hour = 0

    def usual(self, excess: Mapping[int, float], minute: int) -> frozenset[int]:
        """The slots that have about as many events too many as before at this time of day.

        Before is the most at the same hour, or one off, of any of the 7 days before. Now may be
        twice that; or 3 times, if all slots that were up before have at most twice as many
        together: a job is told by several themes, now more by this one and now by that.
        """
        hour = minute // _HOUR
        before = {slot: peak for slot in excess if (peak := self._peak(slot, hour))}
        together = sum(excess[slot] for slot in before) <= _GROWTH * sum(before.values())
        growth = _GROWTH_OF_PART if together else _GROWTH
        return frozenset(slot for slot, peak in before.items() if excess[slot] <= growth * peak)

    def _peak(self, slot: int, hour: int) -> float:
        peaks = self._peaks.get(slot, {})
        around = range(-_SLACK, _SLACK + 1)
        days = range(24, 24 * _DAYS + 1, 24)
        return max(peaks.get(hour - day + off, 0.0) for day in days for off in around)

    def learn(self, excess: Mapping[int, float], minute: int) -> None:
        """Remember the events too many of a minute, by slot: of bursts, see `FLOOR`."""
        hour = minute // _HOUR
        if hour != self._hour:
            self._hour = hour
            self._expire()
        for slot, events in excess.items():
            peaks = self._peaks.setdefault(slot, {})
            peaks[hour] = max(events, peaks.get(hour, 0.0))

    def forget(self, slots: Iterable[int]) -> None:
        """Forget themes that were dropped, before their slots are used again."""
        for slot in slots:
            self._peaks.pop(slot, None)

    def merge(self, into: int, gone: int) -> None:
        """Remember the peaks of slot `gone` as those of `into`."""
        for hour, peak in self._peaks.pop(gone, {}).items():
            peaks = self._peaks.setdefault(into, {})
            peaks[hour] = max(peak, peaks.get(hour, 0.0))

    def state(self) -> dict[str, Any]:
        """Everything, as plain data, ordered."""
        peaks = [
            [slot, [[hour, peak] for hour, peak in sorted(peaks.items())]]
            for slot, peaks in sorted(self._peaks.items())
        ]
        return {"hour": self._hour, "peaks": peaks}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` gave."""
        self._hour = state["hour"]
        self._peaks = {slot: dict(peaks) for slot, peaks in state["peaks"]}

    def _expire(self) -> None:
        kept = {
            slot: {hour: peak for hour, peak in peaks.items() if hour >= self._hour - _KEPT}
            for slot, peaks in self._peaks.items()
        }
        self._peaks = {slot: peaks for slot, peaks in kept.items() if peaks}
