import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from agents.assistant.knowledge.article import Finding
from streams.knowledge.online import ask, is_public

PLACE = Finding("a.md", 7, "")


@asynccontextmanager
async def site(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def here(_: str) -> bool:
    return True


def test_each_link_is_asked_without_following_it() -> None:
    asked: list[tuple[str, str]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append((request.method, request.path))
        match request.path:
            case "/good":
                return web.Response()
            case "/no-head":
                return web.Response(status=405 if request.method == "HEAD" else 200)
            case "/near":
                raise web.HTTPFound("/good")
            case "/away":
                raise web.HTTPFound("https://elsewhere.example/x")
            case "/hang":
                await asyncio.sleep(30)
        return web.Response(status=404)

    async def run() -> list[str]:
        async with site(answer) as base:
            names = ("good", "no-head", "near", "away", "gone", "hang")
            found = await ask({f"{base}/{name}": PLACE for name in names}, here, seconds=0.5)
            return [str(one).replace(base, "") for one in found]

    assert asyncio.run(run()) == [
        "a.md:7: dead link: /away: moved to elsewhere.example",
        "a.md:7: dead link: /gone: status 404",
        "a.md:7: dead link: /hang: no answer in time",
    ]
    assert ("GET", "/no-head") in asked
    assert len(asked) == 7


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "10.1.2.3", "169.254.169.254", "2130706433", "0x7f.1", "127.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0"),
    ],
)
def test_nothing_inside_is_ever_asked(host: str) -> None:
    asked = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response()

    async def run() -> list[Finding]:
        async with site(answer) as base:
            port = base.rpartition(":")[2]
            return await ask({f"http://{host}:{port}/": PLACE}, seconds=2)

    (found,) = asyncio.run(run())
    assert "it is an address inside" in found.what
    assert asked == []


@pytest.mark.parametrize("link", ["http://[x", "http://a:99999/", "https://u:p@a.example/"])
def test_what_is_no_address_is_a_finding(link: str) -> None:
    (found,) = asyncio.run(ask({link: PLACE}, here, seconds=1))
    assert found.what.startswith(f"dead link: {link}: ")


def test_a_port_where_nobody_listens_is_a_finding() -> None:
    (found,) = asyncio.run(ask({"http://127.0.0.1:1/": PLACE}, here, seconds=1))
    assert "no answer" in found.what


def test_public_addresses() -> None:
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    for inside in (
        "224.0.0.1",
        "100.64.0.1",
        "192.168.1.1",
        "fc00::1",
        "fe80::1%eth0",
        "2002:7f00:1::",
    ):
        assert not is_public(inside), inside
