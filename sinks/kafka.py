"""One producer for everything a worker writes."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed

Headers = Sequence[tuple[str, bytes]]
_LARGEST = 24 * 1024 * 1024
_REQUEST_TIMEOUT_MS = 30_000
_METADATA_PAUSE = 0.1
"""Seconds until a cluster of which no broker answered is asked again."""

_LETS_GO = 1.0
"""Seconds that a producer which is abandoned has to notice."""


class Message(NamedTuple):
    """A record to write; without `partition` the key decides."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    partition: int | None = None
    headers: Headers = ()
    timestamp_ms: int | None = None


class KafkaSink:
    """An idempotent producer: the order of a partition is kept, a retry doubles nothing.

    `linger_ms`: how long it waits for more to send along.
    """

    def __init__(self, cluster: Cluster, linger_ms: int = 2) -> None:
        self._cluster = cluster
        self._linger_ms = linger_ms
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises DeliveryFailed."""
        producer = AIOKafkaProducer(
            **self._cluster.for_aiokafka(),
            enable_idempotence=True,
            linger_ms=self._linger_ms,
            max_batch_size=256 * 1024,
            max_request_size=_LARGEST,
            request_timeout_ms=_REQUEST_TIMEOUT_MS,
        )
        pace(producer.client)
        try:
            await producer.start()
            self._producer = producer
        except (KafkaError, ValueError) as error:
            # An address that is none is a ValueError.
            raise DeliveryFailed(f"cannot write to {self._cluster}: {error}") from error
        finally:
            if self._producer is not producer:
                await producer.stop()

    async def stop(self) -> None:
        """Flush and disconnect; safe to call twice."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def abandon(self) -> None:
        """Disconnect at once: what the broker does not have by now it will not get."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        # `stop` would flush first, and an idempotent producer never gives a record up.
        sender = producer._sender.sender_task
        sender.cancel()
        producer._closed = True
        await producer.client.close()
        # Nobody updates the metadata any more: whoever waits for that would wait for ever.
        producer.client.force_metadata_update()
        producer.client._md_update_fut.set_result(False)
        await asyncio.wait({sender}, timeout=_LETS_GO)

    async def write(self, messages: Iterable[Message]) -> None:
        """Write in order and wait until the broker has everything. Raises DeliveryFailed."""
        await self.place(messages)

    async def place(self, messages: Iterable[Message]) -> list[int]:
        """As `write`; at which offsets they stand."""
        if self._producer is None:
            raise DeliveryFailed("the producer is not started")
        try:
            pending = [
                await self._producer.send(
                    message.topic,
                    message.value,
                    key=message.key,
                    partition=message.partition,
                    timestamp_ms=message.timestamp_ms,
                    headers=list(message.headers),
                )
                for message in messages
            ]
            return [written.offset for written in await asyncio.gather(*pending)]
        except KafkaError as error:
            raise DeliveryFailed(f"cannot write to {self._cluster}: {error!r}") from error

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has. Raises DeliveryFailed if it has none."""
        if self._producer is None:
            raise DeliveryFailed("the producer is not started")
        try:
            # Not partitions_for: it waits half a minute for a topic that is missing.
            cluster = await self._producer.client.fetch_all_metadata()
        except KafkaError as error:
            raise DeliveryFailed(f"cannot read from {self._cluster}: {error!r}") from error
        found = cluster.partitions_for_topic(topic)
        if not found:
            raise DeliveryFailed(f"topic {topic} does not exist")
        return len(found)


def pace(client: Any) -> None:
    """Keep a client from asking again at once: 5000 times a second while a broker is away."""
    update = client._metadata_update

    async def paced(*given: Any) -> bool:
        updated: bool = await update(*given)
        if not updated:
            await asyncio.sleep(_METADATA_PAUSE)
        return updated

    client._metadata_update = paced
