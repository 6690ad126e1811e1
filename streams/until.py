"""A process that works until it is asked to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


async def until_signal(*works: Coroutine[Any, Any, None], patience: float = 10.0) -> None:
    """Run them side by side until SIGTERM or Ctrl-C, or until one fails: its error is raised.

    One that ends is no reason to stop the others. In the end they have `patience` seconds to let
    go.
    """
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)

    def look(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception():
            stop.set()

    tasks = [asyncio.create_task(work) for work in works]
    for task in tasks:
        task.add_done_callback(look)
    try:
        await stop.wait()
        failed = [task for task in tasks if task.done() and not task.cancelled()]
    finally:
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
    for task in failed:
        task.result()
