"""`GET /v1/chat`: a conversation over a WebSocket, with parts of answers as they come."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Mapping

import msgspec
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from schemas.turns import Part
from streams.gateway.bodies import (
    MAX_BODY,
    SPOKEN,
    Error,
    FrameOut,
    Ping,
    Pong,
    Said,
    decode_frame,
)
from streams.gateway.problems import Refused
from streams.gateway.tokens import Caller
from streams.gateway.turns import Turns
from streams.logs import log_failure

logger = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 30.0
SLOW_SECONDS = 10.0
"""Whoever takes nothing for so long is cut."""
MOST_FRAMES = 20
"""A second; more is a flood."""
EXPIRED = 4401
FLOOD = 4429
IDLE = 4408
_CLOSE_SECONDS = 1.0
_encode = msgspec.json.encode


class Chat:
    """One socket. One turn is under way and one waits behind it; a third is refused."""

    def __init__(
        self,
        request: web.Request,
        turns: Turns,
        caller: Caller,
        brought: Mapping[str, str],
        idle_seconds: float,
    ) -> None:
        self._request = request
        self._turns = turns
        self._caller = caller
        self._brought = brought
        self._idle_seconds = idle_seconds
        self._session = ""
        self._working: asyncio.Task[None] | None = None
        self._waiting: Said | None = None
        self._part: Part | None = None
        self._showing: asyncio.Task[None] | None = None
        self._second = 0
        self._frames = 0
        self.socket = web.WebSocketResponse(
            timeout=_CLOSE_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            autoping=False,
            compress=False,
            max_msg_size=MAX_BODY,
            protocols=(SPOKEN,),
        )

    async def run(self) -> str:
        """Serve until it is closed: why, in one word."""
        await self.socket.prepare(self._request)
        try:
            return await self._receive()
        finally:
            for task in (self._working, self._showing):
                if task is not None:
                    task.cancel()
            self._let_go()

    async def leave(self, patience: float) -> None:
        """The gateway is being stopped: let what is under way end, then close."""
        if self._working is not None:
            await asyncio.wait([self._working], timeout=patience)
        await self._close(WSCloseCode.GOING_AWAY, "going away")

    async def _receive(self) -> str:
        idle_at = time.time() + self._idle_seconds
        while True:
            now = time.time()
            if now >= self._caller.expires:
                return await self._close(EXPIRED, "expired")
            if now >= idle_at and self._working is None:
                return await self._close(IDLE, "idle")
            left = min(max(idle_at - now, 1.0), self._caller.expires - now)
            try:
                message = await self.socket.receive(timeout=left)
            except TimeoutError:
                continue
            if message.type not in (WSMsgType.TEXT, WSMsgType.PING, WSMsgType.PONG):
                return await self._ended(message)
            if self._is_flood():
                return await self._close(FLOOD, "flood")
            if message.type == WSMsgType.TEXT:
                if await self._take(message.data):
                    idle_at = time.time() + self._idle_seconds
            elif message.type == WSMsgType.PING:
                await self._write(message.data, WSMsgType.PONG)

    async def _ended(self, message: WSMessage) -> str:
        if message.type == WSMsgType.BINARY:
            return await self._close(WSCloseCode.UNSUPPORTED_DATA, "binary")
        return "error" if message.type == WSMsgType.ERROR else "closed"

    def _is_flood(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._frames = second, 0
        self._frames += 1
        return self._frames > MOST_FRAMES

    async def _take(self, text: str) -> bool:
        """Whether it was something said."""
        turn = ""
        try:
            frame = decode_frame(text)
            if isinstance(frame, Ping):
                await self._send(Pong())
                return False
            turn = frame.turn
            self._turns.count(self._caller)
            self._begin(frame)
        except Refused as refused:
            await self._send(Error(refused.problem, turn))
            return False
        return True

    def _begin(self, said: Said) -> None:
        if self._working is None:
            self._working = asyncio.create_task(self._work(said))
        elif self._waiting is None:
            self._waiting = said
        else:
            raise Refused("session-busy", "wait for the answers", 1.0)

    async def _work(self, said: Said | None) -> None:
        unseen = False
        while said is not None:
            try:
                await self._turn(said, unseen)
            except Exception as error:
                log_failure(logger, "a turn of a socket failed", error)
                await self._send(Error(Refused("failed").problem, said.turn))
            said, self._waiting = self._waiting, None
            unseen = True
        self._working = None

    async def _turn(self, said: Said, unseen: bool) -> None:
        said = msgspec.structs.replace(said, session=said.session or self._session)
        frame: FrameOut
        try:
            told = await self._turns.say(
                self._caller, said, self._brought, self._show, unseen=unseen
            )
        except Refused as refused:
            frame = Error(refused.problem, said.turn)
        else:
            frame, self._session = told.reply, told.reply.session
        # What it would have replaced is of no use any more.
        self._part = None
        if self._showing is not None:
            await asyncio.wait([self._showing])
        await self._send(frame)

    def _show(self, part: Part) -> None:
        """Send the latest part as soon as the one before has gone."""
        self._part = part
        if self._showing is None:
            self._showing = asyncio.create_task(self._send_parts())

    async def _send_parts(self) -> None:
        while (part := self._part) is not None:
            self._part = None
            await self._send(part)
        self._showing = None

    async def _send(self, frame: FrameOut) -> None:
        await self._write(_encode(frame), WSMsgType.TEXT)

    async def _write(self, data: bytes, kind: WSMsgType) -> None:
        try:
            async with asyncio.timeout(SLOW_SECONDS):
                await self.socket.send_frame(bytes(data), kind)
        except TimeoutError:
            self._let_go()
        except (ConnectionError, RuntimeError):
            # It is closed; the reading side says so.
            pass

    async def _close(self, code: int, why: str) -> str:
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(_CLOSE_SECONDS * 2):
                await self.socket.close(code=code, message=why.encode())
        return why.replace(" ", "_")

    def _let_go(self) -> None:
        """What is still to be written would hold the connection for ever."""
        if (transport := self._request.transport) is not None and (
            not self.socket.closed or transport.get_write_buffer_size()
        ):
            transport.abort()
