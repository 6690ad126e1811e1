"""Serves any CoreBank by the contract of wire.py: the reference for those who put theirs there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from agents.assistant.bank import CoreBank
from agents.assistant.errors import BankAway, BankRefused
from sinks.clock import now_ms
from sinks.cluster import Secret
from sinks.hosts import hostname, is_here
from sinks.listener import Listener
from streams.bank.embedded import EmbeddedBank
from streams.bank.errors import BadBank
from streams.bank.faults import Fault, FaultyBank
from streams.bank.wire import (
    CUSTOMER,
    DEADLINE,
    KEY,
    MOST_ASKED,
    ROUTES,
    STATUS,
    TENANT,
    Refused,
    Route,
    named,
)
from streams.security import secret_of
from streams.settings import Settings
from streams.until import until_signal

logger = logging.getLogger(__name__)
_faults = msgspec.json.Decoder(Annotated[dict[str, Fault], Meta(max_length=20)]).decode


class Denied(Exception):
    """The bank is not asked: the answer's status and code."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.body = Refused(code, detail)


class BankServer:
    """One bank on one port. Without a token it is for this machine alone.

    `faulty`: `PUT /faults` takes {"TOOL or *": Fault}, and {} ends them.
    """

    def __init__(self, bank: CoreBank, token: Secret, faulty: FaultyBank | None = None) -> None:
        self._bank: CoreBank = faulty or bank
        self._token = token
        self._faulty = faulty
        app = web.Application(client_max_size=MOST_ASKED)
        for name, route in ROUTES.items():
            app.router.add_route(route.method, route.path, self._handler(name, route))
        if faulty is not None:
            app.router.add_put("/faults", self._guarded(self._set_faults))
        self._listener = Listener(app, "bank_port")

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises BadBank, CannotListen."""
        if not is_here(host) and not self._token:
            raise BadBank(f"others could reach the bank at {host}: set bank_token")
        return await self._listener.start(host, port)

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        await self._listener.stop()

    def _handler(self, name: str, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> object:
            tenant, customer = _whose(request)
            call = await _call(name, route, request)
            _check_deadline(request)
            if route.method == "GET":
                return await self._bank.read(tenant, customer, call)
            if not (key := request.headers.get(KEY, "")):
                raise Denied(400, "no_key", f"a write needs {KEY}")
            return await self._bank.write(tenant, customer, call, key)

        return self._guarded(handle)

    def _guarded(
        self, handle: Callable[[web.Request], Awaitable[object]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                self._check(request)
                return _say(200, await handle(request))
            except BankRefused as error:
                return _say(STATUS[error.code], Refused(error.code, error.detail))
            except BankAway as error:
                logger.warning("the bank is away", extra={"why": str(error)})
                return _say(503, Refused("away"))
            except Denied as error:
                return _say(error.status, error.body)

        return answer

    def _check(self, request: web.Request) -> None:
        """Raises Denied."""
        given = request.headers.get("Authorization", "")
        if self._token:
            if not self._token.is_known_to(given.removeprefix("Bearer ")):
                raise Denied(401, "unauthorised")
        # A page in a browser here may reach us by a name of its own that means this machine.
        elif not is_here(hostname(request.host)):
            raise Denied(403, "unauthorised")

    async def _set_faults(self, request: web.Request) -> object:
        assert self._faulty is not None
        try:
            found = _faults(await _body(request))
        except msgspec.MsgspecError as error:
            raise Denied(400, "invalid", str(error)) from None
        if unknown := found.keys() - ROUTES.keys() - {"*"}:
            raise Denied(400, "invalid", f"no tool: {min(unknown)[:40]}")
        self._faulty.faults = found
        return found


def _whose(request: web.Request) -> tuple[str, str]:
    tenants, customers = (request.headers.getall(name, []) for name in (TENANT, CUSTOMER))
    try:
        # Twice is once too often: a proxy may have looked at the other one.
        if (len(tenants), len(customers)) == (1, 1):
            return named(tenants[0]), named(customers[0])
    except UnicodeError:
        pass
    raise Denied(400, "invalid", f"{TENANT} and {CUSTOMER} say whose it is, once")


async def _call(name: str, route: Route, request: web.Request) -> Any:
    fields: dict[str, Any]
    try:
        if route.method == "GET":
            fields = dict(request.query)
        else:
            fields = msgspec.json.decode(await _body(request), type=dict[str, Any])
        fields |= {**request.match_info, "tool": name}
        return msgspec.convert(fields, route.call, strict=route.method != "GET")
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        place = str(error).rpartition("`$.")[2].rstrip("`")
        # An id that cannot be one is nobody's.
        code = "not_found" if place in request.match_info else "invalid"
        raise BankRefused(code) from None


async def _body(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        # No page in a browser can send this to another site unasked.
        raise Denied(415, "invalid", "send Content-Type: application/json")
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Denied(413, "invalid", f"at most {MOST_ASKED} bytes") from None


def _check_deadline(request: web.Request) -> None:
    until = request.headers.get(DEADLINE, "")
    if until.isdecimal() and len(until) < 16 and int(until) <= now_ms():
        raise Denied(503, "late", "nobody waits for it any more; nothing was done")


def _say(status: int, body: object) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(body), status=status, content_type="application/json"
    )


async def serve(settings: Settings, path: Path, *, faults: bool) -> None:
    """The embedded bank until SIGTERM or SIGINT. Raises OperatorError, SinkError."""
    bank = EmbeddedBank(path, now_ms)
    faulty = FaultyBank(bank, Random()) if faults else None
    server = BankServer(bank, secret_of(settings, "bank_token"), faulty)
    try:
        port = await server.start(settings.bank_host, settings.bank_port)
        logger.info(
            "serving the bank",
            extra={"address": f"{settings.bank_host}:{port}", "port": port, "file": str(path)},
        )
        await until_signal()
    finally:
        with suppress(asyncio.CancelledError):
            await server.stop()
        await bank.close()
