"""The `incidents` topic as those read it who carry it on: all that was said, then what is new."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from schemas.errors import NotOurs
from schemas.incidents import Incident, decode_incident
from sinks.cluster import Cluster
from sinks.consumers import begin, let_go
from sinks.errors import CannotRead

RENEW_SECONDS = 3600.0
"""Kafka forgets how far a group has come that says nothing for a week."""
LOOK_SECONDS = 60.0
"""Kafka is asked so often whether the topic has more partitions by now."""
_BEGAN = re.compile(r"began=(\d{1,19})")
"""What is written beside a committed offset: where the partition ended when its group began."""


class Place(NamedTuple):
    """Where a revision stands on its topic."""

    partition: int
    offset: int


@dataclass(frozen=True)
class Told:
    """A revision. `news`: nobody of the group has settled it; else it only tells what was before.

    `written_ms`: when it was put on the log (epoch ms); `behind`: revisions of its partition that
    wait after it. `past`: it stood there before the group first read.
    """

    incident: Incident
    place: Place
    news: bool
    written_ms: int
    behind: int
    past: bool = False


class Feed:
    """Every revision of the topic from its beginning, then each new one as it comes.

    Without a `group` everything that stood on the topic at the start is no news. One reader per
    group: partitions are not shared out. Those that are added to the topic are read as well, and
    all of them is news. A record that is not ours is skipped. How far the group has come is said
    again every hour, and never taken back. `clock`: seconds.
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
        self._began: dict[int, int] = {}
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
            metadata_max_age_ms=round(LOOK_SECONDS * 1000),
        )
        try:
            await begin(consumer)
            numbers = await self._partitions()
            places = [TopicPartition(self._topic, n) for n in numbers]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            self._ends = {place.partition: offset for place, offset in ends.items()}
            if self._group is None:
                self._settled = dict(self._ends)
            else:
                await self._remember(places)
            await consumer.seek_to_beginning(*places)
        except (KafkaError, ValueError) as error:
            await self.stop()
            raise CannotRead(f"cannot read from {self._cluster}: {error}") from error

    async def _remember(self, places: list[TopicPartition]) -> None:
        """How far the group has come; of a new one, that it begins here."""
        known = await self._consumer._coordinator.fetch_committed_offsets(places)
        for place in places:
            offset, note = known.get(place, (0, ""))
            began = _BEGAN.fullmatch(note)
            self._settled[place.partition] = offset
            self._began[place.partition] = int(began[1]) if began else 0
        if not known:
            self._began = dict(self._ends)
            # At once: whoever falls after the first delivery is new no more.
            await self._commit(self._settled)

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
                await self._look_at_partitions()
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
        past = record.offset < self._began.get(partition, 0)
        return Told(incident, place, news, record.timestamp, behind, past)

    async def _look_at_partitions(self) -> None:
        """Read those that were added, from their beginning."""
        consumer = self._consumer
        added = (consumer.partitions_for_topic(self._topic) or set()) - self._settled.keys()
        if not added:
            return
        # An assignment forgets where it reads. A seek to 0 finds the beginning, wherever it is.
        places = {place: await consumer.position(place) for place in consumer.assignment()}
        places |= {TopicPartition(self._topic, number): 0 for number in added}
        consumer.assign(list(places))
        for place, offset in places.items():
            consumer.seek(place, offset)
        self._settled |= dict.fromkeys(added, 0)

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
            await self._commit(self._settled)
            self._renew_at = self._clock() + RENEW_SECONDS

    async def _commit(self, offsets: dict[int, int]) -> None:
        places = {
            TopicPartition(self._topic, n): (offset, f"began={self._began.get(n, 0)}")
            for n, offset in offsets.items()
        }
        try:
            await self._consumer.commit(places)
        except (KafkaError, ConsumerStoppedError) as error:
            raise CannotRead(f"cannot commit to {self._cluster}: {error!r}") from error
