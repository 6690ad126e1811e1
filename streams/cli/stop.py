"""Ctrl-C and SIGTERM for a command that stays and works now and then."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from streams.cli import TERMINATED


class Stop:
    """Raises at once within `at_work`, and otherwise ends the next `wait`.

    For what is raised while objects are tidied up after the work, Python would tell and forget.
    """

    def __init__(self) -> None:
        self._number = 0
        self._is_at_work = False
        self._bell, self._rope = os.pipe()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """What is done within it is broken off."""
        self._is_at_work = True
        try:
            self._end()
            yield
        finally:
            self._is_at_work = False

    def wait(self, seconds: float) -> bool:
        """Wait so long. Ends as whoever asked for a stop expects: False if nobody did."""
        select.select([self._bell], [], [], seconds)
        self._end()
        return False

    def _end(self) -> None:
        if self._number == signal.SIGINT:
            raise KeyboardInterrupt
        if self._number:
            sys.exit(TERMINATED)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if not self._number:
            self._number = number
            os.write(self._rope, b"!")
        if self._is_at_work:
            self._end()
