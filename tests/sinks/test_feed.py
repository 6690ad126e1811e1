import asyncio
from collections.abc import Iterator

import pytest

from schemas.incidents import encode_incident
from schemas.topics import INCIDENTS
from sinks.cluster import Cluster
from sinks.errors import CannotRead
from sinks.feed import Feed, Told
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
