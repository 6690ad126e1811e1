"""Waiting for a Kafka that is away."""

import asyncio
import logging
import random

from sinks.errors import SinkError

logger = logging.getLogger(__name__)
_FIRST, _LONGEST = 0.5, 15.0


class Patience:
    """Pauses that grow; the first is said in the log, and so is the end of it all."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._pause = 0.0

    async def wait(self, error: SinkError) -> None:
        """It failed (again): a pause, between half and all of its length."""
        if not self._pause:
            logger.warning("%s fails, and is tried until it works: %s", self._what, error)
        self._pause = min(_LONGEST, 2 * self._pause) if self._pause else _FIRST
        await asyncio.sleep(self._pause * random.uniform(0.5, 1.0))

    def over(self) -> None:
        """It works."""
        if self._pause:
            logger.info("%s works again", self._what)
        self._pause = 0.0
