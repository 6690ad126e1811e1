"""How often a receiver may be called."""

import asyncio
import math
import time
from collections.abc import Callable

_MINUTE = 60.0


class Pacer:
    """No more than `per_minute` turns in any minute, half of them at once; 0: any number."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = math.ceil(per_minute / 2)
        self._rate = max(per_minute // 2, 1) / _MINUTE
        self._clock = clock
        self._left = float(self._most)
        self._at = clock()

    def left(self) -> float:
        """Turns that may be had at once, infinite if nothing limits them."""
        if not self._most:
            return math.inf
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._at) * self._rate)
        self._at = now
        return self._left

    def wait(self) -> float:
        """Seconds until there is a turn."""
        return max(0.0, (1.0 - self.left()) / self._rate)

    def take(self) -> float:
        """0 and a turn is taken, else the seconds until there is one."""
        if not (seconds := self.wait()):
            self._left -= 1.0
        return seconds

    async def turn(self) -> None:
        """Wait for a turn and take it."""
        while seconds := self.take():
            await asyncio.sleep(seconds)
