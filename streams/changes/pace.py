"""How many a sender may send."""

from collections.abc import Callable


class Pace:
    """At most `per_minute`, as many at once; `clock` in seconds."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._left = float(per_minute)
        self._at = clock()

    def wait(self) -> float:
        """0 and one is taken, or the seconds after which to come again."""
        now = self._clock()
        grown = self._left + (now - self._at) * self._per_minute / 60
        self._left, self._at = min(float(self._per_minute), grown), now
        if self._left < 1:
            return (1 - self._left) * 60 / self._per_minute
        self._left -= 1
        return 0.0
