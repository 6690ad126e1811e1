import asyncio
import time

import pytest
from aiohttp import ClientSession, CookieJar

from sinks.cluster import Secret
from sinks.console.guard import COOKIE, SESSION_SECONDS, Guard
from sinks.errors import Unguarded
from tests.sinks.console.serving import POST, serving

TOKEN = "correct horse battery"
HERE = {"Host": "localhost:8765"}
ACK = "/api/incidents/i/ack"


def guarded(now: float = 0.0) -> Guard:
    return Guard("127.0.0.1", Secret(TOKEN), lambda: now or time.time())


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "10.1.2.3", "console.example", "127.0.0.1.x"]
)
def test_others_reach_it_only_with_a_token(host: str) -> None:
    with pytest.raises(Unguarded, match="set console_token or console_token_file"):
        Guard(host, Secret())
    Guard(host, Secret(TOKEN))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.2"])
def test_this_machine_needs_none(host: str) -> None:
    Guard(host, Secret())


def test_a_token_that_can_be_guessed_is_none() -> None:
    with pytest.raises(Unguarded, match="fewer than 16") as raised:
        Guard("127.0.0.1", Secret("0123456789abcde"))
    assert "0123456789abcde" not in str(raised.value)


def test_every_answer_forbids_what_is_not_ours() -> None:
    async def run() -> None:
        async with serving() as client:
            for path, status in (
                ("/", 200),
                ("/login", 200),
                ("/static/app.js", 200),
                ("/api/incidents", 200),
                ("/api/incidents/unknown", 404),
                ("/nowhere", 404),
                ("/api/events", 200),
            ):
                async with client.get(path) as answer:
                    assert answer.status == status, path
                    policy = answer.headers["Content-Security-Policy"]
                    assert policy.startswith("default-src 'none'; script-src 'self';")
                    assert "frame-ancestors 'none'" in policy
                    assert "unsafe" not in policy
                    assert answer.headers["X-Content-Type-Options"] == "nosniff"
                    assert answer.headers["Referrer-Policy"] == "no-referrer"
                    assert "aiohttp" not in answer.headers["Server"]
                    fresh = "no-cache" if path.startswith("/static/") else "no-store"
                    assert answer.headers["Cache-Control"] == fresh

    asyncio.run(run())


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:80", 200),
        ("127.0.0.1", 200),
        ("[::1]:8765", 200),
        ("evil.example", 421),
        ("evil.example:8765", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
        ("[", 421),
    ],
)
def test_a_foreign_name_that_leads_here_is_refused(host: str, status: int) -> None:
    async def run() -> None:
        async with serving() as client, client.get("/", headers={"Host": host}) as answer:
            assert answer.status == status

    asyncio.run(run())


async def posted(client: ClientSession, headers: dict[str, str], data: bytes = b"{}") -> int:
    headers = {"Content-Type": "application/json", **headers}
    async with client.post(ACK, data=data, headers=headers) as answer:
        return answer.status


def test_another_site_cannot_post() -> None:
    async def run() -> None:
        async with serving() as client:
            # No such incident: it has come through.
            assert await posted(client, POST) == 404
            own = str(client._base_url).rstrip("/")
            assert await posted(client, {**POST, "Origin": own}) == 404
            assert await posted(client, {}) == 403
            for origin in ("http://evil.example", "null", "http://127.0.0.1:1", ""):
                assert await posted(client, {**POST, "Origin": origin}) == 403, origin
            assert await posted(client, {**POST, "Content-Type": "text/plain"}) == 415

    asyncio.run(run())


async def status(client: ClientSession, path: str, **headers: str) -> int:
    async with client.get(path, headers=headers, allow_redirects=False) as answer:
        if answer.status == 303:
            assert answer.headers["Location"] == "/login"
        return answer.status


def test_without_the_token_there_is_only_the_login() -> None:
    async def run() -> None:
        async with serving(guard=guarded()) as client:
            assert await status(client, "/") == 303
            assert await status(client, "/login") == 200
            assert await status(client, "/static/login.js") == 200
            for path in ("/api/incidents", "/api/incidents/i", "/api/events", "/api/none"):
                assert await status(client, path) == 401, path
            assert await posted(client, POST) == 401
            for word in ("wrong", "", TOKEN + "x", "\x80"):
                assert await status(client, "/api/incidents", Authorization=f"Bearer {word}") == 401
            assert await status(client, "/api/incidents", Authorization=f"Basic {TOKEN}") == 401
            assert await status(client, "/api/incidents", Authorization=f"Bearer {TOKEN}") == 200
            # With a token other names of this machine are fine.
            assert await status(client, "/login", Host="console.example") == 200

    asyncio.run(run())


def test_a_login_gives_a_cookie_that_no_script_and_no_other_site_gets() -> None:
    async def run() -> None:
        async with serving(guard=guarded()) as client:
            for wrong in ({"token": "wrong"}, {"token": ""}):
                async with client.post("/api/login", json=wrong, headers=POST) as answer:
                    assert (answer.status, "Set-Cookie" in answer.headers) == (401, False)
            for broken in (b'{"token": 7}', b"{}", b"[]", b"", b"\xff"):
                headers = {**POST, "Content-Type": "application/json"}
                async with client.post("/api/login", data=broken, headers=headers) as answer:
                    assert answer.status == 400
            async with client.post("/api/login", json={"token": TOKEN}) as answer:
                assert answer.status == 403
            named = {**POST, **HERE}
            async with client.post("/api/login", json={"token": TOKEN}, headers=named) as answer:
                assert answer.status == 204
                cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert TOKEN not in cookie
            name, _, session = cookie.partition(";")[0].partition("=")
            assert name == f"{COOKIE}-8765"
        async with serving(guard=guarded()) as client:
            # It outlives a restart.
            assert await status(client, "/", **HERE, Cookie=f"{name}={session}") == 200
            until, _, seal = session.partition(".")
            later = f"{int(until) + 1}.{seal}"
            for forged in (later, until, f"{until}.", f".{seal}", "x", f"{session}0"):
                assert await status(client, "/", **HERE, Cookie=f"{name}={forged}") == 303, forged
        expired = guarded(time.time() + SESSION_SECONDS + 1)
        async with serving(guard=expired) as client:
            assert await status(client, "/", **HERE, Cookie=f"{name}={session}") == 303
        other = Guard("127.0.0.1", Secret("another token entirely"))
        async with serving(guard=other) as client:
            assert await status(client, "/", **HERE, Cookie=f"{name}={session}") == 303

    asyncio.run(run())


def test_two_consoles_of_a_host_do_not_log_each_other_out() -> None:
    async def run() -> None:
        second = Guard("127.0.0.1", Secret("another token entirely"))
        async with (
            serving(guard=guarded()) as one,
            serving(guard=second) as two,
            ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
        ):
            sites = [(one._base_url, TOKEN), (two._base_url, "another token entirely")]
            for site, token in sites:
                assert site is not None
                said = {"token": token}
                async with browser.post(site / "api/login", json=said, headers=POST) as answer:
                    assert answer.status == 204
            for site, _ in sites:
                assert await status(browser, f"{site}/api/incidents") == 200

    asyncio.run(run())


def test_without_a_token_nobody_logs_in() -> None:
    async def run() -> None:
        async with (
            serving() as client,
            client.post("/api/login", json={"token": ""}, headers=POST) as answer,
        ):
            assert answer.status == 401

    asyncio.run(run())
