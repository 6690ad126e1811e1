"""Waiting for a condition, with a deadline."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

PATIENCE = 90.0
SOON = 30.0
_REST = 0.02


def until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Return when `condition` is true; AssertionError naming `what` after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {what}"
        time.sleep(_REST)


async def eventually(
    condition: Callable[[], bool | Awaitable[bool]], what: str, patience: float = SOON
) -> None:
    """`until` beside what runs in the same loop; the condition may be awaited itself."""
    deadline = time.monotonic() + patience
    while True:
        found = condition()
        if await found if inspect.isawaitable(found) else found:
            return
        assert time.monotonic() < deadline, f"not within {patience:.0f} s: {what}"
        await asyncio.sleep(_REST)
