import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession
from yarl import URL

from schemas.commands import Acknowledge, Silence, decode_command
from schemas.incidents import Incident, encode_incident
from schemas.topics import COMMANDS, INCIDENTS
from sinks.cluster import Cluster, Secret
from sinks.console import Console, Guard, server
from sinks.errors import CannotListen
from sinks.feed import Feed, Place, Told
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from streams.bounded import Tail
from tests.sinks.console.serving import NOWHERE, POST, Events, serving
from tests.support.incidents import incident
from tests.support.waiting import eventually

ONE = incident().incident_id


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(server, "_PAUSE", 0.2)


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    """The prefix of topics that are there."""
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    yield prefix
    admin.delete()


async def publish(bootstrap: str, prefix: str, *incidents: Incident) -> None:
    sink = KafkaSink(Cluster(bootstrap))
    await sink.start()
    await sink.write(
        Message(prefix + INCIDENTS, encode_incident(one), one.incident_key.encode())
        for one in incidents
    )
    await sink.stop()


async def listed(client: ClientSession) -> list[str]:
    """The ids of the list, once all that stood on the log is read."""
    found: dict[str, Any] = {}

    async def is_read() -> bool:
        async with client.get("/api/incidents") as answer:
            found.update(await answer.json())
        return bool(found["caught_up"])

    await eventually(is_read, "all is read")
    return [one["incident_id"] for one in found["incidents"]]


def test_nothing_but_its_files_can_be_asked_for() -> None:
    async def run() -> None:
        async with serving() as client:
            for path in (
                "/static/../server.py",
                "/static/%2e%2e/server.py",
                "/static/..%2fserver.py",
                "/static//etc/passwd",
                "/static/i18n",
                "/static/",
            ):
                url = URL(str(client._base_url).rstrip("/") + path, encoded=True)
                async with client.get(url) as answer:
                    assert answer.status == 404, path
            async with client.get("/static/i18n/zh.json") as answer:
                assert answer.content_type == "application/json"
            for path in ("/api/incidents/i/explain", "/api/incidents/i/relate"):
                async with client.post(path, json={}, headers=POST) as answer:
                    assert answer.status == 404

    asyncio.run(run())


def test_without_kafka_it_says_so() -> None:
    async def run() -> None:
        async with serving() as client, client.get("/api/events") as stream:
            events = Events(stream)
            async with asyncio.timeout(20):
                while (health := await events.next("health"))["state"] != "away":
                    assert health["state"] == "starting"
            assert NOWHERE in health["reason"]
            assert health["known"] is False

    asyncio.run(run())


def test_a_port_that_is_taken_is_named() -> None:
    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            console = Console(Cluster(NOWHERE), "", "g", Guard("127.0.0.1", Secret()))
            with pytest.raises(CannotListen, match=rf"127.0.0.1:{port} .*set --port"):
                await console.start("127.0.0.1", port)
            await console.stop()

    asyncio.run(run())


@pytest.mark.broker
def test_the_list_and_one_incident_with_its_history(bootstrap: str, topics: str) -> None:
    async def run() -> None:
        await publish(
            bootstrap, topics, incident(), incident(revision=2, change_reason="it has grown")
        )
        async with serving(bootstrap, topics) as client:
            assert await listed(client) == [ONE]
            async with client.get(f"/api/incidents/{ONE}") as answer:
                detail = await answer.json()
            assert detail["incident"]["revision"] == 2
            assert [turn["reason"] for turn in detail["revisions"]] == ["opened", "it has grown"]
            assert detail["course"]["observed"] == [1, 0, 0, 2, 14, 13]

    asyncio.run(run())


@pytest.mark.broker
def test_what_is_said_is_on_the_log_when_it_is_answered(bootstrap: str, topics: str) -> None:
    async def run() -> None:
        await publish(bootstrap, topics, incident())
        async with serving(bootstrap, topics) as client:
            await listed(client)
            for action, body, status in (
                ("ack", {"by": "Mei"}, 202),
                ("silence", {"minutes": 60}, 202),
                ("silence", {"minutes": "long"}, 400),
                ("note", {}, 400),
                ("note", {"text": "x" * 20_000}, 413),
            ):
                path = f"/api/incidents/{ONE}/{action}"
                async with client.post(path, json=body, headers=POST) as answer:
                    assert answer.status == status, (action, body)
                    if status == 400:
                        assert (await answer.json())["error"]
            async with client.post("/api/incidents/none/ack", json={}, headers=POST) as answer:
                assert answer.status == 404

    asyncio.run(run())
    tail = Tail(Cluster(bootstrap), topics + COMMANDS, 1)
    found = [(message.key(), decode_command(message.value())) for message in tail.rest()]
    tail.close()
    assert found == [
        (ONE.encode(), Acknowledge(incident_id=ONE, by="Mei")),
        (ONE.encode(), Silence(incident_id=ONE, by="console", minutes=60)),
    ]


@pytest.mark.broker
def test_a_page_that_comes_back_goes_on_where_it_was(bootstrap: str, topics: str) -> None:
    async def run() -> None:
        async with serving(bootstrap, topics) as client:
            await listed(client)
            async with asyncio.timeout(30), client.get("/api/events") as stream:
                events = Events(stream)
                await events.next("reset")
                await publish(bootstrap, topics, incident())
                assert (await events.next("incident"))["revision"] == 1
            await publish(bootstrap, topics, incident(revision=2), incident(revision=3))
            back = {"Last-Event-ID": events.last_id}
            async with asyncio.timeout(30), client.get("/api/events", headers=back) as stream:
                events = Events(stream)
                told = [await events.next("incident", "reset") for _ in range(2)]
                assert [one["revision"] for one in told] == [2, 3]

    asyncio.run(run())


@pytest.mark.slow
@pytest.mark.broker
def test_a_page_that_does_not_read_holds_up_nothing(
    bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SLOW_SECONDS", 0.2)
    many = [incident(incident_id=f"i-{n}", title="x" * 30_000) for n in range(600)]

    async def run() -> None:
        async with serving(bootstrap, topics) as client:
            await listed(client)
            base = client._base_url
            assert base is not None
            slow = socket.create_connection((base.host, base.port))
            slow.sendall(b"GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            async with asyncio.timeout(60), client.get("/api/events") as stream:
                events = Events(stream)
                await events.next("reset")
                for start in range(0, len(many), 50):
                    await publish(bootstrap, topics, *many[start : start + 50])
                    told = {(await events.next("incident"))["incident_id"] for _ in range(50)}
                    assert len(told) == 50
                # Three times its patience and more, by the server's clock.
                for _ in range(4):
                    await events.next("health")
            slow.settimeout(20)
            loop = asyncio.get_running_loop()
            got = await loop.run_in_executor(None, drain, slow)
            assert got.count(b"event: incident") < len(many)

    asyncio.run(run())


@pytest.mark.broker
@pytest.mark.slow
def test_a_burst_is_told_in_one(bootstrap: str, topics: str) -> None:
    many = [incident(incident_id=f"i-{n}") for n in range(3 * server.BURST)]

    async def run() -> None:
        async with serving(bootstrap, topics) as client:
            await listed(client)
            async with asyncio.timeout(60), client.get("/api/events") as stream:
                events = Events(stream)
                await events.next("reset")
                await publish(bootstrap, topics, *many)
                while len(await listed(client)) < len(many):
                    await events.next("reset", "incident")

    asyncio.run(run())


class Script(Feed):
    """A feed that gives these revisions, one batch each, and then breaks; it catches up or not."""

    def __init__(self, *batches: list[Incident], ends: bool) -> None:
        self._script, self._caught_up, self._end = batches, False, ends

    async def batches(self, patience: float = 1.0) -> AsyncIterator[list[Told]]:  # noqa: ARG002
        for n, batch in enumerate(self._script, 1):
            self._caught_up = self._end and n == len(self._script)
            yield [Told(one, Place(0, n), False, 0, 0) for one in batch]

    def caught_up(self) -> bool:
        return self._caught_up


def test_what_came_while_kafka_was_away_is_told_however_much_it_is() -> None:
    many = [incident(incident_id=f"i-{n}") for n in range(3 * server.BURST)]
    first, second, third = many[: server.BURST + 1], many[-2:-1], many[-1:]
    console = Console(Cluster(NOWHERE), "", "g", Guard("127.0.0.1", Secret()))

    async def told(*feeds: Script) -> list[str]:
        page = console._hub.join("")
        for feed in feeds:
            await console._read(feed)
        console._hub.leave(page)
        return [page.waiting.get_nowait().name for _ in range(page.waiting.qsize())][1:]

    async def run() -> None:
        assert await told(Script([], ends=True)) == ["reset"]
        again = Script(first, second, ends=False), Script([], third, ends=True)
        assert await told(*again) == ["reset"]
        assert await told(Script(many[-3:-2], [], ends=True)) == ["incident"]

    asyncio.run(run())


def drain(slow: socket.socket) -> bytes:
    """All that comes until the connection ends, which it must."""
    got = b""
    with slow:
        try:
            while part := slow.recv(1 << 20):
                got += part
        except ConnectionResetError:
            pass
    return got


@pytest.mark.broker
@pytest.mark.slow
def test_it_waits_for_topics_that_are_not_there_yet(bootstrap: str, prefix: str) -> None:
    async def run() -> None:
        async with serving(bootstrap, prefix) as client, client.get("/api/events") as stream:
            events = Events(stream)
            async with asyncio.timeout(60):
                while (health := await events.next("health"))["state"] != "away":
                    pass
                assert "run: groundswell topics create" in json.dumps(health)
                await asyncio.to_thread(TopicAdmin(Cluster(bootstrap), prefix).create, 2)
                while (health := await events.next("health"))["state"] != "ok":
                    pass
                assert await listed(client) == []

    try:
        asyncio.run(run())
    finally:
        TopicAdmin(Cluster(bootstrap), prefix).delete()
