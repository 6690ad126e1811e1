"""What the language model has cost today before this worker began: the interactions tell."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from schemas.commands import Cost
from sinks.cluster import Cluster
from sinks.consumers import begin, let_go
from streams.logs import log_failure

Book = Callable[[str, Cost, int], None]
"""Told a tenant, what a turn of theirs has cost, and when (epoch ms)."""

logger = logging.getLogger(__name__)
_DAY_MS = 24 * 3_600_000
_PATIENCE_S = 5.0
"""Longer no worker waits before its first turn; what is read later counts from then on."""


class _Paid(msgspec.Struct):
    """Of an `Interaction` what it has cost, and whom."""

    attributes: dict[str, str] = {}
    cost: Cost = Cost()


_paid = msgspec.json.Decoder(_Paid).decode


@asynccontextmanager
async def day_booked(
    cluster: Cluster, topic: str, partitions: int, book: Book, now_ms: int
) -> AsyncIterator[None]:
    """With what all workers have spent since midnight (UTC) booked, or being booked.

    Raises nothing: if it cannot be read the day begins anew, which is logged.
    """
    places = [TopicPartition(topic, n) for n in range(partitions)]
    reading = asyncio.create_task(_book_day(cluster, places, book, now_ms))
    try:
        await asyncio.wait([reading], timeout=_PATIENCE_S)
        yield
    finally:
        reading.cancel()
        await asyncio.wait([reading])


async def _book_day(
    cluster: Cluster, places: list[TopicPartition], book: Book, now_ms: int
) -> None:
    consumer = AIOKafkaConsumer(**cluster.for_aiokafka(), enable_auto_commit=False)
    try:
        await begin(consumer)
        turns = await _read(consumer, places, book, now_ms)
    except Exception as error:
        log_failure(logger, "what the model has cost today cannot be read", error)
    else:
        logger.info("what the model has cost today is booked", extra={"turns": turns})
    finally:
        await let_go(consumer)


async def _read(
    consumer: AIOKafkaConsumer, places: list[TopicPartition], book: Book, now_ms: int
) -> int:
    """How many turns were paid for; those from now on whoever makes them counts."""
    consumer.assign(places)
    begins = await consumer.offsets_for_times(dict.fromkeys(places, now_ms - now_ms % _DAY_MS))
    ends = await consumer.end_offsets(places)
    left = {place for place in places if begins[place] is not None}
    for place in left:
        consumer.seek(place, begins[place].offset)
    turns = 0
    while left := {place for place in left if await consumer.position(place) < ends[place]}:
        for records in (await consumer.getmany(*left, timeout_ms=500)).values():
            turns += sum(_booked(record, book, now_ms) for record in records)
    return turns


def _booked(record: "ConsumerRecord[bytes, bytes]", book: Book, now_ms: int) -> bool:
    # Most turns cost nothing, and do not name it.
    if b'"cost"' not in (record.value or b"") or record.timestamp >= now_ms:
        return False
    try:
        paid = _paid(record.value)
    except msgspec.MsgspecError:
        return False
    book(paid.attributes.get("tenant", ""), paid.cost, record.timestamp)
    return paid.cost.calls > 0
