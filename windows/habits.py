"""Recurring bursts: a nightly job or a weekly sale is no news once it has been seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_HOUR = 60
_DAYS = 7
_SLACK = 1
"""Hours that a recurrence may be early or late: jitter, and the shift to daylight saving."""
_KEPT = 24 * _DAYS + _SLACK
_GROWTH = 1.5
_FLOOR = 10.0
"""Nats below which a gain is no burst: chance has some in every day of every theme."""


class Habits:
    """Peak gain in nats of every slot by hour, kept for a week; only hours with a peak take room.

    Minutes are epoch minutes, never going back. What a slot gains now is not compared with itself:
    the latest hour that counts began 22 hours before.
    """

    def __init__(self) -> None:
        self._peaks: dict[int, dict[int, float]] = {}
        self._hour = 0

    def is_habit(self, slot: int, gain: float, minute: int) -> bool:
        """Whether a gain is at most 1.5 times what the slot has had before at this time of day.

        That is the largest peak at the same hour, or one off, of any of the 7 days before.
        """
        peaks = self._peaks.get(slot, {})
        hour = minute // _HOUR
        around = range(-_SLACK, _SLACK + 1)
        days = range(24, 24 * _DAYS + 1, 24)
        seen = [peaks[at] for day in days for off in around if (at := hour - day + off) in peaks]
        return bool(seen) and gain <= _GROWTH * max(seen)

    def learn(self, gains: Mapping[int, float], minute: int) -> None:
        """Remember the gains of a minute, by slot."""
        hour = minute // _HOUR
        if hour != self._hour:
            self._hour = hour
            self._expire()
        for slot, gain in gains.items():
            if gain >= _FLOOR:
                peaks = self._peaks.setdefault(slot, {})
                peaks[hour] = max(gain, peaks.get(hour, 0.0))

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
