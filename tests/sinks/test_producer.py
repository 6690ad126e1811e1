import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from aiokafka import AIOKafkaProducer

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from sinks.producer import Producer
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.broker.machine import free_port

broker = pytest.mark.broker


def with_producer(
    bootstrap: str, use: Callable[[Producer], Awaitable[None]], **options: object
) -> None:
    async def run() -> None:
        producer = Producer(Cluster(bootstrap), **options)  # type: ignore[arg-type]
        await producer.start()
        try:
            await use(producer)
        finally:
            await producer.stop()
            await producer.stop()

    asyncio.run(run())


@pytest.fixture
def topic(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(3, {"feedback.app": {"retention.ms": "-1"}})
    yield prefix + "feedback.app"
    admin.delete()


@broker
@pytest.mark.parametrize("gathers_s", [0.0, 0.05])
def test_what_was_placed_is_there_in_order(bootstrap: str, topic: str, gathers_s: float) -> None:
    async def use(producer: Producer) -> None:
        found = await producer.place(
            Message(topic, b"%d" % n, b"key", 1, [("n", b"%d" % n)], 1_763_630_043_120)
            for n in range(500)
        )
        assert found == list(range(500))
        assert await producer.place([Message(topic, None, b"none", 2)]) == [0]
        assert await producer.place([]) == []
        assert await producer.partitions(topic) == 3
        assert await producer.partitions("missing") == 0

    with_producer(bootstrap, use, gathers_s=gathers_s)
    tail = Tail(Cluster(bootstrap), topic, 3)
    found = list(tail.rest())
    tail.close()
    ours = [m for m in found if m.key() == b"key"]
    assert [m.value() for m in ours] == [b"%d" % n for n in range(500)]
    assert ours[7].headers() == [("n", b"7")]
    assert {m.timestamp()[1] for m in ours} == {1_763_630_043_120}
    assert [m.value() for m in found if m.key() == b"none"] == [None]


@broker
def test_keys_go_where_the_other_client_sends_them(bootstrap: str, topic: str) -> None:
    async def use(producer: Producer) -> None:
        other = AIOKafkaProducer(bootstrap_servers=bootstrap)
        await other.start()
        for n in range(50):
            key = b"session-%d" % n
            await producer.place([Message(topic, b"ours", key)])
            await other.send_and_wait(topic, b"theirs", key=key)
        await other.stop()

    with_producer(bootstrap, use)
    tail = Tail(Cluster(bootstrap), topic, 3)
    found = {(m.value(), m.key(), m.partition()) for m in tail.rest()}
    tail.close()
    ours = {(key, place) for value, key, place in found if value == b"ours"}
    assert len(ours) == 50
    assert ours == {(key, place) for value, key, place in found if value == b"theirs"}


@broker
def test_what_cannot_be_written_has_failed(bootstrap: str, topic: str) -> None:
    async def use(producer: Producer) -> None:
        with pytest.raises(DeliveryFailed, match="too large"):
            await producer.place([Message(topic, b"x" * (25 * 1024 * 1024))])
        with pytest.raises(DeliveryFailed, match="Unknown topic"):
            await producer.place([Message("missing-" + topic, b"x")])
        sent = producer.send(Message(topic, b"the last"))
        await producer.stop()
        assert await sent == 0
        with pytest.raises(DeliveryFailed, match="not started"):
            producer.send(Message(topic, b"x"))

    with_producer(bootstrap, use)


@broker
def test_a_stop_that_may_not_wait_tells_what_was_not_taken(bootstrap: str, topic: str) -> None:
    async def use(producer: Producer) -> None:
        sent = producer.send(Message(topic, b"waits"))
        await producer.stop(0.0)
        with pytest.raises(DeliveryFailed, match="Purged"):
            await sent

    with_producer(bootstrap, use, linger_ms=20_000)


@pytest.mark.parametrize(
    "bootstrap",
    [f"127.0.0.1:{free_port()}", "no.such.host.invalid:9092", "nonsense:port", ""],
    ids=["nobody", "no host", "no port", "nothing"],
)
def test_a_broker_that_is_not_there_is_a_failed_delivery(bootstrap: str) -> None:
    async def run() -> None:
        producer = Producer(Cluster(bootstrap))
        async with asyncio.timeout(5.0):
            with pytest.raises(DeliveryFailed, match="cannot write to") as raised:
                await producer.start()
        assert "\n" not in str(raised.value)
        await producer.stop()

    asyncio.run(run())
