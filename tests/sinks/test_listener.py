import asyncio
import socket

import pytest
from aiohttp import ClientSession, web

from sinks.errors import CannotListen
from sinks.listener import Listener


def test_it_listens_where_it_says_until_it_stops() -> None:
    async def run() -> None:
        listener = Listener(web.Application(), "port")
        port = await listener.start("127.0.0.1", 0)
        async with (
            ClientSession(f"http://127.0.0.1:{port}") as session,
            session.get("/") as response,
        ):
            assert response.status == 404
        await listener.stop()
        await listener.stop()
        with socket.create_server(("127.0.0.1", port)):
            pass

    asyncio.run(run())


def test_an_address_that_cannot_be_had_is_one_line() -> None:
    async def run(host: str, port: int) -> str:
        listener = Listener(web.Application(), "changes_port")
        with pytest.raises(CannotListen) as raised:
            await listener.start(host, port)
        await listener.stop()
        return str(raised.value)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = asyncio.run(run("127.0.0.1", port))
    assert message.startswith(f"cannot listen on 127.0.0.1:{port} (")
    assert message.endswith("; set changes_port")
    assert "cannot listen on 256.1.1.1:0 (" in asyncio.run(run("256.1.1.1", 0))


def test_one_that_never_began_can_be_stopped() -> None:
    asyncio.run(Listener(web.Application(), "port").stop())
