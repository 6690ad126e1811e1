"""`POST /v1/turns` and `GET /v1/sessions/{id}`."""

import re

import msgspec
from aiohttp import web

from streams.gateway.bodies import Said, decode_said
from streams.gateway.door import Door
from streams.gateway.problems import Refused
from streams.gateway.tracing import carried
from streams.gateway.turns import Told, Turns

KEY = "Idempotency-Key"
_KEY = re.compile(r'"?([A-Za-z0-9_-]{1,64})"?')
_SESSION = re.compile(r"[A-Za-z0-9_-]{16,64}")
_encode = msgspec.json.encode


class Routes:
    """The requests of a client without a socket."""

    def __init__(self, door: Door, turns: Turns) -> None:
        self._door = door
        self._turns = turns

    async def say(self, request: web.Request) -> web.Response:
        """Raises Refused."""
        caller = await self._door.caller(request)
        self._turns.count(caller)
        said = _with_key(decode_said(await self._door.body(request)), request)
        return _response(await self._turns.say(caller, said, carried(request.headers)))

    async def show(self, request: web.Request) -> web.Response:
        """Raises Refused; another person's session is answered as one that never was."""
        caller = await self._door.caller(request)
        self._turns.count(caller)
        session = request.match_info["id"]
        if not _SESSION.fullmatch(session):
            raise Refused("no-such-session")
        return _response(await self._turns.show(caller, session, carried(request.headers)))


def _with_key(said: Said, request: web.Request) -> Said:
    if (header := request.headers.get(KEY)) is None:
        return said
    if not (key := _KEY.fullmatch(header)):
        raise Refused("bad-request", f"{KEY}: up to 64 letters, digits, - and _")
    if said.turn not in ("", key[1]):
        raise Refused("bad-request", f"{KEY} and `turn` differ")
    return msgspec.structs.replace(said, turn=key[1])


def _response(told: Told) -> web.Response:
    reply = told.reply
    return web.Response(
        status=504 if reply.status == "late" else 200,
        body=_encode(reply),
        headers={
            "Content-Type": "application/json",
            "Server-Timing": _timing(told),
            **told.trace,
        },
    )


def _timing(told: Told) -> str:
    timing = told.reply.timing
    return (
        f"total;dur={told.seconds * 1000:.1f}, waited;dur={timing.waited:.1f},"
        f" worked;dur={timing.worked:.1f}, model;dur={timing.model:.1f}"
    )
