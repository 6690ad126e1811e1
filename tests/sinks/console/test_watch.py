import asyncio
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer, TopicPartition

from schemas.signals import Counters, LocalCluster, Partial, Progress, encode_signal
from schemas.topics import SIGNALS
from sinks.cluster import Cluster
from sinks.console import watch as watch_module
from sinks.console.watch import Watch
from sinks.errors import CannotRead
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from tests.support.waiting import until

pytestmark = pytest.mark.broker

MINUTE = 29_919_420


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    yield prefix
    admin.delete()


async def write(bootstrap: str, messages: list[Message]) -> None:
    sink = KafkaSink(Cluster(bootstrap))
    await sink.start()
    await sink.write(messages)
    await sink.stop()


def said(topic: str, partition: int, sequence: int, closed: int) -> bytes:
    counters = Counters(accepted=sequence, refused={"future": 1})
    return encode_signal(Progress(topic, partition, sequence, closed, counters))


def test_it_reads_progress_lag_and_workers(bootstrap: str, topics: str) -> None:
    signals = topics + SIGNALS
    cluster = LocalCluster(1, 3, {"x": 1})
    partial = encode_signal(Partial("feedback.app", 0, 1, MINUTE, "p", (), (cluster,)))
    group = topics + "groundswell"

    async def run() -> None:
        watch = Watch(Cluster(bootstrap), topics, group)
        log = [partial, said("feedback.app", 0, 1, MINUTE), b"not ours"]
        await write(bootstrap, [Message(signals, value, partition=0) for value in log])
        health = await watch.look()
        live = [one for one in health.sources if one.state == "live"]
        assert [(one.topic, one.accepted, one.refused) for one in live] == [("feedback.app", 1, 1)]
        # Every partition of an input is there, also one that said nothing yet.
        assert len([one for one in health.sources if one.state == "silent"]) == 2 * 6 + 1 - 1
        assert (health.lag, health.waiting["signals"], health.workers) == (3, 3, 0)

        await write(bootstrap, [Message(signals, said("feedback.app", 0, 2, MINUTE + 1), None, 0)])
        worker = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
        worker.subscribe([signals])
        await asyncio.to_thread(until, lambda: joined(worker), "the worker joins", 30)
        worker.commit(offsets=[TopicPartition(signals, 0, 3)], asynchronous=False)
        health = await watch.look()
        assert (health.lag, health.workers, health.accepted) == (1, 1, 2)
        worker.close()
        assert (await watch.look()).workers == 0
        await watch.stop()
        await watch.stop()

    asyncio.run(run())


def test_a_long_log_is_read_in_several_looks(
    bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "_READING", 0.0)

    async def run() -> None:
        watch = Watch(Cluster(bootstrap), topics, topics + "groundswell")
        log = [said("feedback.app", 0, n, MINUTE) for n in range(1, 5_001)]
        await write(bootstrap, [Message(topics + SIGNALS, value, partition=0) for value in log])
        accepted = [(await watch.look()).accepted for _ in range(3)]
        assert accepted[0] < 5_000
        assert accepted == sorted(set(accepted))
        await watch.stop()

    asyncio.run(run())


def joined(worker: Consumer) -> bool:
    worker.poll(0.1)
    return bool(worker.assignment())


def test_a_topic_that_is_missing_is_named(bootstrap: str, prefix: str) -> None:
    async def run() -> None:
        watch = Watch(Cluster(bootstrap), prefix, prefix + "groundswell")
        with pytest.raises(CannotRead, match="signals does not exist; run: groundswell topics"):
            await watch.look()

    asyncio.run(run())


def test_no_kafka_is_an_error_that_names_the_address() -> None:
    async def run() -> None:
        watch = Watch(Cluster("127.0.0.1:1"), "", "groundswell")
        with pytest.raises(CannotRead, match=r"no Kafka answers at 127.0.0.1:1"):
            await watch.look()

    asyncio.run(run())
