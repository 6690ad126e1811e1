"""The demonstration's page without a gateway: a test speaks the frames of its WebSocket itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

from aiohttp import web

from sinks.listener import Listener
from streams.assistant.demonstration.page import Customer, DemoPage, Handler, Switch
from streams.gateway.demo_issuer import DemoIssuer
from streams.gateway.problems import Refused
from tests.support.waiting import SOON

CUSTOMERS = (Customer("c-1", "陈", "Chen"), Customer("c-2", "<b>李</b>", "<b>Li</b>"))


class CounterPage:
    """Serves in a thread of its own; `turned` is what was done to its switches."""

    def __init__(self) -> None:
        self.turned: list[tuple[str, str]] = []
        self.states = {"bank": "well", "worker": "well"}
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._listens = threading.Event()
        self._port = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._listens.wait(SOON)

    @property
    def address(self) -> str:
        """Of the page."""
        return f"http://127.0.0.1:{self._port}/"

    def close(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        app = web.Application(middlewares=[_refusals])
        DemoPage(DemoIssuer(), CUSTOMERS, self._switches, self._turn).add_routes(app)
        listener = Listener(app, "port")
        self._port = await listener.start("127.0.0.1", 0)
        self._listens.set()
        await self._over.wait()
        await listener.stop()

    def _switches(self) -> Mapping[str, Switch]:
        positions = {"bank": ("well", "slow", "hanging", "dead"), "worker": ("well", "dead")}
        return {name: Switch(name, positions[name], state) for name, state in self.states.items()}

    async def _turn(self, name: str, state: str) -> None:
        self.turned.append((name, state))
        self.states[name] = state


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return refused.response()
