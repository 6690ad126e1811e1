"""The micro-batch consumer on a real Kafka, in the process of the test."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import faust
import pytest
from faust.types import TP

from sinks.cluster import Cluster
from streams.transport.consumer import ResumeOffsetError
from streams.transport.schema import BatchSchema
from streams.transport.settings import faust_settings
from streams.transport.transport import BatchTransport
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.streams.transport.conftest import Log

pytestmark = pytest.mark.broker

Handle = Callable[[TP, list[Any]], Awaitable[None]]
PATIENCE = 30.0


def build(log: Log, topic: str, handle: Handle, *, settings: Any = None, **transport: Any) -> Any:
    """An app of the group "PREFIXg" whose only agent hands every batch of ``topic`` on."""
    app = faust.App(log.prefix + "g", **(faust_settings(Cluster(log.bootstrap)) | (settings or {})))
    app.transport = BatchTransport(app, **transport)

    @app.agent(app.topic(topic, schema=BatchSchema()))
    async def work(stream: Any) -> None:
        async for records in stream:
            await handle(TP(records[0].topic, records[0].partition), records)

    return app


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[None]:
    starting = asyncio.create_task(app.start())
    try:
        yield
    finally:
        await app.stop()
        await asyncio.wait({starting})


async def until(condition: Callable[[], bool], *apps: Any) -> None:
    def is_met() -> bool:
        met = condition()
        assert met or not any(app.crashed for app in apps), [app.crash_reason for app in apps]
        return met

    await eventually(is_met, "the condition comes true", PATIENCE)


def offsets(seen: Mapping[TP, list[list[Any]]], tp: TP) -> list[int]:
    return [record.offset for records in seen[tp] for record in records]


def test_delivers_every_record_once_in_order_in_bounded_batches(log: Log) -> None:
    topic = log.topic("in", partitions=4)
    for partition in range(4):
        log.produce(topic, partition, range(2500))
    seen: dict[TP, list[list[Any]]] = defaultdict(list)

    async def handle(tp: TP, records: list[Any]) -> None:
        seen[tp].append(records)
        app.consumer.mark_durable(tp, records[-1].offset + 1)

    async def main() -> None:
        async with running(app):
            await until(lambda: sum(len(offsets(seen, tp)) for tp in list(seen)) >= 10_000, app)
            first = TP(topic, 0)
            assert app.consumer.highwater(first) == await app.consumer.position(first) == 2500
            assert app.monitor.tp_end_offsets[first] == 2500

    app = build(log, topic, handle, settings={"broker_max_poll_records": 400})
    asyncio.run(main())
    for partition in range(4):
        tp = TP(topic, partition)
        assert offsets(seen, tp) == list(range(2500))
        assert max(map(len, seen[tp])) <= 400
        assert [int(r.value) for records in seen[tp] for r in records] == list(range(2500))
    assert log.committed(log.prefix + "g", topic, 4) == [2500] * 4


@pytest.mark.slow
def test_commits_what_is_durable_and_never_more(log: Log) -> None:
    topic = log.topic("in", partitions=3)
    for partition in range(3):
        log.produce(topic, partition, range(100))
    read: dict[TP, int] = {}

    async def handle(tp: TP, records: list[Any]) -> None:
        read[tp] = records[-1].offset + 1

    def committed() -> list[int | None]:
        return log.committed(log.prefix + "g", topic, 3)

    async def main() -> None:
        async with running(app):
            await until(lambda: list(read.values()) == [100] * 3, app)
            app.consumer.mark_durable(TP(topic, 0), 40)
            await until(lambda: committed() == [40, None, None], app)
            app.consumer.mark_durable(TP(topic, 0), 70)
            app.consumer.mark_durable(TP(topic, 0), 50)
            app.consumer.mark_durable(TP(topic, 1), 0)
            app.consumer.mark_durable(TP(topic, 9), 10)
            assert TP(topic, 9) not in app.consumer._durable, "it is not ours"
            await until(lambda: committed() == [70, None, None], app)
            app.consumer.mark_durable(TP(topic, 2), 30)
        assert committed() == [70, None, 30], "the stop commits what the timer has not yet"

    app = build(log, topic, handle)
    asyncio.run(main())


def test_a_stray_seek_back_delivers_nothing_twice(log: Log) -> None:
    topic = log.topic("in", partitions=1)
    log.produce(topic, 0, range(100))
    seen: dict[TP, list[list[Any]]] = defaultdict(list)
    tp = TP(topic, 0)

    async def handle(tp: TP, records: list[Any]) -> None:
        seen[tp].append(records)

    async def main() -> None:
        async with running(app):
            await until(lambda: len(offsets(seen, tp)) == 100, app)
            await app.consumer.seek_wait({tp: 40})
            log.produce(topic, 0, range(100, 110))
            await until(lambda: bool(seen[tp]) and offsets(seen, tp)[-1] == 109, app)

    app = build(log, topic, handle)
    asyncio.run(main())
    assert offsets(seen, tp) == list(range(110))


@pytest.mark.slow
def test_starts_at_the_resume_offset_else_committed_else_earliest(log: Log) -> None:
    topic = log.topic("in", partitions=4)
    for partition in range(4):
        log.produce(topic, partition, range(100))
    first: dict[int, int] = {}

    async def handle(tp: TP, records: list[Any]) -> None:
        first.setdefault(tp.partition, records[0].offset)
        if tp.partition < 3:
            app.consumer.mark_durable(tp, 60)

    async def resume(tps: frozenset[TP]) -> Mapping[TP, int]:
        assert tps == {TP(topic, partition) for partition in range(4)}
        return {TP(topic, 0): 90, TP(topic, 1): 20}

    async def main() -> None:
        async with running(app):
            await until(lambda: len(first) == 4, app)

    app = build(log, topic, handle)
    asyncio.run(main())
    assert first == {0: 0, 1: 0, 2: 0, 3: 0}
    first.clear()
    app = build(log, topic, handle, resume_offsets=resume)
    asyncio.run(main())
    assert first == {0: 90, 1: 20, 2: 60, 3: 0}


def test_a_resume_offset_beyond_the_end_crashes(log: Log) -> None:
    topic = log.topic("in", partitions=1)
    log.produce(topic, 0, range(10))

    async def handle(tp: TP, records: list[Any]) -> None:
        raise AssertionError(f"{tp} was delivered: {records}")

    async def resume(tps: frozenset[TP]) -> Mapping[TP, int]:
        return dict.fromkeys(tps, 11)

    async def main() -> None:
        async with running(app):
            await until(lambda: app.crashed)

    app = build(log, topic, handle, resume_offsets=resume)
    asyncio.run(main())
    assert isinstance(app.crash_reason, ResumeOffsetError)
    assert f"{topic}-0 resumes at 11 but ends at 10" in str(app.crash_reason)


@pytest.mark.slow
def test_a_rebalance_restarts_kept_partitions_at_the_resume_offset(log: Log) -> None:
    topic = log.topic("in", partitions=2)
    for partition in range(2):
        log.produce(topic, partition, range(1000))
    seen: dict[str, dict[TP, list[list[Any]]]] = {"a": defaultdict(list), "b": defaultdict(list)}
    revoked: list[frozenset[TP]] = []
    resumed: list[frozenset[TP]] = []
    both = {TP(topic, 0), TP(topic, 1)}

    async def handle_a(tp: TP, records: list[Any]) -> None:
        seen["a"][tp].append(records)

    async def handle_b(tp: TP, records: list[Any]) -> None:
        seen["b"][tp].append(records)

    async def on_revoked(tps: frozenset[TP]) -> None:
        for tp in tps:
            a.consumer.mark_durable(tp, 700)
        revoked.append(tps)

    async def resume(tps: frozenset[TP]) -> Mapping[TP, int]:
        resumed.append(tps)
        return dict.fromkeys(tps, 700) if revoked else {}

    async def main() -> None:
        async with running(a):
            await until(lambda: all(len(offsets(seen["a"], tp)) == 1000 for tp in both), a)
            seen["a"].clear()
            async with running(b):
                await until(lambda: bool(seen["a"]) and bool(seen["b"]), a, b)
                assert log.committed(log.prefix + "g", topic, 2) == [700, 700]

    a = build(log, topic, handle_a, resume_offsets=resume, on_revoked=on_revoked)
    b = build(log, topic, handle_b)
    asyncio.run(main())
    assert revoked[0] == both
    kept, given = set(seen["a"]), set(seen["b"])
    assert len(kept) == len(given) == 1
    assert kept | given == both
    assert resumed[:2] == [frozenset(both), frozenset(kept)]
    for tp in kept:
        assert offsets(seen["a"], tp) == list(range(700, 1000))
    for tp in given:
        assert offsets(seen["b"], tp) == list(range(700, 1000)), "b starts at what a committed"


@pytest.mark.slow
def test_a_slow_agent_bounds_what_is_in_flight(log: Log) -> None:
    topic = log.topic("in", partitions=2)
    for partition in range(2):
        log.produce(topic, partition, range(1500))
    seen: dict[TP, list[list[Any]]] = defaultdict(list)
    counts: set[int] = set()

    async def handle(tp: TP, records: list[Any]) -> None:
        await asyncio.sleep(0.01)
        counts.add(app.consumer.in_flight(tp))
        seen[tp].append(records)

    async def main() -> None:
        async with running(app):
            await until(lambda: all(len(offsets(seen, TP(topic, p))) == 1500 for p in (0, 1)), app)
            await until(lambda: all(app.consumer.in_flight(TP(topic, p)) <= 1 for p in (0, 1)))

    app = build(log, topic, handle, max_in_flight=3, settings={"broker_max_poll_records": 50})
    asyncio.run(main())
    assert max(counts) == 3
    assert offsets(seen, TP(topic, 0)) == offsets(seen, TP(topic, 1)) == list(range(1500))


@pytest.mark.slow
def test_a_topic_without_the_schema_stays_as_faust_has_it(log: Log) -> None:
    batched = log.topic("in", partitions=1)
    plain = log.topic("plain", partitions=1)
    log.produce(batched, 0, range(500))
    log.produce(plain, 0, range(300))
    seen: dict[TP, list[list[Any]]] = defaultdict(list)
    values: list[int] = []

    async def handle(tp: TP, records: list[Any]) -> None:
        seen[tp].append(records)

    async def main() -> None:
        app = build(log, batched, handle)

        @app.agent(app.topic(plain))
        async def single(stream: Any) -> None:
            async for value in stream:
                values.append(value)

        async with running(app):
            await until(lambda: len(values) == 300 and bool(seen), app)
            # Faust's own list of the acks of a batched topic would grow for ever.
            await until(lambda: not app.consumer._acked[TP(batched, 0)], app)
        assert values == list(range(300))
        assert offsets(seen, TP(batched, 0)) == list(range(500))

    asyncio.run(main())
    group = log.prefix + "g"
    assert log.committed(group, plain, 1) == [300], "an ack commits here"
    assert log.committed(group, batched, 1) == [None], "an ack commits nothing here"
