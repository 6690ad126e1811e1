"""The gateway's server: its routes, its sockets, and how it is stopped."""

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from aiohttp import hdrs, web

from sinks.listener import Listener
from streams.gateway.admission import Gate
from streams.gateway.asking import Asking
from streams.gateway.bodies import MAX_BODY
from streams.gateway.chat import Chat
from streams.gateway.door import Door
from streams.gateway.limits import Limits
from streams.gateway.openapi import openapi
from streams.gateway.origins import Origins
from streams.gateway.problems import Refused
from streams.gateway.routes import Routes
from streams.gateway.terse import terse_logger
from streams.gateway.tokens import Tokens
from streams.gateway.tracing import carried
from streams.gateway.turns import TurnRules, Turns
from streams.metrics import Metrics

_STOP_SECONDS = 2.0
_LINGERING_SECONDS = 0.5
_REST = 0.02


@dataclass(frozen=True)
class GatewayRules:
    """What a gateway allows; turns are those of a minute."""

    turns: TurnRules = field(default_factory=TurnRules)
    user_turns: int = 60
    tenant_turns: int = 60_000
    user_sockets: int = 4
    sockets: int = 10_000
    idle_seconds: float = 600.0
    origins: tuple[str, ...] = ()


class Gateway:
    """HTTP and WebSocket in front of an `Asking`. Raises SettingsError."""

    def __init__(
        self,
        asking: Asking,
        tokens: Tokens,
        rules: GatewayRules,
        metrics: Metrics,
        tls: ssl.SSLContext | None = None,
        add_routes: Callable[[web.Application], None] | None = None,
    ) -> None:
        self._tokens = tokens
        self._rules = rules
        self._metrics = metrics
        self._limits = Limits(
            rules.user_turns, rules.tenant_turns, rules.user_sockets, rules.sockets
        )
        # A quarter of the deadline: what waits longer leaves too little for the work.
        self._gate = Gate(rules.turns.deadline_ms / 4000, time.monotonic)
        self._turns = Turns(asking, self._limits, self._gate, rules.turns, metrics)
        self._door = Door(tokens, Origins(rules.origins), metrics)
        self._chats: set[Chat] = set()
        self._openapi = msgspec.json.encode(openapi())
        self._listener = Listener(
            self._app(add_routes),
            "gateway_port",
            _STOP_SECONDS,
            tls,
            lingering_time=_LINGERING_SECONDS,
            auto_decompress=False,
            logger=terse_logger(),
        )

    @property
    def ready(self) -> bool:
        """Whether requests are taken and can be answered."""
        return self._turns.ready and self._tokens.ready

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken. Raises CannotListen."""
        return await self._listener.start(host, port)

    async def drain(self, seconds: float) -> None:
        """Refuse what is new, let what is under way end, close the sockets."""
        self._turns.is_draining = True
        deadline = time.monotonic() + seconds
        await asyncio.gather(*(chat.leave(seconds) for chat in self._chats))
        while self._turns.in_flight and time.monotonic() < deadline:
            await asyncio.sleep(_REST)

    async def stop(self) -> None:
        """Stop listening; safe to call twice."""
        await self._listener.stop()

    def look(self) -> None:
        """Show where it stands in its metrics."""
        for state, value in (
            ("turns", self._turns.in_flight),
            ("turns_allowed", self._gate.limit),
            ("sockets", self._limits.open_sockets),
        ):
            self._metrics.put("groundswell_gateway_open", value, state)

    def _app(self, add_routes: Callable[[web.Application], None] | None) -> web.Application:
        app = web.Application(middlewares=[self._door.guard], client_max_size=MAX_BODY)
        app.on_response_prepare.append(self._door.dress)
        routes = Routes(self._door, self._turns)
        app.router.add_post("/v1/turns", routes.say)
        app.router.add_get("/v1/sessions/{id}", routes.show)
        app.router.add_get("/v1/chat", self._chat)
        app.router.add_get("/openapi.json", self._describe)
        if add_routes is not None:
            add_routes(app)
        return app

    async def _describe(self, _: web.Request) -> web.Response:
        return web.Response(body=self._openapi, headers={hdrs.CONTENT_TYPE: "application/json"})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        caller = await self._door.caller(request)
        if hdrs.SEC_WEBSOCKET_KEY not in request.headers:
            raise Refused("upgrade-needed")
        # To come and go is not free either.
        self._turns.count(caller)
        self._limits.open(caller)
        chat = Chat(
            request, self._turns, caller, carried(request.headers), self._rules.idle_seconds
        )
        self._chats.add(chat)
        why = "refused"
        try:
            why = await chat.run()
        finally:
            self._chats.discard(chat)
            self._limits.close(caller)
            self._metrics.add("groundswell_gateway_sockets_closed_total", 1, why)
        return chat.socket
