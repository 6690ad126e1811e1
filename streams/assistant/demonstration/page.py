"""The page of the demonstration, and what it asks for besides the gateway's own."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import msgspec
from aiohttp import web

from sinks.console.guard import PAGE_HEADERS
from sinks.console.pages import STATIC, Pages
from sinks.hosts import hostname, is_here
from streams.gateway.demo_issuer import DemoIssuer
from streams.gateway.problems import Refused

_HERE = Path(__file__).parent / "static"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Customer(msgspec.Struct, frozen=True):
    """Who one can be, and how that reads in both languages."""

    id: str
    zh: str
    en: str


class Switch(msgspec.Struct, frozen=True):
    """Something that can be broken; `states` are its positions, the first one is well.

    `state` may be none of them: `starting`.
    """

    name: str
    states: tuple[str, ...]
    state: str


class Turned(msgspec.Struct, frozen=True):
    """The body of `POST /demo/switches`."""

    name: str
    state: str


class DemoPage:
    """`turn` is awaited with the name and the new state of a switch."""

    def __init__(
        self,
        issuer: DemoIssuer,
        customers: tuple[Customer, ...],
        switches: Callable[[], Mapping[str, Switch]],
        turn: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self.issuer = issuer
        self._customers = customers
        self._switches = switches
        self._turn = turn

    def add_routes(self, app: web.Application) -> None:
        """Beside the gateway's own."""
        pages = Pages(STATIC, _HERE)
        app.router.add_get("/", _here(_dressed(pages.index)))
        app.router.add_get("/static/{name:.+}", _here(_dressed(pages.static)))
        app.router.add_post("/demo/login", self.issuer.login)
        app.router.add_get("/demo/stage", _here(self._stage))
        app.router.add_post("/demo/switches", _here(self._turned))

    async def _stage(self, _: web.Request) -> web.Response:
        return _json({"customers": self._customers, "switches": tuple(self._switches().values())})

    async def _turned(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise Refused("wrong-type")
        try:
            turned = msgspec.json.decode(await request.read(), type=Turned)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Refused("bad-request", "expected a name and a state") from None
        switch = self._switches().get(turned.name)
        if switch is None or turned.state not in switch.states:
            raise Refused("bad-request", "there is no such switch or state")
        await self._turn(turned.name, turned.state)
        return await self._stage(request)


def _here(handler: Handler) -> Handler:
    """A page of another site whose name leads here must not get in (DNS rebinding)."""

    async def checked(request: web.Request) -> web.StreamResponse:
        if not is_here(hostname(request.host)):
            raise Refused("other-origin")
        return await handler(request)

    return checked


def _dressed(handler: Handler) -> Handler:
    async def dressed(request: web.Request) -> web.StreamResponse:
        response = await handler(request)
        response.headers.update(PAGE_HEADERS)
        return response

    return dressed


def _json(body: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(body), content_type="application/json")
