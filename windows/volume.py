"""The volume of a product: when people write many times more than usual, about whatever it is."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from windows.gains import gain

LEAST_LIFT = 5.0
"""Times the usual: less than that is the traffic of a good day, or of an evening."""
LENGTHS = (5, 15)
"""Windows in minutes."""

_HOUR = 60
_HALF_LIFE = 1440.0
_THRESHOLD = 13.0
_LEAST_EVENTS = 30
_LEAST_MINUTES = 5.0
_ERROR = 0.05


class Volume:
    """Compares the last minutes with the hour before, and with all before at a half-life of a day.

    A surge has at least 30 events, `LEAST_LIFT` times what the busier of the two leads to expect,
    and a negative-binomial log-likelihood ratio (see `windows.scan`) of 13 nats, where
    k = 1 / (1 / events before + .05).
    """

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self._events = 0.0
        self._minutes = 0.0

    @property
    def recent(self) -> list[float]:
        """Events of the last minutes, an hour at least once it has heard as much, oldest first."""
        return list(self._recent)

    def usual(self, minutes: int) -> float:
        """Events a minute before the last `minutes`: the busier of the hour before and all."""
        earlier = list(self._recent)[:-minutes]
        hour = earlier[-_HOUR:]
        whole = self._events + math.fsum(earlier)
        return max(whole / (self._minutes + len(earlier)), math.fsum(hour) / len(hour))

    def close(self, events: float) -> int | None:
        """Take a minute; the window in which there are far too many events, the shortest first."""
        self._recent.append(events)
        if len(self._recent) > LENGTHS[-1] + _HOUR:
            keep = 1 - gain(_HALF_LIFE)
            self._events = keep * self._events + self._recent.popleft()
            self._minutes = keep * self._minutes + 1
        return next((minutes for minutes in LENGTHS if self._is_surge(minutes)), None)

    def _is_surge(self, minutes: int) -> bool:
        recent = list(self._recent)
        n = math.fsum(recent[-minutes:])
        before = self._events + math.fsum(recent[:-minutes])
        span = self._minutes + len(recent) - minutes
        if span < _LEAST_MINUTES or n < _LEAST_EVENTS or not before:
            return False
        e = self.usual(minutes) * minutes
        if n < LEAST_LIFT * e:
            return False
        k = 1 / (1 / before + _ERROR)
        return n * math.log(n / e) - (n + k) * math.log((n + k) / (e + k)) >= _THRESHOLD

    def state(self) -> dict[str, Any]:
        """Everything, as plain data."""
        return {"recent": list(self._recent), "events": self._events, "minutes": self._minutes}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self._recent = deque(state["recent"])
        self._events, self._minutes = state["events"], state["minutes"]
