"""How many turns may be under way, learnt from how long they wait."""

from collections.abc import Callable

from streams.gateway.problems import Refused

LEAST = 64
FIRST = 512
MOST = 4096
_CUT = 0.8
_STEP = 10.0
"""Places more for each round trip of all that are under way."""
_RETRY_SECONDS = 1.0


class Gate:
    """Admits turns while those before them wait less than `target_s` on their way.

    The limit rises step by step while it is used, and is cut when turns come back that have waited
    too long: what would miss its deadline is refused at once instead.
    """

    def __init__(self, target_s: float, clock: Callable[[], float]) -> None:
        self._target_s = target_s
        self._clock = clock
        self._cut_at = clock()
        self.limit = float(FIRST)
        self.in_flight = 0

    def enter(self) -> None:
        """Raises Refused if there is no place."""
        if self.in_flight >= self.limit:
            raise Refused("overloaded", "please try again in a moment", _RETRY_SECONDS)
        self.in_flight += 1

    def leave(self, waited_s: float) -> None:
        """A turn is over; `waited_s`: all its time but that in which it was worked on."""
        is_used = self.in_flight * 2 > self.limit
        self.in_flight -= 1
        if waited_s > self._target_s:
            # Once for all that were under way together.
            if (now := self._clock()) - self._cut_at > self._target_s:
                self._cut_at = now
                self.limit = max(LEAST, self.limit * _CUT)
        elif is_used:
            self.limit = min(MOST, self.limit + _STEP / self.limit)
