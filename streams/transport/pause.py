"""Ends a process that was paused for longer than its group waits for it.

A worker that wakes up after SIGSTOP, a frozen container or a swapped-out machine does not know
that others have taken over: it would go on with what it had in hand and write state that is older
than theirs. It must end before that, and start from what is durable.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

logger = logging.getLogger(__name__)
_STEP = 0.25
PAUSED = 1
"""The exit code."""


@contextmanager
def ends_if_paused(limit: float) -> Iterator[None]:
    """Exit at once if this process stands still for more than `limit` seconds in the block.

    A thread sees it, whatever the event loop is busy with; a loop that is busy is no pause.
    """
    over = threading.Event()

    def watch() -> None:
        before = time.monotonic()
        while not over.wait(_STEP):
            gap = time.monotonic() - before
            if gap > limit:
                logger.error("The worker was paused for %.0f s: ending before it writes", gap)
                logging.shutdown()
                os._exit(PAUSED)
            before = time.monotonic()

    thread = threading.Thread(target=watch, name="pause-watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
