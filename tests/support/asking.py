"""Topics, workers and requesters of a test of request and reply."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client.parser import text_string_to_metric_families

from schemas.topics import REPLIES, REQUESTS, SESSIONS
from schemas.turns import Reply, Turn
from sinks.cluster import Cluster
from sinks.consumers import let_go
from streams.admin import TopicAdmin
from streams.assistant.asking import reply_of
from streams.bounded import Tail
from streams.metrics import Metrics
from streams.requests import Replier, Request, Requester, RequestReader
from streams.requests.headers import TENANT
from tests.support.echo import Effects
from tests.support.workers import ROOT, WorkerProcess, Workers

if TYPE_CHECKING:
    from confluent_kafka import Message

PARTITIONS = 4
ECHO = ("-m", "tests.support.echo")
Answers = Callable[[Replier, Request], Awaitable[None]]


def value(metrics: Metrics, name: str, *labels: str) -> float:
    """A counter, 0 if it was never raised."""
    families = text_string_to_metric_families(metrics.text().decode())
    for family in families:
        for sample in family.samples:
            if sample.name == name and set(labels) <= set(sample.labels.values()):
                return float(sample.value)
    return 0.0


class Counter:
    """The topics of the assistant under a prefix, and those at both sides of it."""

    def __init__(self, bootstrap: str, prefix: str, folder: Path) -> None:
        self.cluster = Cluster(bootstrap)
        self.prefix = prefix
        self.effects = Effects(folder / "effects.db")
        self._file = folder / "effects.db"
        self.workers = Workers(bootstrap, prefix, folder)
        admin = TopicAdmin(self.cluster, prefix)
        admin.create(PARTITIONS)
        there = admin.existing()
        self.places = {n.removeprefix(prefix): p for n, p in there.items() if n.startswith(prefix)}
        for name in (REQUESTS, REPLIES, SESSIONS):
            # New partitions have no leader for a moment.
            self.read(name)

    def worker(self, **settings: Any) -> WorkerProcess:
        """An echoing assistant, ready."""
        # A module of the tests is found from where the tests are.
        os.environ["PYTHONPATH"] = str(ROOT)
        worker = self.workers.start(str(self._file), program=ECHO, **settings)
        worker.wait_ready()
        return worker

    @asynccontextmanager
    async def requester(
        self, partition: int = 0, metrics: Metrics | None = None, **options: Any
    ) -> AsyncIterator[Requester]:
        """It listens, and is closed at the end."""
        requester = Requester(
            self.cluster,
            self.prefix + REQUESTS,
            self.prefix + REPLIES,
            partition,
            metrics or Metrics(),
            **options,
        )
        await requester.start()
        try:
            yield requester
        finally:
            await requester.close(0.0)

    def read(self, topic: str) -> list[Message]:
        """All a topic holds."""
        tail = Tail(self.cluster, self.prefix + topic, self.places[topic])
        try:
            return list(tail.rest())
        finally:
            tail.close()


@contextmanager
def open_counter(bootstrap: str, prefix: str, folder: Path) -> Iterator[Counter]:
    """Cleaned up in the end."""
    counter = Counter(bootstrap, prefix, folder)
    try:
        yield counter
    finally:
        counter.workers.kill_all()
        TopicAdmin(counter.cluster, prefix).delete()


def turn(session: str, number: str, text: str, **more: Any) -> Turn:
    """Of user `ann` of tenant `demo`."""
    fields = {"session": session, "turn": number, "tenant": "demo", "user": "ann", "text": text}
    return Turn(**fields | more)


@asynccontextmanager
async def answering(counter: Counter, answer: Answers) -> AsyncIterator[None]:
    """Somebody in this process answers what is asked meanwhile."""
    replies, topic = counter.prefix + REPLIES, counter.prefix + REQUESTS
    reader = RequestReader({replies: counter.places[REPLIES]})
    replier = Replier(counter.cluster, Metrics())
    await replier.start()
    consumer = AIOKafkaConsumer(**counter.cluster.for_aiokafka())
    await consumer.start()
    consumer.assign([TopicPartition(topic, n) for n in range(counter.places[REQUESTS])])
    # Not those of other tests.
    for place, end in (await consumer.end_offsets(consumer.assignment())).items():
        consumer.seek(place, end)

    async def serve() -> None:
        async for record in consumer:
            await answer(replier, reader.read(record, int(time.time() * 1000)))

    serving = asyncio.create_task(serve())
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.wait({serving})
        await let_go(consumer)
        await replier.stop()


async def echo(replier: Replier, request: Request) -> None:
    """Says again what was asked."""
    await replier.send(request, b"re " + request.value)


async def ask(requester: Requester, text: str, seconds: float = 5.0, **more: object) -> bytes:
    """What is answered to a text."""
    until = int((time.time() + seconds) * 1000)
    return await requester.ask(b"key-" + text.encode(), text.encode(), deadline_ms=until, **more)  # type: ignore[arg-type]


async def say(requester: Requester, turn: Turn, seconds: float = 5.0) -> Reply:
    """The reply to a turn."""
    return reply_of(
        await requester.ask(
            turn.session.encode(),
            msgspec.json.encode(turn),
            deadline_ms=int((time.time() + seconds) * 1000),
            headers=[(TENANT, turn.tenant.encode())],
        )
    )
