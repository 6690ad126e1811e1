import asyncio
from collections.abc import Iterator

import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewPartitions

from schemas.incidents import encode_incident
from schemas.topics import INCIDENTS
from sinks import feed as feeds
from sinks.cluster import Cluster
from sinks.errors import CannotRead
from sinks.feed import RENEW_SECONDS, Feed, Place, Told
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from tests.support.incidents import incident

pytestmark = pytest.mark.broker


@pytest.fixture
def topic(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(3)
    yield prefix + INCIDENTS
    admin.delete()


async def write(bootstrap: str, topic: str, values: list[bytes]) -> None:
    sink = KafkaSink(Cluster(bootstrap))
    await sink.start()
    await sink.write(Message(topic, value, b"key", 1) for value in values)
    await sink.stop()


async def read(feed: Feed, least: int) -> list[Told]:
    found: list[Told] = []
    async with asyncio.timeout(30):
        async for batch in feed.batches(0.1):
            found += batch
            if len(found) >= least and feed.caught_up():
                return found
    raise AssertionError("unreachable")


def test_without_a_group_what_stood_there_is_no_news(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        old = [encode_incident(incident(revision=n)) for n in (1, 2)]
        await write(bootstrap, topic, [*old, b"not ours"])
        feed = Feed(Cluster(bootstrap), topic)
        await feed.start()
        assert [told.news for told in await read(feed, 2)] == [False, False]
        await write(bootstrap, topic, [encode_incident(incident(revision=3))])
        (told,) = await read(feed, 1)
        assert told.news
        assert (told.incident.revision, told.place) == (3, (1, 3))
        await feed.stop()
        await feed.stop()

    asyncio.run(run())


def test_a_group_is_told_what_it_has_not_settled(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        await write(bootstrap, topic, [encode_incident(incident(revision=n)) for n in (1, 2, 3)])
        group = topic + "-sink"
        first = Feed(Cluster(bootstrap), topic, group)
        await first.start()
        found = await read(first, 3)
        assert [told.news for told in found] == [True, True, True]
        await first.settle(found[1].place)
        await first.stop()
        second = Feed(Cluster(bootstrap), topic, group)
        await second.start()
        assert [told.news for told in await read(second, 3)] == [False, False, True]
        await second.stop()

    asyncio.run(run())


def test_a_group_remembers_where_it_began(bootstrap: str, topic: str) -> None:
    """Also one that falls before it has settled anything, and of a partition that has nothing."""

    async def run() -> None:
        group = topic + "-sink"
        await write(bootstrap, topic, [encode_incident(incident(revision=n)) for n in (1, 2)])
        first = Feed(Cluster(bootstrap), topic, group)
        await first.start()
        await first.stop()
        await write(bootstrap, topic, [encode_incident(incident(revision=3))])
        for settled in (1, 2):
            feed = Feed(Cluster(bootstrap), topic, group)
            await feed.start()
            found = await read(feed, 3)
            assert [told.past for told in found] == [True, True, False]
            assert [told.news for told in found] == [settled == 1, True, True]
            await feed.settle(found[0].place)
            await feed.stop()

    asyncio.run(run())


def test_a_group_of_before_that_was_noted_has_no_past(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        group = topic + "-sink"
        await write(bootstrap, topic, [encode_incident(incident())])
        admin = AdminClient(Cluster(bootstrap).for_librdkafka())
        asked = [ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0, 0)])]
        admin.alter_consumer_group_offsets(asked)[group].result()
        feed = Feed(Cluster(bootstrap), topic, group)
        await feed.start()
        (told,) = await read(feed, 1)
        assert (told.news, told.past) == (True, False)
        await feed.stop()

    asyncio.run(run())


@pytest.mark.parametrize("grouped", [False, True])
@pytest.mark.slow
def test_partitions_that_are_added_are_read(
    bootstrap: str, topic: str, grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "LOOK_SECONDS", 0.2)

    async def run() -> None:
        group = topic + "-sink" if grouped else None
        await write(bootstrap, topic, [encode_incident(incident())])
        feed = Feed(Cluster(bootstrap), topic, group)
        await feed.start()
        await read(feed, 1)
        admin = AdminClient(Cluster(bootstrap).for_librdkafka())
        admin.create_partitions([NewPartitions(topic, 5)])[topic].result()
        sink = KafkaSink(Cluster(bootstrap))
        await sink.start()
        for number, revision in ((4, 2), (1, 3)):
            value = encode_incident(incident(revision=revision))
            await sink.write([Message(topic, value, b"key", number)])
        await sink.stop()
        found = await read(feed, 2)
        assert {told.place for told in found} == {(4, 0), (1, 1)}
        assert [(told.news, told.past) for told in found] == [(True, False)] * 2
        assert (await feed.progress())[4] == (1, 1)
        if grouped:
            for told in found:
                await feed.settle(told.place)
            assert (await asyncio.to_thread(committed, bootstrap, str(group)))[4] == 1
        await feed.stop()

    asyncio.run(run())


def committed(bootstrap: str, group: str) -> dict[int, int]:
    """How far the group has come, as Kafka knows it."""
    admin = AdminClient(Cluster(bootstrap).for_librdkafka())
    asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
    found = asked[group].result().topic_partitions
    return {place.partition: place.offset for place in found}


def test_what_is_settled_is_never_taken_back(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        await write(bootstrap, topic, [encode_incident(incident(revision=n)) for n in (1, 2, 3)])
        group = topic + "-sink"
        for _ in range(2):
            feed = Feed(Cluster(bootstrap), topic, group)
            await feed.start()
            await read(feed, 3)
            for offset in (1, 0):
                await feed.settle(Place(1, offset))
            await feed.settle(Place(0, -1))
            await feed.stop()
            assert await asyncio.to_thread(committed, bootstrap, group) == {0: 0, 1: 2, 2: 0}

    asyncio.run(run())


def test_a_quiet_group_is_not_forgotten(bootstrap: str, topic: str) -> None:
    """Kafka has forgotten the group by the time it is said again."""
    now = 0.0

    async def round_of(feed: Feed) -> dict[int, int]:
        async with asyncio.timeout(30):
            async for _ in feed.batches(0.1):
                return await asyncio.to_thread(committed, bootstrap, group)
        raise AssertionError("unreachable")

    async def run() -> None:
        nonlocal now
        await write(bootstrap, topic, [encode_incident(incident())])
        feed = Feed(Cluster(bootstrap), topic, group, lambda: now)
        await feed.start()
        await round_of(feed)
        await feed.settle(Place(1, 0))
        admin = AdminClient(Cluster(bootstrap).for_librdkafka())
        admin.delete_consumer_groups([group])[group].result()
        now = RENEW_SECONDS - 1
        assert await round_of(feed) == {}
        now = RENEW_SECONDS
        assert await round_of(feed) == {0: 0, 1: 1, 2: 0}
        await feed.stop()
        again = Feed(Cluster(bootstrap), topic, group)
        await again.start()
        assert [told.past for told in await read(again, 1)] == [True]
        await again.stop()

    group = topic + "-quiet"
    asyncio.run(run())


def test_a_topic_that_is_missing_is_named(bootstrap: str, prefix: str) -> None:
    async def run() -> None:
        feed = Feed(Cluster(bootstrap), prefix + "nowhere")
        with pytest.raises(CannotRead, match=r"nowhere does not exist; run: groundswell topics"):
            await feed.start()
        await feed.stop()

    asyncio.run(run())


def test_it_says_how_far_it_is(bootstrap: str, topic: str) -> None:
    async def run() -> None:
        feed = Feed(Cluster(bootstrap), topic)
        with pytest.raises(CannotRead, match="not started"):
            await feed.progress()
        await feed.start()
        await write(bootstrap, topic, [encode_incident(incident()), b"not ours"])
        assert await feed.progress() == {0: (0, 0), 1: (0, 2), 2: (0, 0)}
        await read(feed, 1)
        assert await feed.progress() == {0: (0, 0), 1: (2, 2), 2: (0, 0)}
        await feed.stop()

    asyncio.run(run())
