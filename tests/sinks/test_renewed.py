import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.topics import COMMANDS
from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from sinks.renewed import RenewedSink
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port

TOPIC = "t-" + COMMANDS


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """One of the test's own, with topics, that it may stop."""
    broker = EmbeddedBroker(tmp_path, port=free_port())
    try:
        TopicAdmin(Cluster(broker.ensure()), "t-").create(1)
        yield broker
    finally:
        broker.wipe()


@pytest.mark.broker
@pytest.mark.slow
def test_it_writes_again_after_an_outage_and_never_what_was_given_up(
    broker: EmbeddedBroker,
) -> None:
    cluster = Cluster(broker.ensure())

    async def run() -> None:
        sink = RenewedSink(cluster)
        await sink.write([Message(TOPIC, b"before", b"key")])
        await asyncio.to_thread(broker.stop)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await sink.write([Message(TOPIC, b"during", b"key")])
        async with asyncio.timeout(20):
            with pytest.raises(DeliveryFailed, match="cannot write to"):
                await sink.write([Message(TOPIC, b"during, too", b"key")])
        assert len(asyncio.all_tasks()) == 1, "nothing goes on behind our back"
        await asyncio.to_thread(broker.ensure)
        await sink.write([Message(TOPIC, b"after", b"key")])
        await sink.stop()
        await sink.stop()

    asyncio.run(run())
    tail = Tail(cluster, TOPIC, 1)
    found = [message.value() for message in tail.rest()]
    tail.close()
    assert found == [b"before", b"after"]


def test_one_that_cannot_connect_says_so_each_time() -> None:
    async def run() -> None:
        sink = RenewedSink(Cluster(f"127.0.0.1:{free_port()}"))
        for attempt in (sink.start(), sink.write([Message(TOPIC, b"")])):
            with pytest.raises(DeliveryFailed, match="cannot write to"):
                await attempt
        await sink.stop()

    asyncio.run(run())
