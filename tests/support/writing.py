"""What the two clients that write to Kafka have in common, for their tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import pytest
from confluent_kafka import Message as KafkaMessage

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from streams.bounded import Tail
from streams.broker.machine import free_port

_AT_MS = 1_763_630_043_120
_KEY = b"key"


class Writer(Protocol):
    """As KafkaSink and Producer."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


W = TypeVar("W", bound=Writer)

nowhere = pytest.mark.parametrize(
    "bootstrap",
    [f"127.0.0.1:{free_port()}", "no.such.host.invalid:9092", "nonsense:port", ""],
    ids=["nobody", "no host", "no port", "nothing"],
)


def with_writer(writer: W, use: Callable[[W], Awaitable[None]]) -> None:
    """Started, and stopped twice."""

    async def run() -> None:
        await writer.start()
        try:
            await use(writer)
        finally:
            await writer.stop()
            await writer.stop()

    asyncio.run(run())


def does_not_start(writer: Writer, patience: float) -> None:
    """It says so in one line, and leaves nothing behind."""

    async def run() -> None:
        async with asyncio.timeout(patience):
            with pytest.raises(DeliveryFailed, match="cannot write to") as raised:
                await writer.start()
        assert "\n" not in str(raised.value)
        await writer.stop()

    asyncio.run(run())


def five_hundred(topic: str) -> list[Message]:
    """Of one partition."""
    return [Message(topic, b"%d" % n, _KEY, 1, [("n", b"%d" % n)], _AT_MS) for n in range(500)]


def all_of(bootstrap: str, topic: str) -> list[KafkaMessage]:
    """What a topic of three partitions holds."""
    tail = Tail(Cluster(bootstrap), topic, 3)
    try:
        return list(tail.rest())
    finally:
        tail.close()


def others_than_the_five_hundred(found: list[KafkaMessage]) -> list[KafkaMessage]:
    """Those are there, in order and as they were written."""
    ours = [m for m in found if m.key() == _KEY]
    assert [m.value() for m in ours] == [b"%d" % n for n in range(500)]
    assert {m.partition() for m in ours} == {1}
    assert ours[7].headers() == [("n", b"7")]
    assert {m.timestamp()[1] for m in ours} == {_AT_MS}
    return [m for m in found if m.key() != _KEY]
