"""The console and the enricher of a run, in a thread beside it: they fail and end without it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Self

from sinks.cluster import Cluster
from sinks.console import Console, Guard
from sinks.errors import CannotListen, SinkError
from streams.enrichment import enriching_of
from streams.errors import OperatorError
from streams.metrics import Metrics
from streams.security import secret_of
from streams.settings import Settings

_START_SECONDS = 10.0
_STOP_SECONDS = 15.0


class Backstage(AbstractContextManager["Backstage"]):
    """`settings` are those of the run, with its prefix; `trouble` is told what fails, in a line.

    `address` of the console, empty if there is none. The thread is a daemon: it outlives nothing.
    """

    def __init__(
        self, settings: Settings, cluster: Cluster, trouble: Callable[[str], None]
    ) -> None:
        self.address = ""
        self._settings = settings
        self._cluster = cluster
        self._trouble = trouble
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._run, name="backstage", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listens.wait(_START_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        tasks = [
            asyncio.create_task(self._apart("the console", self._serve)),
            asyncio.create_task(self._apart("the enricher", self._enrich)),
        ]
        await self._over.wait()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _apart(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except (OperatorError, SinkError) as error:
            self._trouble(f"{name} is missing: {error}")
        except Exception as error:
            # A mistake of ours; the run beside it goes on all the same.
            self._trouble(f"{name} has failed: {error!r}")
        finally:
            self._listens.set()

    async def _serve(self) -> None:
        settings = self._settings
        host = settings.console_host
        guard = Guard(host, secret_of(settings, "console_token"))
        console = Console(self._cluster, settings.prefix, settings.group_id, guard)
        try:
            try:
                port = await console.start(host, settings.console_port)
            except CannotListen:
                # Somebody has a console already.
                port = await console.start(host, 0)
            self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
            self._listens.set()
            await console.failed()
        finally:
            await console.stop()

    async def _enrich(self) -> None:
        async with enriching_of(self._settings, self._cluster, Metrics()) as enriching:
            await enriching.enricher.run()
