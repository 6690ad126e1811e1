"""The cable between aiokafka's clients of this process and their Kafka, which can be cut."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiokafka import client


class Cable:
    """Connections made while it is laid go through it."""

    def __init__(self) -> None:
        self._writers: set[asyncio.StreamWriter] = set()
        self._whole = True

    def cut(self) -> None:
        """All connections break, new ones are refused."""
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """New connections are let through."""
        self._whole = True

    async def _serve(
        self, host: str, port: int, near: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    ) -> None:
        if not self._whole:
            near[1].transport.abort()
            return
        far = await asyncio.open_connection(host, port)
        self._writers |= {near[1], far[1]}
        await asyncio.gather(_pump(near[0], far[1]), _pump(far[0], near[1]))
        self._writers -= {near[1], far[1]}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def laid(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cable]:
    """A cable for every broker that is connected to."""
    cable = Cable()
    servers: dict[tuple[str, int], asyncio.Server] = {}
    original = client.create_conn

    async def through(host: str, port: int, *args: Any, **options: Any) -> Any:
        if (host, port) not in servers:

            async def serve(r: asyncio.StreamReader, w: asyncio.StreamWriter) -> None:
                await cable._serve(host, port, (r, w))

            servers[host, port] = await asyncio.start_server(serve, "127.0.0.1", 0)
        near = servers[host, port].sockets[0].getsockname()[1]
        return await original("127.0.0.1", near, *args, **options)

    monkeypatch.setattr(client, "create_conn", through)
    try:
        yield cable
    finally:
        monkeypatch.setattr(client, "create_conn", original)
        cable.cut()
        for server in servers.values():
            server.close()
