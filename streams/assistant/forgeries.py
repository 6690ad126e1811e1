"""Says that somebody forges requests, without letting them fill the log."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)
_REST = 10.0


class Forgeries:
    """One line in ten seconds for each kind of flaw; nothing of the record's content."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._said: dict[str, float] = {}

    def log(self, flaw: str, partition: int, offset: int) -> None:
        """Where one was found."""
        now = self._clock()
        if now - self._said.get(flaw, -_REST) >= _REST:
            self._said[flaw] = now
            place = f"assistant.requests-{partition}@{offset}"
            logger.warning("no request of ours", extra={"flaw": flaw, "place": place})
