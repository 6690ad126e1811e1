import asyncio
from pathlib import Path

import pytest
from aiokafka.errors import MessageSizeTooLargeError

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.support.waiting import PATIENCE, eventually
from tests.support.writing import (
    all_of,
    does_not_start,
    five_hundred,
    nowhere,
    others_than_the_five_hundred,
    with_writer,
)

broker = pytest.mark.broker


@broker
def test_what_was_written_is_there_in_order(bootstrap: str, topic: str) -> None:
    async def use(sink: KafkaSink) -> None:
        await sink.write(five_hundred(topic))
        await sink.write([Message(topic, None, b"by key"), Message(topic, b"", None, 2)])
        await sink.write([])

    with_writer(KafkaSink(Cluster(bootstrap)), use)
    others = others_than_the_five_hundred(all_of(bootstrap, topic))
    assert {(m.key(), m.value()) for m in others} == {(b"by key", None), (None, b"")}
    assert len(others) == 2


@broker
def test_partitions_are_counted_and_a_missing_topic_is_told_at_once(
    bootstrap: str, topic: str
) -> None:
    async def use(sink: KafkaSink) -> None:
        assert await sink.partitions(topic) == 3
        with pytest.raises(DeliveryFailed, match="topic missing does not exist"):
            await asyncio.wait_for(sink.partitions("missing"), 15)

    with_writer(KafkaSink(Cluster(bootstrap)), use)


@broker
def test_a_record_that_is_too_large_is_a_failed_delivery(bootstrap: str, topic: str) -> None:
    async def use(sink: KafkaSink) -> None:
        with pytest.raises(DeliveryFailed, match=MessageSizeTooLargeError.__name__):
            await sink.write([Message(topic, b"x" * (25 * 1024 * 1024))])

    with_writer(KafkaSink(Cluster(bootstrap)), use)


@nowhere
def test_a_broker_that_is_not_there_is_a_failed_delivery(bootstrap: str) -> None:
    does_not_start(KafkaSink(Cluster(bootstrap)), 60.0)


@broker
@pytest.mark.slow
def test_a_cluster_that_is_away_is_not_asked_without_a_pause(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away = EmbeddedBroker(tmp_path, port=free_port())
    message = Message("t-incidents", b"x", b"key")
    failed = "Unable to update metadata"

    async def run(cluster: Cluster) -> float:
        sink = KafkaSink(cluster)
        await sink.start()
        await sink.write([message])
        # The first stop is a graceful one: the last metadata name no leader.
        await asyncio.to_thread(away.stop)
        writing = asyncio.create_task(sink.write([message]))

        def asked() -> list[float]:
            return [r.created for r in caplog.records if r.getMessage().startswith(failed)]

        await eventually(lambda: len(asked()) >= 10, "it is asked ten times", PATIENCE)
        times = asked()
        await asyncio.to_thread(away.ensure)
        await writing
        await sink.stop()
        return times[9] - times[0]

    try:
        cluster = Cluster(away.ensure())
        TopicAdmin(cluster, "t-").create(1)
        assert asyncio.run(run(cluster)) > 0.5
    finally:
        away.wipe()


def test_before_the_start_nothing_is_written() -> None:
    async def run() -> None:
        sink = KafkaSink(Cluster("127.0.0.1:1"))
        with pytest.raises(DeliveryFailed, match="not started"):
            await sink.write([Message("t", b"")])
        with pytest.raises(DeliveryFailed, match="not started"):
            await sink.partitions("t")

    asyncio.run(run())


def test_a_start_that_is_given_up_leaves_nothing_open() -> None:
    closed = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            """It never answers."""
        writer.close()
        closed.set()

    async def run() -> None:
        server = await asyncio.start_server(mute, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        sink = KafkaSink(Cluster(f"{host}:{port}"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await sink.start()
        async with asyncio.timeout(5):
            await closed.wait()
        server.close()
        with pytest.raises(DeliveryFailed, match="not started"):
            await sink.write([Message("t", b"")])

    asyncio.run(run())
