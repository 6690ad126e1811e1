"""Requests as nobody means them: too large, too slow, too many, wrong, and from elsewhere."""

import asyncio
import functools
import json
import ssl
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.turns import Reply, Timing
from sinks import listener
from streams.gateway import door
from streams.gateway.admission import FIRST, LEAST, Gate
from streams.gateway.bodies import MAX_BODY, Ping, decode_frame, decode_said
from streams.gateway.limits import Minute
from streams.gateway.origins import Origins
from streams.gateway.problems import Refused
from streams.gateway.server import Gateway, GatewayRules
from streams.gateway.tokens import Tokens
from streams.gateway.turns import TurnRules
from streams.settings import SettingsError
from tests.streams.gateway.house import RULES, House, house
from tests.support.waiting import SOON, eventually


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'"text"',
        b'{"text":',
        b'{"text":1}',
        b'{"text":null}',
        b'{"text":"\\ud800"}',
        b'{"text":"\xff"}',
        b'{"text":"x","lang":"fr"}',
        b'{"text":"x","session":"../../../etc/passwd"}',
        b'{"text":"x","turn":"a b"}',
        b'{"text":"   "}',
        b'{"text":"x","choice":"y"}',
        json.dumps({"text": "x" * 2001}).encode(),
        json.dumps({"choice": "x" * 81}).encode(),
        b"[" * 16_000,
        b'{"a":' * 3_000,
    ],
)
def test_bodies_that_say_nothing(body: bytes) -> None:
    async def run() -> None:
        async with house() as home:
            status, problem, headers = await home.say(body)
            assert (status, headers["Content-Type"]) == (400, "application/problem+json")
            assert problem["type"] == "docs/gateway.md#bad-request"
            assert not home.assistant.asked

    asyncio.run(run())


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    async def run() -> None:
        async with house() as home:
            _, reply, _ = await home.say(b'{"text":"a","text":"b","other":[[[1]]]}')
            assert reply["text"] == "u-1: b"

    asyncio.run(run())


_names = st.sampled_from(["type", "text", "choice", "session", "turn", "lang", "x"])
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=4),
    max_leaves=8,
)
_types = st.sampled_from(["say", "choice", "ping", "part", "reply", "", "x"])


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.binary(max_size=200)
    | st.dictionaries(_names, _json | _types).map(lambda made: json.dumps(made).encode())
)
def test_whatever_comes_is_something_said_or_refused(body: bytes) -> None:
    for decode in (decode_said, decode_frame):
        try:
            found: Any = decode(body)
        except Refused:
            continue
        assert isinstance(found, Ping) or bool(found.text.strip()) != bool(found.choice)


def test_what_is_no_json_is_not_read() -> None:
    async def run() -> None:
        async with house() as home:
            for headers in (
                {"Content-Type": "text/plain"},
                {"Content-Type": "application/x-www-form-urlencoded"},
                {"Content-Type": "application/json", "Content-Encoding": "gzip"},
                {"Content-Type": ""},
            ):
                assert (await home.say("hi", headers))[0] == 415
            both = {"Content-Type": "application/json; charset=utf-8"}
            assert (await home.say("hi", both))[0] == 200

    asyncio.run(run())


def test_too_much_is_refused_before_it_is_read() -> None:
    async def run() -> None:
        async with house() as home:
            assert (await home.say(b" " * (MAX_BODY + 1)))[0] == 413
            padded = b'{"text":"hi"}' + b" " * (MAX_BODY - 13)
            assert (await home.say(padded))[0] == 200

            async def endless() -> Any:
                for _ in range(10_000):
                    yield b" " * 1024

            sent = {**home.bearer(), "Content-Type": "application/json"}
            try:
                async with home.session.post("/v1/turns", data=endless(), headers=sent) as response:
                    assert response.status == 413
            except aiohttp.ClientError:
                # It was cut while it was still sending.
                pass
            assert len(home.assistant.asked) == 1

    asyncio.run(run())


def test_headers_that_are_too_large_are_refused_and_not_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        async with house() as home:
            for headers in (
                {"Authorization": "Bearer secret" + "a" * 9_000},
                {"X-Big": "a" * 9_000},
                {f"X-{n}": "a" for n in range(200)},
            ):
                async with home.session.post("/v1/turns", headers=headers) as response:
                    assert response.status == 400

    asyncio.run(run())
    assert "could not be read" in caplog.text
    assert "secret" not in caplog.text
    assert "Traceback" not in caplog.text


async def _spoken(home: House, *parts: bytes, pause: float = 0.05) -> bytes:
    """What comes back to what is sent slowly, until the gateway hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", home.port)
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(pause)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_who_dawdles_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BODY_SECONDS", 0.3)
    monkeypatch.setattr(listener, "_KEEPALIVE", 0.6)

    async def run() -> None:
        async with house() as home:
            head = (
                "POST /v1/turns HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                f"Authorization: {home.bearer()['Authorization']}\r\n"
            ).encode()
            # A body that does not come; headers that do not end; nothing at all.
            assert b" 408 " in await _spoken(home, head, b"Content-Length: 50\r\n\r\n", b'{"te')
            assert await _spoken(home, head, *[b"X: y\r\n"] * 20, pause=0.05) == b""
            assert await _spoken(home) == b""
            chunked = b"Transfer-Encoding: chunked\r\n\r\n"
            assert b" 408 " in await _spoken(home, head, chunked, b'5\r\n{"tex\r\n')
            whole = b'd\r\n{"text":"hi"}\r\n0\r\n\r\n'
            assert b" 200 " in await _spoken(home, head, chunked, whole)

    asyncio.run(run())


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\r\n\r\nBLAH\r\n\r\n",
        b"POST /v1/turns HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"POST /v1/turns HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /v1/turns HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused(sent: bytes) -> None:
    async def run() -> None:
        async with house() as home:
            answer = await _spoken(home, sent)
            assert b" 200 " not in answer
            assert b" 500 " not in answer
            assert b"Traceback" not in answer
            assert (await home.say())[0] == 200

    asyncio.run(run())


def test_paths_and_methods_that_are_not_there() -> None:
    async def run() -> None:
        async with house() as home:
            for method, path, status in (
                ("GET", "/", 404),
                ("GET", "/v1/turns", 405),
                ("DELETE", "/v1/turns", 405),
                ("TRACE", "/v1/turns", 405),
                ("POST", "/demo/login", 404),
                ("GET", "/v1/sessions/a/b", 404),
                ("GET", "/metrics", 404),
            ):
                async with home.session.request(method, path) as response:
                    assert response.status == status
                    body = await response.json(content_type="application/problem+json")
                    assert body["status"] == status

    asyncio.run(run())


def test_without_a_good_token_nothing_is_said() -> None:
    async def run() -> None:
        async with house() as home:
            good = home.issuer.token()
            for value, error in (
                ("", ""),
                ("Basic dTpw", ""),
                ("Bearer", ""),
                ("Bearer ", ""),
                (f"Bearer {good}x", "invalid_token"),
                (f"Bearer {good} {good}", "invalid_token"),
                ("Bearer " + home.issuer.token(exp=1), "invalid_token"),
            ):
                status, problem, headers = await home.say("hi", {"Authorization": value})
                assert (status, "detail" in problem) == (401, False)
                assert error in headers["WWW-Authenticate"]
            assert not home.assistant.asked
            name = "groundswell_gateway_tokens_refused_total"
            assert home.count(name, reason="expired") == 1
            assert (await home.say("hi", {"Authorization": f"bearer {good}"}))[0] == 200

    asyncio.run(run())


def test_tokens_that_cannot_be_checked() -> None:
    async def run() -> None:
        async with house() as home:
            home.issuer.document = b"away"
            assert not home.gateway.ready
            status, problem, _ = await home.say()
            assert (status, problem["type"]) == (503, "docs/gateway.md#not-ready")

    asyncio.run(run())


def test_one_person_and_one_tenant_have_so_many_turns() -> None:
    async def run() -> None:
        async with house(GatewayRules(user_turns=3, tenant_turns=5)) as home:
            found = [(await home.say())[0] for _ in range(3)]
            status, problem, headers = await home.say()
            assert ([*found, status], 1 <= int(headers["Retry-After"]) <= 120) == (
                [200, 200, 200, 429],
                True,
            )
            assert problem["type"] == "docs/gateway.md#too-many-turns"
            others = [(await home.say("hi", home.bearer(sub=f"u-{n}")))[0] for n in range(2, 6)]
            assert others == [200, 200, 429, 429]
            assert (await home.say("hi", home.bearer(tenant="bank-b")))[0] == 200
            # No tenant reaches into another one by the names it gives.
            assert (await home.say("hi", home.bearer(tenant="bank", sub="-a:u-1")))[0] == 200

    asyncio.run(run())


@pytest.mark.parametrize("start", [0.0, 17.0, 59.9])
@pytest.mark.parametrize("most", [1, 3, 60])
def test_a_minute_moves_and_says_when_to_come_again(most: int, start: float) -> None:
    now = [start]
    minute = Minute(most, lambda: now[0])
    assert [minute.take("a") for _ in range(most)] == [0.0] * most
    assert minute.take("b") == 0.0
    taken = most
    while now[0] < start + 1_000:
        wait = minute.take("a")
        assert 0 < wait <= 120
        now[0] += wait * 0.9
        assert minute.take("a") > 0
        now[0] += wait * 0.1 + 1e-6
        assert minute.take("a") == 0.0
        taken += 1
    assert taken <= most * (now[0] - start + 120) / 60
    now[0] += 120
    assert [minute.take("a") for _ in range(most)] == [0.0] * most


def test_what_would_miss_its_deadline_is_refused_at_once() -> None:
    now = [0.0]
    gate = Gate(0.5, lambda: now[0])
    for _ in range(FIRST):
        gate.enter()
    with pytest.raises(Refused) as caught:
        gate.enter()
    assert (caught.value.code, caught.value.problem.retry_after) == ("overloaded", 1)
    # Turns that waited too long: fewer places, but not one cut for each of them.
    now[0] = 1.0
    for _ in range(100):
        gate.leave(1.9)
    assert gate.limit == FIRST * 0.8
    for _ in range(100):
        now[0] += 1.0
        gate.leave(1.9)
    assert gate.limit == LEAST
    while gate.in_flight:
        gate.leave(0.0)
    # Used again, and quick again: it recovers; unused it does not grow.
    for _ in range(2_000):
        while gate.in_flight < int(gate.limit):
            gate.enter()
        gate.leave(0.01)
    grown = gate.limit
    assert grown > 2 * LEAST
    while gate.in_flight:
        gate.leave(0.01)
    gate.enter()
    gate.leave(0.01)
    assert gate.limit < grown + gate.in_flight + FIRST


def test_an_overload_is_refused_promptly_and_the_rest_is_answered() -> None:
    """A worker of 200 turns a second, asked for 400 a second."""

    async def run() -> None:
        rules = GatewayRules(TurnRules(deadline_ms=4_000), user_turns=10**6)
        async with house(rules) as home:
            free_at = [time.monotonic()]
            plain = home.assistant.ask

            async def ask(turn: Any, **rest: Any) -> Reply:
                free_at[0] = max(free_at[0], time.monotonic()) + 0.005
                await asyncio.sleep(free_at[0] - time.monotonic())
                reply = await plain(turn, **rest)
                return Reply(session=reply.session, turn=reply.turn, timing=Timing(worked=5.0))

            home.assistant.ask = ask  # type: ignore[method-assign]
            home.gateway._gate.limit = LEAST

            async def one() -> int:
                return (await home.say())[0]

            waves = []
            for _ in range(10):
                waves += [asyncio.create_task(one()) for _ in range(40)]
                await asyncio.sleep(0.1)
            found = await asyncio.gather(*waves)
            # None is late, or it had been 504: what waits here takes a tenth of the deadline.
            assert set(found) == {200, 503}
            assert found.count(200) > 150

    asyncio.run(run())


def test_pages_of_other_origins() -> None:
    async def run() -> None:
        async with house(GatewayRules(origins=("https://bank.example",))) as home:
            good, evil = {"Origin": "https://bank.example"}, {"Origin": "https://evil.example"}
            status, _, headers = await home.say("hi", good)
            assert (status, headers["Access-Control-Allow-Origin"]) == (200, good["Origin"])
            assert "Access-Control-Allow-Credentials" not in headers
            assert headers["Vary"] == "Origin"
            # A refusal can be read by the page too.
            assert (await home.say(b"x", good))[2]["Access-Control-Allow-Origin"]
            status, _, headers = await home.say("hi", evil)
            assert (status, "Access-Control-Allow-Origin" in headers) == (403, False)
            asks = {"Access-Control-Request-Method": "POST"}
            async with home.session.options("/v1/turns", headers=good | asks) as response:
                assert response.status == 204
                assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
                assert response.headers["Access-Control-Allow-Origin"] == good["Origin"]
            async with home.session.options("/v1/turns", headers=evil | asks) as response:
                assert response.status == 403
        async with house() as home:
            status, _, headers = await home.say("hi", good)
            assert (status, "Access-Control-Allow-Origin" in headers) == (403, False)
            async with home.session.options("/v1/turns", headers=good | asks) as response:
                assert response.status == 403

    asyncio.run(run())


@pytest.mark.parametrize(
    "origin", ["*", "null", "bank.example", "https://bank.example/", "ftp://x", "https://*.x/y"]
)
def test_origins_are_exact(origin: str) -> None:
    with pytest.raises(SettingsError):
        Origins((origin,))


def test_being_stopped_it_ends_what_it_has_begun() -> None:
    async def run() -> None:
        async with house() as home:
            home.assistant.open.clear()
            connect = functools.partial(home.session.ws_connect, headers=home.bearer())
            async with connect("/v1/chat") as idle, connect("/v1/chat") as busy:
                await busy.send_json({"type": "say", "text": "hi"})
                under_way = asyncio.create_task(home.say("mine"))
                await eventually(lambda: len(home.assistant.asked) == 2, "both are asked")
                draining = asyncio.create_task(home.gateway.drain(10.0))
                assert (await idle.receive(timeout=SOON)).data == 1001
                assert not home.gateway.ready
                status, problem, headers = await home.say("late")
                assert (status, headers["Connection"]) == (503, "close")
                assert problem["type"] == "docs/gateway.md#draining"
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await home.session.ws_connect("/v1/chat", headers=home.bearer())
                assert not draining.done()
                home.assistant.open.set()
                assert (await busy.receive_json(timeout=SOON))["text"] == "u-1: hi"
                assert (await busy.receive(timeout=SOON)).data == 1001
                assert (await under_way)[0] == 200
                await draining

    asyncio.run(run())


def test_being_stopped_it_does_not_wait_for_ever() -> None:
    async def run() -> None:
        async with house() as home:
            home.assistant.open.clear()
            async with home.session.ws_connect("/v1/chat", headers=home.bearer()) as web:
                await web.send_json({"type": "say", "text": "hi"})
                await eventually(lambda: bool(home.assistant.asked), "it is asked")
                async with asyncio.timeout(3.0):
                    await home.gateway.drain(0.3)
                    await home.gateway.stop()

    asyncio.run(run())


def test_tls(tmp_path: Path) -> None:
    from tests.streams.gateway.certificates import certificate

    cert, key = certificate(tmp_path)

    async def run() -> None:
        home = House(GatewayRules())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        gateway = Gateway(
            home.assistant, Tokens(home.keys, RULES), GatewayRules(), home.metrics, context
        )
        port = await gateway.start("127.0.0.1", 0)
        trusted = ssl.create_default_context(cafile=str(cert))
        try:
            async with aiohttp.ClientSession() as session:
                url = f"https://localhost:{port}/openapi.json"
                async with session.get(url, ssl=trusted) as response:
                    assert response.status == 200
                    assert "Strict-Transport-Security" in response.headers
                with pytest.raises(aiohttp.ClientError):
                    await session.get(url)
                with pytest.raises(aiohttp.ClientError):
                    await session.get(url.replace("https", "http"))
        finally:
            await gateway.stop()

    asyncio.run(run())
