"""Waiting for a condition, with a deadline."""

import time
from collections.abc import Callable

PATIENCE = 90.0


def until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Return when `condition` is true; AssertionError naming `what` after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {what}"
        time.sleep(0.02)
