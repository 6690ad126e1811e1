"""Runs a Faust app inside our own program: no Faust command line, no redirected output."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import faust

from streams.transport.pause import ends_if_paused

logger = logging.getLogger(__name__)

BeforeStop = Callable[[], Awaitable[None]]

# Seconds a graceful stop may take: less than a supervisor waits before it kills.
STOP_TIMEOUT = 10.0


def run(app: faust.App) -> int:
    """Run ``app`` until SIGTERM or SIGINT (returns 0) or until it crashes (returns 1).

    Faust's threads have ended on return. If they do not within ``STOP_TIMEOUT`` seconds, as when
    the broker is gone, the process exits at once with 1: nothing beyond the durable offsets is
    ever committed, so nothing is lost.
    """
    return asyncio.run(serve(app))


async def serve(app: faust.App, before_stop: BeforeStop | None = None) -> int:
    """As `run`, inside a running loop; `before_stop` is awaited when a signal asks to stop.

    The process exits at once with 1 if it finds that it was paused for longer than its session.
    """
    signalled = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, signalled.set)
    # The group counts from the last heartbeat before the pause.
    limit = app.conf.broker_session_timeout - app.conf.broker_heartbeat_interval
    with ends_if_paused(limit):
        running = asyncio.create_task(_run(app))
        waiting = asyncio.create_task(signalled.wait())
        done, _ = await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        crashed = running in done
        if crashed:
            logger.error("The worker crashed: %r", running.exception() or app.crash_reason)
        elif before_stop is not None:
            await before_stop()
        running.cancel()
        waiting.cancel()
        await _stop(app)
    return int(crashed or app.crashed)


async def _run(app: faust.App) -> None:
    await app.start()
    await app.wait_until_stopped()


async def _stop(app: faust.App) -> None:
    # Not wait_for: mode swallows the cancellation and waits on.
    stopping = asyncio.create_task(app.stop())
    done, _ = await asyncio.wait({stopping}, timeout=STOP_TIMEOUT)
    if not done:
        logger.error("The worker did not stop in %s s: exiting at once", STOP_TIMEOUT)
        logging.shutdown()
        sys.stdout.flush()
        # Faust's threads are no daemons: a normal exit would wait for them.
        os._exit(1)
    if error := stopping.exception():
        logger.error("The worker did not stop cleanly: %r", error)
