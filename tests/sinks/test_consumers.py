import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaConnectionError

from schemas.topics import INCIDENTS
from sinks import consumers
from sinks.cluster import Cluster
from sinks.consumers import begin, let_go
from streams.admin import TopicAdmin


@pytest.fixture
def topic(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(1)
    yield prefix + INCIDENTS
    admin.delete()


@asynccontextmanager
async def fetching(bootstrap: str, topic: str) -> AsyncIterator[Any]:
    """A consumer in the middle of a fetch that waits to be tried again, as when Kafka is away."""
    consumer: Any = AIOKafkaConsumer(**Cluster(bootstrap).for_aiokafka())
    await consumer.start()
    consumer.assign([TopicPartition(topic, 0)])
    await consumer.seek_to_beginning()
    waiting = asyncio.create_task(asyncio.sleep(60))
    consumer._fetcher._pending_tasks.add(waiting)
    await asyncio.sleep(0)
    yield consumer
    assert waiting.cancelled()


@pytest.mark.broker
def test_whoever_lets_go_in_the_middle_of_a_fetch_goes_on(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        async with fetching(bootstrap, topic) as consumer:
            await let_go(consumer)
            assert not any(one.connected() for one in consumer._client._conns.values())

    asyncio.run(run())


@pytest.mark.broker
def test_aiokafka_by_itself_cancels_them(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        async with fetching(bootstrap, topic) as consumer:
            with pytest.raises(asyncio.CancelledError):
                await consumer.stop()
            await consumer._client.close()

    asyncio.run(run())


class Slow:
    """Takes for ever to stop."""

    def __init__(self) -> None:
        self._client = self
        self.closed = False

    async def stop(self) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        self.closed = True


def test_whoever_is_cancelled_meanwhile_stays_so() -> None:
    async def run() -> None:
        consumer = Slow()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await let_go(consumer)
        assert consumer.closed

    asyncio.run(run())


class Starting:
    """Takes until `ready` to start."""

    def __init__(self) -> None:
        self.asked, self.ready = asyncio.Event(), asyncio.Event()
        self.started = self.cancelled = False

    async def start(self) -> None:
        self.asked.set()
        try:
            await self.ready.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.started = True


async def begun(client: Starting) -> asyncio.Task[None]:
    """In the middle of its start, and cancelled."""
    beginning = asyncio.create_task(begin(client))
    await client.asked.wait()
    beginning.cancel()
    await asyncio.sleep(0)
    return beginning


def test_a_start_is_finished_before_its_end() -> None:
    async def run() -> None:
        client = Starting()
        beginning = await begun(client)
        assert not beginning.done()
        client.ready.set()
        with pytest.raises(asyncio.CancelledError):
            await beginning
        assert client.started

    asyncio.run(run())


def test_a_start_that_takes_for_ever_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "_LAST_WAIT", 0.01)

    async def run() -> None:
        client = Starting()
        with pytest.raises(asyncio.CancelledError):
            await (await begun(client))
        assert client.cancelled

    asyncio.run(run())


def test_a_start_that_fails_says_why() -> None:
    async def run() -> None:
        client: Any = AIOKafkaConsumer(bootstrap_servers="127.0.0.1:1")
        with pytest.raises(KafkaConnectionError):
            await begin(client)
        await let_go(client)

    asyncio.run(run())
