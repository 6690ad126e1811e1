"""When nights run: each once its day is over, the missed ones later, the failed ones again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from streams.reviews.day import Day, date_of, moment_ms

_FIRST_RETRY_S = 300.0
_LAST_RETRY_S = 3600.0
_LOOK_S = 60.0
"""Longest wait: a clock that is set, or a machine that slept, is noticed within it."""


class NotDone(Exception):
    """A night ended without an error, and still is not done."""


def due_ms(date: date, at: time, zone: ZoneInfo) -> int:
    """When the night of that date runs: at `at` of the next day, not before its own is over."""
    return max(moment_ms(date + timedelta(days=1), at, zone), Day(date, zone).end_ms)


def due(
    now_ms: int, at: time, zone: ZoneInfo, done: Callable[[date], bool], catch_up: int
) -> list[date]:
    """The nights to run now, oldest first: the last one, and of the `catch_up` before it.

    Those that are done are left out.
    """
    last = date_of(now_ms, zone)
    while due_ms(last, at, zone) > now_ms:
        last -= timedelta(days=1)
    nights = (last - timedelta(days=back) for back in range(catch_up, -1, -1))
    return [night for night in nights if not done(night)]


@dataclass
class Daily:
    """Runs the nights, one at a time.

    `clock`: epoch milliseconds. `wait`: waits so many seconds, true if asked to stop meanwhile.
    `failed` is told of each failure: the night, the error, the seconds until it is tried again.
    `given_up` is told of a failed night that has become older than is caught up.
    """

    run: Callable[[date], None]
    at: time
    zone: ZoneInfo
    done: Callable[[date], bool]
    catch_up: int
    clock: Callable[[], int]
    wait: Callable[[float], bool]
    failed: Callable[[date, Exception, float], None]
    given_up: Callable[[date], None]
    _again: dict[date, tuple[int, int]] = field(default_factory=dict, init=False)
    """Of a failed night: when it is tried again, and how often it has failed."""

    def forever(self) -> None:
        """Until `wait` says to stop. Raises nothing but what stops a process."""
        while not self.wait(self._rest_s()):
            self.once()

    def once(self) -> None:
        """Every night that is due now, unless asked to stop in between."""
        nights = self._due()
        for night in sorted(self._again.keys() - set(nights)):
            del self._again[night]
            if not self.done(night):
                self.given_up(night)
        for night in nights:
            if self.clock() >= self._again.get(night, (0, 0))[0]:
                self._run(night)
                if self.wait(0.0):
                    return

    def _run(self, night: date) -> None:
        try:
            self.run(night)
            if not self.done(night):
                raise NotDone(f"the night of {night} ended, and is not done")
        except Exception as error:
            times = self._again.get(night, (0, 0))[1] + 1
            wait_s = min(_FIRST_RETRY_S * 2 ** min(times - 1, 10), _LAST_RETRY_S)
            self._again[night] = self.clock() + round(wait_s * 1000), times
            self.failed(night, error, wait_s)
        else:
            self._again.pop(night, None)

    def _due(self) -> list[date]:
        return due(self.clock(), self.at, self.zone, self.done, self.catch_up)

    def _rest_s(self) -> float:
        """Until the next night, or the next trial of one."""
        now_ms = self.clock()
        today = date_of(now_ms, self.zone)
        coming = [due_ms(today - timedelta(days=back), self.at, self.zone) for back in (1, 0)]
        moments = [ms for ms in coming if ms > now_ms]
        moments += [self._again.get(night, (now_ms, 0))[0] for night in self._due()]
        return min(max(0.0, (min(moments) - now_ms) / 1000), _LOOK_S)
