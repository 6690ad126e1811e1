"""Who and what the webhook turns away, over real HTTP."""

import asyncio
import json

import pytest

from schemas.changes import MAX_CHANGE_BYTES
from streams.changes import webhook
from streams.changes.log import ChangeLog
from streams.changes.webhook import PER_MINUTE
from tests.streams.changes.bodies import (
    BARE,
    GITHUB_HEADERS,
    GITHUB_PING,
    GITHUB_STATUS,
    GITLAB,
    GITLAB_HEADERS,
    PAGERDUTY,
)
from tests.streams.changes.site import JSON, OPEN, signed, site
from tests.support.waiting import SOON


def test_who_has_no_secret_is_turned_away(nowhere: ChangeLog) -> None:
    cases: tuple[tuple[str, object, dict[str, str]], ...] = (
        ("/github", GITHUB_STATUS, GITHUB_HEADERS),
        ("/github", GITHUB_STATUS, signed(GITHUB_PING)),
        ("/gitlab", GITLAB, {**GITLAB_HEADERS, "X-Gitlab-Token": "lab-wor"}),
        ("/changes", BARE, JSON),
        ("/changes", BARE, {**JSON, "Authorization": "Bearer \u00fc"}),
        ("/pagerduty", {**PAGERDUTY, "routing_key": "x" * 32}, JSON),
        ("/pagerduty", b"\xff", JSON),
    )

    async def run() -> None:
        async with site(nowhere) as web:
            for path, body, headers in cases:
                status, answer = await web.post(path, body, headers)
                assert (status, web.headers["WWW-Authenticate"]) == (401, "Bearer"), path
                assert "word" not in json.dumps(answer)
            assert web.count("github", "unauthorised") == 2

    asyncio.run(run())


def test_without_a_secret_another_name_of_this_machine_is_turned_away(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            for host in ("evil.example", "evil.example:9470", "127.0.0.1.evil.example", ""):
                status, answer = await web.post("/changes", BARE, {**JSON, "Host": host})
                assert status in (400, 403), host
                assert "changes_token" in answer["reason"]

    asyncio.run(run())


def test_a_page_of_a_browser_cannot_send_a_form(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            for kind in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
                status, answer = await web.post("/changes", BARE, {"Content-Type": kind})
                assert (status, "application/json" in answer["reason"]) == (415, True)
            packed = {**JSON, "Content-Encoding": "gzip"}
            assert (await web.post("/changes", b"", packed))[0] == 415

    asyncio.run(run())


HOSTILE = (
    b"",
    b"null",
    b"\xff",
    b"[" * 60_000,
    b'{"summary":"x","time":1e308}',
    b'{"summary":"x","time":-1}',
    b'{"summary":"x","time":"0001-01-01T00:00:00+14:00"}',
    b'{"summary":"a\\u0000b"}',
    b'{"summary":"\\ud800"}',
    b'{"summary":""}',
    b'{"time":1}',
)


def test_a_hostile_body_is_a_bad_request(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            for path in ("/changes", "/v2/change/enqueue", "/github", "/gitlab"):
                for body in HOSTILE:
                    headers = GITLAB_HEADERS if path == "/gitlab" else GITHUB_HEADERS
                    status, answer = await web.post(path, body, headers)
                    assert status == 400, (path, body[:40])
                    assert answer["status"] in ("refused", "invalid event")
            assert web.count("bare", "refused") == len(HOSTILE)

    asyncio.run(run())


def test_a_large_body_is_not_read(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            body = b" " * (MAX_CHANGE_BYTES + 1)
            assert (await web.post("/changes", body))[0] == 413
            assert (await web.post("/changes", body[1:]))[0] == 400

    asyncio.run(run())


def test_a_slow_body_is_not_waited_for(nowhere: ChangeLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "_READ_SECONDS", 0.1)

    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
            head = "POST /changes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
            writer.write(f"{head}\r\nContent-Length: 9\r\n\r\n{{".encode())
            assert b" 408 " in await asyncio.wait_for(reader.readline(), SOON)
            writer.close()
            await writer.wait_closed()

    asyncio.run(run())


def test_a_flood_is_told_to_come_again(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            found = [(await web.post("/changes", b"null"))[0] for _ in range(PER_MINUTE + 1)]
            assert found == [400] * PER_MINUTE + [429]
            assert int(web.headers["Retry-After"]) >= 1
            assert (await web.post("/pagerduty", b"null"))[0] == 400

    asyncio.run(run())
