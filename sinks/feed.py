"""The `incidents` topic as those read it who carry it on: all that was said, then what is new."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from schemas.errors import NotOurs
from schemas.incidents import Incident, decode_incident
from sinks.cluster import Cluster
from sinks.consumers import let_go
from sinks.errors import CannotRead

RENEW_SECONDS = 3600.0
"""Kafka forgets how far a group has come that says nothing for a week."""


class Place(NamedTuple):
    """Where a revision stands on its topic."""

    partition: int
    offset: int


@dataclass(frozen=True)
class Told:
    """A revision. `news`: nobody of the group has settled it; else it only tells what was before.

    `written_ms`: when it was put on the log (epoch ms); `behind`: revisions of its partition that
    wait after it.
    """

    incident: Incident
    place: Place
    news: bool
    written_ms: int
    behind: int


class Feed:
    """Every revision of the topic from its beginning, then each new one as it comes.

    Without a `group` everything that stood on the topic at the start is no news. One reader per
    group: partitions are not shared out. A record that is not ours is skipped. How far the group
    has come is said again every hour, and never taken back. `clock`: seconds.
    """

    def __init__(
        self,
        cluster: Cluster,
        topic: str,
        group: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cluster = cluster
        self._topic = topic
        self._group = group
        self._clock = clock
        self._consumer: Any = None
        self._settled: dict[int, int] = {}
        self._committing = asyncio.Lock()
        self._renew_at = clock()
        self._ends: dict[int, int] = {}

    async def start(self) -> None:
        """Connect, and learn how far the group has come. Raises CannotRead."""
        consumer = self._consumer = AIOKafkaConsumer(
            **self._cluster.for_aiokafka(),
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        try:
            await consumer.start()
            numbers = await self._partitions()
            places = [TopicPartition(self._topic, n) for n in numbers]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            self._ends = {place.partition: offset for place, offset in ends.items()}
            for place in places:
                settled = await consumer.committed(place) if self._group else ends[place]
                self._settled[place.partition] = settled or 0
            await consumer.seek_to_beginning(*places)
        except (KafkaError, ValueError) as error:
            await self.stop()
            raise CannotRead(f"cannot read from {self._cluster}: {error}") from error

    async def _partitions(self) -> list[int]:
        found = (await self._consumer._client.fetch_all_metadata()).partitions_for_topic(
            self._topic
        )
        if not found:
            await self.stop()
            raise CannotRead(f"topic {self._topic} does not exist; run: groundswell topics create")
        return sorted(found)

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await let_go(consumer)

    def caught_up(self) -> bool:
        """Whether everything that stood on the topic at the start has been given."""
        return not self._ends

    async def batches(self, patience: float = 1.0) -> AsyncIterator[list[Told]]:
        """Revisions in the order of their partitions, for ever; an empty list after `patience` s.

        Raises CannotRead.
        """
        while self._consumer is not None:
            await self.renew()
            try:
                found = await self._consumer.getmany(timeout_ms=round(patience * 1000))
            except KafkaError as error:
                raise CannotRead(f"cannot read from {self._cluster}: {error!r}") from error
            told = [
                one
                for place, records in sorted(found.items())
                for n, record in enumerate(records, 1)
                if (one := self._told(place.partition, record, len(records) - n)) is not None
            ]
            await self._look_at_ends()
            yield told

    def _told(self, partition: int, record: Any, behind: int) -> Told | None:
        try:
            incident = decode_incident(record.value or b"")
        except NotOurs:
            return None
        place = Place(partition, record.offset)
        news = record.offset >= self._settled[partition]
        return Told(incident, place, news, record.timestamp, behind)

    async def _look_at_ends(self) -> None:
        for partition in list(self._ends):
            position = await self._consumer.position(TopicPartition(self._topic, partition))
            if position >= self._ends[partition]:
                del self._ends[partition]

    async def progress(self) -> dict[int, tuple[int, int]]:
        """Of each partition the offset that is read next, and the end. Raises CannotRead."""
        consumer = self._consumer
        if consumer is None or not self._settled:
            raise CannotRead("the feed is not started")
        try:
            places = sorted(consumer.assignment())
            ends = await consumer.end_offsets(places)
            return {at.partition: (await consumer.position(at), ends[at]) for at in places}
        except (KafkaError, ConsumerStoppedError) as error:
            raise CannotRead(f"cannot read from {self._cluster}: {error!r}") from error

    async def settle(self, place: Place) -> None:
        """All of the partition up to this place is done with, also after a restart.

        What is settled already costs nothing. Raises CannotRead.
        """
        async with self._committing:
            if place.offset >= self._settled[place.partition]:
                await self._commit({place.partition: place.offset + 1})
                self._settled[place.partition] = place.offset + 1

    async def renew(self) -> None:
        """Say again how far the group has come, if it is time. `batches` does it for whoever reads.

        Raises CannotRead.
        """
        if self._group is None or self._clock() < self._renew_at:
            return
        async with self._committing:
            await self._commit({n: offset for n, offset in self._settled.items() if offset})
            self._renew_at = self._clock() + RENEW_SECONDS

    async def _commit(self, offsets: dict[int, int]) -> None:
        places = {TopicPartition(self._topic, n): offset for n, offset in offsets.items()}
        try:
            # Without a place it would commit wherever it reads.
            if places:
                await self._consumer.commit(places)
        except (KafkaError, ConsumerStoppedError) as error:
            raise CannotRead(f"cannot commit to {self._cluster}: {error!r}") from error
