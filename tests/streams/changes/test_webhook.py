"""The webhook over real HTTP, onto a real log."""

import asyncio
import hmac
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import aiohttp
import pytest

from schemas.changes import MAX_CHANGE_BYTES, Change
from schemas.topics import CHANGES
from sinks.cluster import Cluster, Secret
from sinks.kafka import Message
from streams.admin import TopicAdmin
from streams.changes import webhook
from streams.changes.errors import BadChanges
from streams.changes.log import ChangeLog
from streams.changes.rules import Rule
from streams.changes.senders import senders
from streams.changes.webhook import PER_MINUTE, Webhook
from streams.metrics import Metrics
from streams.outbox import send
from streams.settings import Settings
from tests.streams.changes.bodies import (
    BARE,
    GITHUB_HEADERS,
    GITHUB_PING,
    GITHUB_STATUS,
    GITLAB,
    GITLAB_HEADERS,
    PAGERDUTY,
)

JSON = {"Content-Type": "application/json"}
LOCKED = Settings(
    changes_github_secret=Secret("hub-word"),
    changes_gitlab_token=Secret("lab-word"),
    changes_pagerduty_key=Secret(PAGERDUTY["routing_key"]),
    changes_token=Secret("bare-word"),
)
OPEN = Settings()
AWAY = "127.0.0.1:1"


class Site:
    """A webhook that listens, and what it said."""

    def __init__(self, session: aiohttp.ClientSession, metrics: Metrics, port: int) -> None:
        self.port = port
        self._session = session
        self._metrics = metrics
        self.headers: Mapping[str, str] = {}

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] = JSON
    ) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self._session.post(path, data=data, headers=headers) as response:
            self.headers = response.headers
            return response.status, await response.json()

    def count(self, source: str, outcome: str) -> float:
        value = self._metrics.registry.get_sample_value(
            "groundswell_changes_total", {"source": source, "outcome": outcome}
        )
        return value or 0.0


@asynccontextmanager
async def site(
    log: ChangeLog, settings: Settings = LOCKED, rules: tuple[Rule, ...] = ()
) -> AsyncIterator[Site]:
    metrics = Metrics()
    served = Webhook(log, senders(settings), rules, metrics)
    port = await served.start("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            yield Site(session, metrics, port)
    finally:
        await served.stop()
        await served.stop()


@pytest.fixture
def log(bootstrap: str, prefix: str) -> Iterator[ChangeLog]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1, {CHANGES: {"retention.ms": "-1"}})
    yield ChangeLog(Cluster(bootstrap), prefix)
    admin.delete()


@pytest.fixture
def nowhere() -> ChangeLog:
    """A log whose broker is away: nothing that is refused may ask for it."""
    return ChangeLog(Cluster(AWAY), "")


def signed(body: object) -> dict[str, str]:
    data = json.dumps(body).encode()
    signature = hmac.new(b"hub-word", data, sha256).hexdigest()
    return {**GITHUB_HEADERS, "X-Hub-Signature-256": f"sha256={signature}"}


@pytest.mark.broker
def test_each_provider_gets_its_change_onto_the_log(log: ChangeLog) -> None:
    rule = Rule(repository="acme/checkout", product="wallet", version="app_version")

    async def run() -> None:
        async with site(log, rules=(rule,)) as web:
            for path in ("/v2/change/enqueue", "/pagerduty"):
                status, body = await web.post(path, PAGERDUTY)
                assert (status, body) == (
                    202,
                    {"status": "success", "message": "Change event processed"},
                )
            status, body = await web.post("/github", GITHUB_STATUS, signed(GITHUB_STATUS))
            assert (status, body["status"]) == (202, "accepted")
            assert body["id"] == f"github-{GITHUB_HEADERS['X-GitHub-Delivery']}"
            token = {**GITLAB_HEADERS, "X-Gitlab-Token": "lab-word"}
            assert (await web.post("/gitlab", GITLAB, token))[0] == 202
            bearer = {**JSON, "Authorization": "Bearer bare-word"}
            assert await web.post("/changes", BARE, bearer) == (
                202,
                {"status": "accepted", "id": BARE["id"]},
            )
            assert web.count("pagerduty", "accepted") == 2

    asyncio.run(run())
    found = {change.id: change for change in log.all()}
    assert len(found) == 4
    github = found[f"github-{GITHUB_HEADERS['X-GitHub-Delivery']}"]
    assert (github.product, github.service) == ("wallet", "checkout")
    assert github.attributes["app_version"] == "7.2.0"
    assert found[BARE["id"]].product == "wallet"


@pytest.mark.broker
def test_here_no_secret_is_needed(log: ChangeLog) -> None:
    async def run() -> None:
        async with site(log, OPEN) as web:
            status, answer = await web.post("/changes", {"summary": "flag on"})
            assert (status, answer["id"][:7]) == (202, "change-")
            assert (await web.post("/github", GITHUB_STATUS, GITHUB_HEADERS))[0] == 202

    asyncio.run(run())
    first, _ = found = list(log.all())
    assert len(first.id) == len("change-") + 16
    assert [change.summary for change in found] == [
        "flag on",
        "checkout v7.2.0 (4f1c0ffe) deployed to production",
    ]


def test_what_is_no_change_is_well_and_writes_nothing(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, rules=(Rule(environment="production", ignore=True),)) as web:
            headers = {**signed(GITHUB_PING), "X-GitHub-Event": "ping"}
            assert await web.post("/github", GITHUB_PING, headers) == (
                202,
                {"status": "ignored", "reason": "event ping is no change"},
            )
            assert (await web.post("/github", GITHUB_STATUS, signed(GITHUB_STATUS)))[1] == {
                "status": "ignored",
                "reason": "a rule of changes_file ignores it",
            }
            status, body = await web.post("/v2/change/enqueue", PAGERDUTY)
            assert (status, body["status"]) == (202, "success")
            assert web.count("github", "ignored") == 2

    asyncio.run(run())


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
            assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
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


def test_a_log_that_is_away_is_said_to_be(nowhere: ChangeLog) -> None:
    async def run() -> None:
        async with site(nowhere, OPEN) as web:
            status, answer = await web.post("/changes", BARE)
            assert (status, web.headers["Retry-After"]) == (503, "30")
            assert AWAY not in json.dumps(answer)
            assert web.count("bare", "failed") == 1

    asyncio.run(run())


def test_a_port_that_is_taken_is_one_line(nowhere: ChangeLog) -> None:
    async def run(port: int) -> str:
        with pytest.raises(BadChanges) as raised:
            await Webhook(nowhere, senders(OPEN), (), Metrics()).start("127.0.0.1", port)
        return str(raised.value)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = asyncio.run(run(port))
    assert message.startswith(f"cannot listen on 127.0.0.1:{port} (")
    assert message.endswith("; set changes_port")


@pytest.mark.broker
def test_changes_are_read_once_and_bad_ones_left_out(
    log: ChangeLog, bootstrap: str, prefix: str
) -> None:
    values = (b'{"id":"a","summary":"x"}', b"{", b'{"id":"a","summary":"y"}', b'{"summary":"z"}')
    for value in values:
        asyncio.run(send(Cluster(bootstrap), Message(prefix + CHANGES, value)))
    found: list[Change] = list(log.all())
    assert [(c.id, c.summary) for c in found] == [("a", "x"), ("changes-0@3", "z")]
