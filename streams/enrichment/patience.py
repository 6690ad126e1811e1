"""Waiting for a Kafka that is away."""

import asyncio
import logging
import random
from collections.abc import Callable

from schemas.times import format_ms
from sinks.clock import now_ms
from sinks.errors import SinkError

logger = logging.getLogger(__name__)
_FIRST, _LONGEST = 0.5, 15.0


class Outage:
    """Says once that Kafka is away and once that it is back, however many parts notice it."""

    def __init__(self, clock_ms: Callable[[], int] = now_ms) -> None:
        self._clock_ms = clock_ms
        self._failing: set[str] = set()
        self._since_ms = 0

    def begins(self, what: str, error: SinkError, waited: float = 0.0) -> None:
        """A part fails, maybe again, after it has waited so many seconds for an answer."""
        if not self._failing:
            self._since_ms = self._clock_ms() - round(waited * 1000)
            logger.warning(
                "Kafka is away since %s: it is waited for, and nothing is lost; %s: %s",
                format_ms(self._since_ms),
                what,
                error,
            )
        self._failing.add(what)

    def ends(self, what: str) -> None:
        """A part works."""
        if what in self._failing:
            self._failing.remove(what)
            if not self._failing:
                seconds = (self._clock_ms() - self._since_ms) / 1000
                logger.info("Kafka is back after %.0f s", seconds)


class Patience:
    """Pauses of a part that grow as long as it fails."""

    def __init__(self, what: str, outage: Outage) -> None:
        self._what = what
        self._outage = outage
        self._pause = 0.0

    async def wait(self, error: SinkError) -> None:
        """It failed (again): a pause, between half and all of its length."""
        self._outage.begins(self._what, error)
        self._pause = min(_LONGEST, 2 * self._pause) if self._pause else _FIRST
        await asyncio.sleep(self._pause * random.uniform(0.5, 1.0))

    def over(self) -> None:
        """It works."""
        self._outage.ends(self._what)
        self._pause = 0.0
