"""Snapshots on a real compacted topic: what is not needed any more is deleted."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from sinks.cluster import Cluster
from sinks.kafka import KafkaSink
from streams import states
from streams.states import DetectStates, read_compacted

pytestmark = pytest.mark.broker


def state(n: int) -> dict[str, Any]:
    """Some `n` bytes that do not compress."""
    return {"noise": random.Random(n).randbytes(n)}


async def _save_and_load(bootstrap: str, topic: str) -> tuple[set[bytes], dict[str, Any] | None]:
    sink = KafkaSink(Cluster(bootstrap))
    await sink.start()
    try:
        first = DetectStates(Cluster(bootstrap), topic, sink)
        assert await first.load(0) is None
        for n in (5_000, 5_000, 3_000):
            await first.save(0, n, state(n))
        # The next owner has to find out what lies there.
        second = DetectStates(Cluster(bootstrap), topic, sink)
        assert await second.load(0) == state(3_000)
        await second.save(0, 9, state(1_500))
        return set(await read_compacted(Cluster(bootstrap), topic, 0)), await second.load(0)
    finally:
        await sink.stop()


def test_a_smaller_snapshot_leaves_nothing_of_the_larger_one(
    bootstrap: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, "_CHUNK", 1_000)
    topic = f"{prefix}detect.state"
    new = NewTopic(topic, 1, 1, config={"cleanup.policy": "compact"})
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([new])[topic].result()
    keys, loaded = asyncio.run(_save_and_load(bootstrap, topic))
    # Of 3,000 bytes and a few, and of 1,500 and a few.
    assert keys == {
        *(b"0/1/%d" % n for n in range(4)),
        *(b"0/0/%d" % n for n in range(2)),
        b"0/0/manifest",
        b"0/1/manifest",
    }
    assert loaded == state(1_500)
