import pytest
from aiokafka import AIOKafkaProducer

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from sinks.producer import Producer
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
@pytest.mark.parametrize("gathers_s", [0.0, 0.05])
def test_what_was_placed_is_there_in_order(bootstrap: str, topic: str, gathers_s: float) -> None:
    async def use(producer: Producer) -> None:
        assert await producer.place(five_hundred(topic)) == list(range(500))
        assert await producer.place([Message(topic, None, b"none", 2)]) == [0]
        assert await producer.place([]) == []
        assert await producer.partitions(topic) == 3
        assert await producer.partitions("missing") == 0

    with_writer(Producer(Cluster(bootstrap), gathers_s=gathers_s), use)
    (other,) = others_than_the_five_hundred(all_of(bootstrap, topic))
    assert (other.key(), other.value()) == (b"none", None)


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

    with_writer(Producer(Cluster(bootstrap)), use)
    found = {(m.value(), m.key(), m.partition()) for m in all_of(bootstrap, topic)}
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

    with_writer(Producer(Cluster(bootstrap)), use)


@broker
def test_a_record_without_an_offset_was_not_taken(
    bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client says so, without an error, of one whose successors came first (KAFKA-15591)."""

    settled = Producer._settled
    monkeypatch.setattr(Producer, "_settled", lambda *told: settled(told[0], told[1], None, None))

    async def use(producer: Producer) -> None:
        with pytest.raises(DeliveryFailed, match="where a record stands"):
            await producer.place([Message(topic, b"overtaken")])

    with_writer(Producer(Cluster(bootstrap)), use)


@broker
def test_a_stop_that_may_not_wait_tells_what_was_not_taken(bootstrap: str, topic: str) -> None:
    async def use(producer: Producer) -> None:
        sent = producer.send(Message(topic, b"waits"))
        await producer.stop(0.0)
        with pytest.raises(DeliveryFailed, match="Purged"):
            await sent

    with_writer(Producer(Cluster(bootstrap), linger_ms=20_000), use)


@nowhere
def test_a_broker_that_is_not_there_is_a_failed_delivery(bootstrap: str) -> None:
    does_not_start(Producer(Cluster(bootstrap)), 5.0)
