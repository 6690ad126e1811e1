"""State topics: read back what an owner of a partition wrote, write what the next one needs."""

import asyncio
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from agents.detect.snapshot import pack, unpack
from agents.intake.source import SourceIntake
from schemas.errors import NotOurs
from schemas.state import IntakeHead, Snapshot, decode_head, decode_snapshot
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message

_CHUNK = 900_000
"""Bytes of a snapshot per record, below every broker's default limit."""
_SLOTS = (0, 1)


class Changes(NamedTuple):
    """Last values by key (None: deleted); `whole`: of all the partition, else since an offset.

    `next_offset`: up to where it was read.
    """

    values: dict[bytes, bytes | None]
    next_offset: int
    whole: bool


async def read_compacted(cluster: Cluster, topic: str, partition: int) -> dict[bytes, bytes]:
    """The last value of every key of one partition, up to its end when the call was made."""
    changes = await read_changes(cluster, topic, partition)
    return {key: value for key, value in changes.values.items() if value is not None}


async def read_changes(cluster: Cluster, topic: str, partition: int, since: int = 0) -> Changes:
    """What has changed since an offset, up to the end when the call was made.

    All of it if the partition has no such offset: it is not the one that was read then.
    """
    consumer = AIOKafkaConsumer(
        **cluster.for_aiokafka(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )
    await consumer.start()
    try:
        tp = TopicPartition(topic, partition)
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        # Not seek_to_beginning: the reset that follows an assignment may overtake it.
        beginning = (await consumer.beginning_offsets([tp]))[tp]
        start = since if beginning < since <= end else beginning
        consumer.seek(tp, start)
        last: dict[bytes, bytes | None] = {}
        while await consumer.position(tp) < end:
            for record in (await consumer.getmany(tp, timeout_ms=500)).get(tp, []):
                last[record.key] = record.value
        return Changes(last, end, start == beginning)
    finally:
        await consumer.stop()


class IntakeStates:
    """Heads and ids of input partitions on the `intake.state` topic."""

    def __init__(self, cluster: Cluster, topic: str, partitions: int) -> None:
        self._cluster = cluster
        self._topic = topic
        self._partitions = partitions

    def _place(self, partition: int) -> int:
        return partition % self._partitions

    async def load(
        self, sources: Iterable[tuple[str, int]]
    ) -> Mapping[tuple[str, int], tuple[IntakeHead | None, list[bytes]]]:
        """Head and packed ids of each source; None for one that was never read."""
        wanted = sorted(sources)
        places = sorted({self._place(partition) for _, partition in wanted})
        read = await asyncio.gather(
            *(read_compacted(self._cluster, self._topic, place) for place in places)
        )
        by_place = dict(zip(places, read, strict=True))
        found = {}
        for topic, partition in wanted:
            values = by_place[self._place(partition)]
            head = values.get(f"{topic}/{partition}/head".encode())
            ids = f"{topic}/{partition}/ids/".encode()
            found[topic, partition] = (
                decode_head(head) if head else None,
                [value for key, value in sorted(values.items()) if key.startswith(ids)],
            )
        return found

    def head(self, head: IntakeHead) -> Message:
        """The record that makes a head durable."""
        key = f"{head.topic}/{head.partition}/head".encode()
        return Message(self._topic, msgspec.json.encode(head), key, self._place(head.partition))

    def ids(self, source: SourceIntake, slots: Iterable[tuple[int, bytes]]) -> Iterable[Message]:
        """The records that make the ids of a source durable; write them before its head."""
        for slot, packed in slots:
            key = f"{source.topic}/{source.partition}/ids/{slot}".encode()
            yield Message(self._topic, packed, key, self._place(source.partition))


async def load_snapshot(
    cluster: Cluster, topic: str, partition: int
) -> tuple[Snapshot, dict[str, Any]] | None:
    """Manifest and state of the newest whole snapshot of a `signals` partition."""
    return newest(await read_compacted(cluster, topic, partition), partition)


def newest(values: Mapping[bytes, bytes], partition: int) -> tuple[Snapshot, dict[str, Any]] | None:
    """Of the last value of every key: the snapshot whose chunks are all there."""
    manifests = []
    for slot in _SLOTS:
        try:
            manifests.append(decode_snapshot(values[_manifest_key(partition, slot)]))
        except (KeyError, NotOurs):
            continue
    for manifest in sorted(manifests, key=lambda m: -m.number):
        keys = (_chunk_key(partition, manifest.slot, n) for n in range(manifest.chunks))
        body = b"".join(values.get(key, b"") for key in keys)
        if sha256(body).hexdigest() == manifest.digest:
            return manifest, unpack(body)
    return None


class DetectStates:
    """Snapshots of `signals` partitions on the `detect.state` topic.

    Two slots take turns. A manifest is written after its chunks, so a crash in between leaves the
    other slot whole.
    """

    def __init__(self, cluster: Cluster, topic: str, sink: KafkaSink) -> None:
        self._cluster = cluster
        self._topic = topic
        self._sink = sink
        self._number: dict[int, int] = {}
        self._chunks: dict[tuple[int, int], int] = {}

    async def load(self, partition: int) -> dict[str, Any] | None:
        """The newest whole snapshot of a partition; None if there is none."""
        values = await read_compacted(self._cluster, self._topic, partition)
        for slot in _SLOTS:
            # More than its manifest says, after a crash.
            prefix = b"%d/%d/" % (partition, slot)
            numbers = (key.removeprefix(prefix) for key in values if key.startswith(prefix))
            chunks = max((int(n) + 1 for n in numbers if n.isdigit()), default=0)
            self._chunks[partition, slot] = chunks
        found = newest(values, partition)
        if found is None:
            return None
        manifest, state = found
        self._number[partition] = manifest.number
        return state

    async def save(self, partition: int, next_offset: int, state: dict[str, Any]) -> int:
        """Write a snapshot; on return it is durable. Its size in bytes. Raises DeliveryFailed."""
        body = await asyncio.to_thread(pack, state)
        number = self._number.get(partition, 0) + 1
        slot = number % 2
        chunks = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)]
        manifest = Snapshot(
            partition, number, slot, next_offset, len(chunks), sha256(body).hexdigest()
        )
        await self._sink.write(
            Message(self._topic, chunk, _chunk_key(partition, slot, n), partition)
            for n, chunk in enumerate(chunks)
        )
        value = msgspec.json.encode(manifest)
        await self._sink.write(
            [Message(self._topic, value, _manifest_key(partition, slot), partition)]
        )
        self._number[partition] = number
        await self._prune(partition, slot, len(chunks))
        return len(body)

    async def _prune(self, partition: int, slot: int, chunks: int) -> None:
        """Delete what a larger snapshot left in the slot: compaction alone would keep it."""
        known = self._chunks.get((partition, slot), 0)
        await self._sink.write(
            Message(self._topic, None, _chunk_key(partition, slot, n), partition)
            for n in range(chunks, known)
        )
        self._chunks[partition, slot] = chunks


def _manifest_key(partition: int, slot: int) -> bytes:
    return f"{partition}/{slot}/manifest".encode()


def _chunk_key(partition: int, slot: int, n: int) -> bytes:
    return f"{partition}/{slot}/{n}".encode()
