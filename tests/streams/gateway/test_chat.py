"""`GET /v1/chat`: a conversation over a real WebSocket, and everybody who spoils one."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from schemas.turns import Reply
from streams.gateway import chat
from streams.gateway.server import GatewayRules
from streams.gateway.turns import TurnRules
from tests.streams.gateway.house import House, house
from tests.support.waiting import SOON, eventually


@asynccontextmanager
async def talking(
    home: House, headers: dict[str, str] | None = None, **claims: Any
) -> AsyncIterator[ClientWebSocketResponse]:
    sent = {**home.bearer(**claims), **(headers or {})}
    async with home.session.ws_connect("/v1/chat", headers=sent, timeout=_CLOSE) as web:
        yield web


_CLOSE = aiohttp.ClientWSTimeout(ws_close=2.0)


async def heard(web: ClientWebSocketResponse) -> dict[str, Any]:
    found: dict[str, Any] = await web.receive_json(timeout=SOON)
    return found


async def closed(web: ClientWebSocketResponse) -> int | None:
    """Read on until it is closed: with which code."""
    async with asyncio.timeout(10):
        while (await web.receive()).type not in (
            WSMsgType.CLOSE,
            WSMsgType.CLOSED,
            WSMsgType.CLOSING,
            WSMsgType.ERROR,
        ):
            pass
    return web.close_code


def test_a_conversation() -> None:
    async def run() -> None:
        async with house() as home, talking(home) as web:
            home.assistant.parts = ("thinking", "still thinking")
            await web.send_json({"type": "ping"})
            assert await heard(web) == {"type": "pong"}
            await web.send_json({"type": "say", "text": "hi", "turn": "t-1"})
            said = [await heard(web)]
            while said[-1]["type"] == "part":
                said.append(await heard(web))
            assert said[0]["text"] in home.assistant.parts
            assert (said[-1]["type"], said[-1]["turn"], said[-1]["text"]) == (
                "reply",
                "t-1",
                "u-1: hi",
            )
            home.assistant.parts = ()
            await web.send_json({"type": "choice", "choice": "yes"})
            reply = await heard(web)
            assert reply["text"] == "u-1: yes"
            # The socket remembers its session.
            assert reply["session"] == said[-1]["session"]
            await web.send_json({"type": "say", "text": "x", "session": "older-0123456789"})
            assert (await heard(web))["session"] == "older-0123456789"

    asyncio.run(run())


def test_a_browser_shows_its_token_as_a_subprotocol() -> None:
    async def run() -> None:
        async with house() as home:
            token = home.issuer.token()
            offered = ("groundswell.v1", f"bearer.{token}")
            async with home.session.ws_connect("/v1/chat", protocols=offered) as web:
                assert web.protocol == "groundswell.v1"
                await web.send_json({"type": "say", "text": "hi"})
                assert (await heard(web))["text"] == "u-1: hi"
            for path, bad in (
                ("/v1/chat", ("groundswell.v1",)),
                ("/v1/chat", ("groundswell.v1", "bearer.x.y.z")),
                (f"/v1/chat?token={token}&access_token={token}", ("groundswell.v1",)),
            ):
                with pytest.raises(WSServerHandshakeError) as caught:
                    await home.session.ws_connect(path, protocols=bad)
                assert caught.value.status == 401
            # A POST is not let in by a subprotocol.
            headers = {"Sec-WebSocket-Protocol": f"bearer.{token}", "Authorization": ""}
            assert (await home.say("hi", headers))[0] == 401

    asyncio.run(run())


def test_a_plain_request_is_told_to_upgrade() -> None:
    async def run() -> None:
        async with (
            house() as home,
            home.session.get("/v1/chat", headers=home.bearer()) as response,
        ):
            assert response.status == 426

    asyncio.run(run())


def test_one_turn_is_under_way_one_waits_and_a_third_is_refused() -> None:
    async def run() -> None:
        async with house() as home, talking(home) as web:
            home.assistant.open.clear()
            for number in (1, 2, 3):
                await web.send_json({"type": "say", "text": "hi", "turn": f"t-{number}"})
            refused = await heard(web)
            assert (refused["type"], refused["turn"]) == ("error", "t-3")
            assert refused["problem"]["type"].endswith("#session-busy")
            assert len(home.assistant.asked) == 1
            home.assistant.open.set()
            assert [(await heard(web))["turn"] for _ in (1, 2)] == ["t-1", "t-2"]
            one, two = home.assistant.asked
            assert one.session == two.session
            # The person had not seen the first answer when they said it.
            assert (one.unseen, two.unseen) == (False, True)
            await web.send_json({"type": "say", "text": "hi", "turn": "t-4"})
            assert (await heard(web))["turn"] == "t-4"
            assert not home.assistant.asked[-1].unseen

    asyncio.run(run())


def test_what_is_no_frame_is_told_so_and_the_socket_stays() -> None:
    async def run() -> None:
        async with house() as home, talking(home) as web:
            for garbage in (
                "",
                "x",
                "[]",
                "{}",
                '{"type":"reply"}',
                '{"type":"say"}',
                '{"type":"say","text":"  "}',
                '{"type":"say","text":"x","choice":"y"}',
                '{"type":"say","text":7}',
                '{"type":"say","text":"\\ud800"}',
                '{"type":"say","text":"x","session":"short"}',
                "[" * 16_000,
            ):
                await web.send_str(garbage)
                said = await heard(web)
                assert (said["type"], said["problem"]["status"]) == ("error", 400), garbage
            assert not home.assistant.asked
            second = int(time.monotonic())
            await eventually(lambda: int(time.monotonic()) > second, "it is no flood any more")
            await web.send_str('{"type":"say","text":"a","text":"b","more":[[{}]]}')
            assert (await heard(web))["text"] == "u-1: b"

    asyncio.run(run())


def test_bytes_a_huge_frame_and_a_flood_end_it() -> None:
    async def run() -> None:
        async with house() as home:
            async with talking(home) as web:
                await web.send_bytes(b"x")
                assert await closed(web) == 1003
            async with talking(home) as web:
                await web.send_str("x" * 20_000)
                assert await closed(web) == 1009
            for flood in ("ping", "text"):
                async with talking(home) as web:
                    for _ in range(60):
                        await (web.ping() if flood == "ping" else web.send_str("{}"))
                    assert await closed(web) == chat.FLOOD
            why = {"why": "flood"}
            await eventually(
                lambda: home.count("groundswell_gateway_sockets_closed_total", **why) == 2,
                "both floods counted",
            )

    asyncio.run(run())


def test_it_ends_with_its_token() -> None:
    async def run() -> None:
        async with house() as home, talking(home, exp=int(time.time()) + 1) as web:
            assert await closed(web) == chat.EXPIRED

    asyncio.run(run())


@pytest.mark.slow
def test_silence_ends_it_but_not_an_answer_that_takes_its_time() -> None:
    async def run() -> None:
        async with house(GatewayRules(idle_seconds=0.5)) as home, talking(home) as web:
            home.assistant.delay = 1.0
            await web.send_json({"type": "say", "text": "hi"})
            assert (await heard(web))["type"] == "reply"
            assert await closed(web) == chat.IDLE

    asyncio.run(run())


def test_nobody_has_too_many() -> None:
    async def run() -> None:
        rules = GatewayRules(user_sockets=2, sockets=3)
        async with (
            house(rules) as home,
            talking(home),
            talking(home) as web,
            talking(home, sub="u-2"),
        ):
            for user in ("u-1", "u-3"):
                with pytest.raises(WSServerHandshakeError) as caught:
                    async with talking(home, sub=user):
                        pass
                assert caught.value.status == 503
            await web.close()
            async with talking(home):
                pass
        async with house(GatewayRules(user_sockets=1)) as home, talking(home):
            with pytest.raises(WSServerHandshakeError) as caught:
                async with talking(home):
                    pass
            assert caught.value.status == 429

    asyncio.run(run())


def test_pages_of_elsewhere_are_refused() -> None:
    async def run() -> None:
        async with house(GatewayRules(origins=("https://bank.example",))) as home:
            async with talking(home, {"Origin": "https://bank.example"}):
                pass
            async with talking(home, {"Origin": f"http://127.0.0.1:{home.port}"}):
                pass
            for origin in ("https://evil.example", "null", "https://bank.example.evil.example"):
                with pytest.raises(WSServerHandshakeError) as caught:
                    async with talking(home, {"Origin": origin}):
                        pass
                assert caught.value.status == 403

    asyncio.run(run())


def test_a_reply_of_our_own_when_nothing_comes_and_refusals_do_not_end_it() -> None:
    async def run() -> None:
        rules = GatewayRules(TurnRules(deadline_ms=100), user_turns=3)
        async with house(rules) as home, talking(home) as web:
            home.assistant.open.clear()
            await web.send_json({"type": "say", "text": "hi"})
            assert (await heard(web))["status"] == "late"
            home.assistant.open.set()
            home.assistant.error = RuntimeError("a mistake")
            await web.send_json({"type": "say", "text": "hi"})
            assert (await heard(web))["problem"]["status"] == 500
            await web.send_json({"type": "say", "text": "hi"})
            refused = (await heard(web))["problem"]
            assert (refused["status"], refused["retry_after"] > 0) == (429, True)

    asyncio.run(run())


def test_who_takes_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "SLOW_SECONDS", 0.3)
    monkeypatch.setattr(chat, "MOST_FRAMES", 10_000)

    async def run() -> None:
        async with house(GatewayRules(user_turns=10_000)) as home:
            home.assistant.reply = lambda turn: Reply(
                session=turn.session, turn=turn.turn, text="长" * 200_000
            )
            _, writer = await _raw(home)
            frame = json.dumps({"type": "say", "text": "hi"}).encode()
            masked = bytes([0x81, 0x80 | len(frame), 0, 0, 0, 0]) + frame

            async def gone() -> bool:
                try:
                    writer.write(masked)
                    await writer.drain()
                except ConnectionError:
                    return True
                return not home.gateway._limits.open_sockets

            await eventually(gone, "the socket is cut")
            writer.transport.abort()

    asyncio.run(run())


def test_who_vanishes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "HEARTBEAT_SECONDS", 0.4)

    async def run() -> None:
        async with house() as home:
            # It reads, but never answers a ping.
            _, writer = await _raw(home)
            await eventually(lambda: home.gateway._limits.open_sockets == 1, "open")
            await eventually(lambda: home.gateway._limits.open_sockets == 0, "let go")
            writer.transport.abort()

    asyncio.run(run())


async def _raw(home: House) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A WebSocket that reads no more than the handshake."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect(("127.0.0.1", home.port))
    reader, writer = await asyncio.open_connection(sock=plain, limit=2048)
    head = (
        f"GET /v1/chat HTTP/1.1\r\nHost: x\r\nAuthorization: {home.bearer()['Authorization']}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    writer.write(head.encode())
    assert b"101" in await reader.readline()
    return reader, writer


def test_wrong_handshakes_are_refused() -> None:
    async def run() -> None:
        async with house() as home:
            for headers in (
                {"Sec-WebSocket-Key": "x", "Upgrade": "websocket", "Connection": "Upgrade"},
                {
                    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
                    "Sec-WebSocket-Version": "99",
                    "Upgrade": "websocket",
                    "Connection": "Upgrade",
                },
                {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
            ):
                sent = {**home.bearer(), **headers}
                async with home.session.get("/v1/chat", headers=sent) as response:
                    assert response.status == 400
            assert home.gateway._limits.open_sockets == 0

    asyncio.run(run())
