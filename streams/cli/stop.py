"""Ctrl-C and SIGTERM for a command that stays, also where Python drops what is raised."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from streams.cli import TERMINATED


class Stop:
    """Raises at once, and remembers it: an exception in a finalizer is told and forgotten."""

    def __init__(self) -> None:
        self._number = 0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    def wait(self, seconds: float) -> bool:
        """Wait so long; true if asked to stop."""
        if not self._number:
            time.sleep(seconds)
        return bool(self._number)

    def end(self) -> None:
        """End as whoever asked for it expects; nothing if nobody did."""
        if self._number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._number:
            sys.exit(TERMINATED)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        self._number = number
        self.end()
