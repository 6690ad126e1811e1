"""A broker that holds its connections open and does nothing: a full disk, a swapped-out machine."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from confluent_kafka import Message as KafkaMessage
from confluent_kafka import TopicPartition

from schemas.topics import REPLIES
from sinks import producer as producers
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from sinks.producer import Producer
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from streams.requests.errors import BrokerAway
from streams.requests.replies import Replies
from tests.support.asking import Counter, answering, ask, echo, open_counter
from tests.support.waiting import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    broker = EmbeddedBroker(tmp_path_factory.mktemp("frozen"), port=free_port())
    try:
        broker.ensure()
        yield broker
    finally:
        broker.wipe()


@pytest.fixture(scope="module")
def counter(home: EmbeddedBroker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with open_counter(home.ensure(), "t-", tmp_path_factory.mktemp("counter")) as counter:
        yield counter


@contextmanager
def frozen(home: EmbeddedBroker) -> Iterator[None]:
    pid = home.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_who_asks_is_not_ready_until_it_goes_on(home: EmbeddedBroker, counter: Counter) -> None:
    async def main() -> None:
        async with answering(counter, echo), counter.requester() as one:
            assert await ask(one, "before", 20.0) == b"re before"
            with frozen(home):
                await eventually(lambda: not one.ready, "it is noticed")
                with pytest.raises(BrokerAway, match="no Kafka"):
                    await ask(one, "meanwhile")
            await eventually(lambda: one.ready, "it goes on")
            assert await ask(one, "after", 20.0) == b"re after"

    asyncio.run(main())


def test_whether_replies_can_be_read_is_tried_on_their_partition(
    home: EmbeddedBroker, counter: Counter
) -> None:
    heard: list[KafkaMessage] = []
    read_at = [0.0]
    replies = Replies(counter.cluster, TopicPartition(counter.prefix + REPLIES, 2), heard.extend)

    async def again() -> None:
        read_at.append(replies._read_at)
        await eventually(lambda: replies._read_at > read_at[-1], "silence is told")

    async def main() -> None:
        await replies.start()
        await again()
        await again()
        with frozen(home):
            await eventually(lambda: not replies.can_be_read, "it is noticed")
        await eventually(lambda: replies.can_be_read, "it goes on")
        producer = Producer(counter.cluster)
        await producer.start()
        for n in range(2):
            await producer.place([Message(counter.prefix + REPLIES, b"%d" % n, partition=2)])
            await again()
        await producer.stop()
        await replies.stop()
        assert [one.value() for one in heard] == [b"0", b"1"], "each once"

    asyncio.run(main())


def test_what_is_not_taken_in_time_has_failed(
    home: EmbeddedBroker, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = Message(counter.prefix + REPLIES, b"x", partition=1)
    monkeypatch.setattr(producers, "_STARTS_S", 1.0)

    async def main() -> None:
        producer = Producer(counter.cluster, gives_up_s=1.0)
        await producer.start()
        (before,) = await producer.place([message])
        with frozen(home):
            async with asyncio.timeout(15):
                with pytest.raises(DeliveryFailed, match="cannot write to"):
                    await producer.place([message])
                with pytest.raises(DeliveryFailed, match="does not answer"):
                    await Producer(counter.cluster).start()
                with pytest.raises(DeliveryFailed, match="cannot write to"):
                    await producer.partitions(counter.prefix + REPLIES, 0.5)

        async def taken() -> bool:
            try:
                (after,) = await producer.place([message])
            except DeliveryFailed:
                return False
            return after > before

        await eventually(taken, "the same producer writes again")
        await producer.stop()

    asyncio.run(main())
