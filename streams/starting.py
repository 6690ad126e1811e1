"""How a worker starts and ends: its producer and topics are there, or an operator is told why."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from sinks.cluster import Cluster
from sinks.errors import SinkError
from streams.admin import TopicAdmin
from streams.errors import OperatorError
from streams.health import HealthServer
from streams.settings import Settings
from streams.transport.worker import serve

logger = logging.getLogger(__name__)
_GC_OBJECTS = 50_000


class CannotStart(OperatorError):
    """Mend what it names and start again."""


class Stopped(OperatorError):
    """The worker stopped itself; nothing is lost. Mend what it names and start again."""


async def partitions_of(
    settings: Settings, cluster: Cluster, names: Iterable[str]
) -> dict[str, int]:
    """Partitions of the topics a worker needs. Raises NoBroker, Refused, TopicsDiffer."""
    admin = TopicAdmin(cluster, settings.prefix)
    return {name: await asyncio.to_thread(admin.partitions, name) for name in names}


class Writes(Protocol):
    """A producer."""

    async def start(self) -> None:
        """Connect. Raises SinkError."""

    async def stop(self) -> None:
        """Flush and disconnect."""


@asynccontextmanager
async def started(sink: Writes, cluster: Cluster) -> AsyncIterator[None]:
    """A producer that is connected meanwhile. Raises CannotStart, Refused."""
    try:
        await sink.start()
    except SinkError as error:
        if cluster.protocol != "PLAINTEXT":
            # It knows why: a password, a certificate.
            await asyncio.to_thread(TopicAdmin(cluster).existing)
        raise CannotStart(str(error)) from None
    try:
        yield
    finally:
        await sink.stop()


class Works(Protocol):
    """A worker on a Faust app."""

    app: Any

    async def tick_for_ever(self) -> None:
        """Its timers."""

    async def stop(self) -> None:
        """Make durable what can be, before a graceful stop."""


async def run(worker: Works, health: HealthServer, host: str, port: int, bootstrap: str) -> int:
    """Until a signal (0) or a crash (1). Raises CannotListen, Stopped."""
    taken = await health.start(host, port)
    logger.info("worker started", extra={"bootstrap": bootstrap, "port": taken})
    # What was built by now stays, and what comes makes many objects but few cycles.
    gc.freeze()
    gc.set_threshold(_GC_OBJECTS)
    ticking = asyncio.create_task(worker.tick_for_ever())

    async def before_stop() -> None:
        # A tick that asks a consumer that has stopped would make the stop a crash.
        ticking.cancel()
        await asyncio.wait({ticking})
        await worker.stop()

    try:
        code = await serve(worker.app, before_stop=before_stop)
        if isinstance(reason := worker.app.crash_reason, SinkError):
            raise Stopped(str(reason))
        return code
    finally:
        ticking.cancel()
        await health.stop()
