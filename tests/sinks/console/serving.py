"""A console of a test in this process, and a client of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, ClientSession

from sinks.cluster import Cluster, Secret
from sinks.console import Console, Guard

NOWHERE = "127.0.0.1:1"
"""Where no Kafka is."""
POST = {"X-Groundswell": "test"}


@asynccontextmanager
async def serving(
    bootstrap: str = NOWHERE, prefix: str = "", guard: Guard | None = None
) -> AsyncIterator[ClientSession]:
    """A client whose addresses begin at the console."""
    console = Console(
        Cluster(bootstrap),
        prefix,
        prefix + "groundswell",
        guard or Guard("127.0.0.1", Secret()),
    )
    port = await console.start("127.0.0.1", 0)
    try:
        async with ClientSession(f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        await console.stop()


class Events:
    """What a stream of server-sent events says."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.last_id = ""

    async def next(self, *names: str) -> Any:
        """The data of the next event with one of these names; others are passed over."""
        while True:
            name, data = await self._one()
            if name in names:
                return data

    async def _one(self) -> tuple[str, Any]:
        name, data = "", ""
        while line := (await self._line()).rstrip("\n"):
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                self.last_id = value
        return name, json.loads(data) if data else None

    async def _line(self) -> str:
        line = await self._response.content.readuntil(b"\n")
        assert line, "the stream has ended"
        return line.decode()
