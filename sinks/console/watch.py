"""Reads from Kafka alone how the stream is: the progress on `signals`, and the group's offsets."""

import asyncio
from collections.abc import Iterable
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from schemas.signals import Progress
from schemas.topics import CHANGES, COMMANDS, INPUTS, SIGNALS
from sinks.cluster import Cluster
from sinks.console.health import Health, Offsets, Place, health_of
from sinks.consumers import begin, let_go
from sinks.errors import CannotRead

_BACK = 20_000
"""Records of `signals` looked back at the start: of 21 sources, more than half a day."""
_PATIENCE = 8.0
"""Seconds after which the broker counts as away."""
_READING = 2.0
"""Seconds of one look; the next one goes on."""
_INPUTS = (*INPUTS, CHANGES)
_READ = (*_INPUTS, COMMANDS, SIGNALS)

# Not decode_signal: partials are large and skipped at their first word.
_decode = msgspec.json.Decoder(Progress).decode


class Watch:
    """Connects when it is first asked; after an error it connects anew."""

    def __init__(self, cluster: Cluster, prefix: str, group_id: str) -> None:
        self._cluster = cluster
        self._prefix = prefix
        self._group = group_id
        self._consumer: Any = None
        self._admin: Any = None
        self._said: dict[Place, Progress] = {}

    async def look(self) -> Health:
        """How the stream is now. Raises CannotRead."""
        try:
            async with asyncio.timeout(_PATIENCE):
                if self._consumer is None:
                    await self._connect()
                offsets = await self._offsets()
                await self._read()
        except (KafkaError, TimeoutError, OSError, ValueError) as error:
            await self.stop()
            reason = str(error) or type(error).__name__
            raise CannotRead(f"no Kafka answers at {self._cluster} ({reason})") from error
        except CannotRead:
            await self.stop()
            raise
        return health_of(self._said.values(), offsets)

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        consumer, self._consumer = self._consumer, None
        admin, self._admin = self._admin, None
        if consumer is not None:
            await let_go(consumer)
        if admin is not None:
            await admin.close()

    async def _connect(self) -> None:
        self._consumer = AIOKafkaConsumer(
            **self._cluster.for_aiokafka(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 1024 * 1024,
            # Whatever is asked waits behind a fetch that waits for news.
            fetch_max_wait_ms=50,
        )
        self._admin = AIOKafkaAdminClient(**self._cluster.for_aiokafka())
        await begin(self._consumer)
        await begin(self._admin)
        # Every source tells each partition of `signals` how far it is: one of them is enough.
        signals = TopicPartition(self._prefix + SIGNALS, 0)
        if signals not in await self._places([SIGNALS]):
            raise CannotRead(
                f"topic {signals.topic} does not exist; run: groundswell topics create"
            )
        self._consumer.assign([signals])
        first = (await self._consumer.beginning_offsets([signals]))[signals]
        end = (await self._consumer.end_offsets([signals]))[signals]
        self._consumer.seek(signals, max(first, end - _BACK))

    async def _places(self, topics: Iterable[str]) -> list[TopicPartition]:
        found = await self._consumer._client.fetch_all_metadata()
        names = [self._prefix + topic for topic in topics]
        return [
            TopicPartition(name, number)
            for name in names
            for number in sorted(found.partitions_for_topic(name) or ())
        ]

    async def _offsets(self) -> Offsets:
        places = await self._places(_READ)
        first = await self._consumer.beginning_offsets(places)
        ends = await self._consumer.end_offsets(places)
        committed = await self._admin.list_consumer_group_offsets(self._group)
        lag = {}
        for place in places:
            settled = committed[place].offset if place in committed else 0
            lag[self._base(place)] = max(ends[place] - max(settled, first[place]), 0)
        inputs = [place for place in lag if place[0] in _INPUTS]
        return Offsets(inputs, lag, await self._workers())

    def _base(self, place: TopicPartition) -> Place:
        return place.topic.removeprefix(self._prefix), place.partition

    async def _workers(self) -> int:
        (answer,) = await self._admin.describe_consumer_groups([self._group])
        # Each group: error, name, state, two of the protocol, members.
        return sum(len(group[5]) for group in answer.groups)

    async def _read(self) -> None:
        end = asyncio.get_running_loop().time() + _READING
        while found := await self._consumer.getmany(timeout_ms=100, max_records=2_000):
            for record in (record for records in found.values() for record in records):
                try:
                    said = _decode(record.value or b"")
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue
                self._said[said.topic, said.partition] = said
            if asyncio.get_running_loop().time() >= end:
                return
