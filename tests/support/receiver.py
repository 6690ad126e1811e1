"""A receiver behind HTTP that keeps what it gets and misbehaves when it is told to."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from tests.support.waiting import SOON

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return msgspec.json.decode(self.body)


class LocalReceiver:
    """Runs in a thread of its own; `answers` are used up first, then `usual` for ever."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[Got] = []
        self.answers: list[Answer] = []
        self.usual: Answer = says(200, "ok")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep the request, then answer."""
        got = Got(request.path, request.query_string, dict(request.headers), await request.read())
        self.got.append(got)
        answer = self.answers.pop(0) if self.answers else self.usual
        return await answer(request)


def says(status: int, text: str, **headers: str) -> Answer:
    """An answer; `_` in the names of headers stands for `-`."""

    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=text, headers=named)

    return answer


async def never(_: web.Request) -> web.StreamResponse:
    """Takes the request and says nothing."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def cuts(request: web.Request) -> web.StreamResponse:
    """Closes the connection instead of an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def floods(request: web.Request) -> web.StreamResponse:
    """An answer without end."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65_536)


@contextmanager
def local_receiver() -> Iterator[LocalReceiver]:
    """Listens on a free port of this machine until the end."""
    receiver = LocalReceiver()
    loop = asyncio.new_event_loop()
    started, stop = threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", receiver.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        started.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(SOON), "the receiver did not start"
    try:
        yield receiver
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(SOON)
        loop.close()
