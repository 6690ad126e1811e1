"""Sessions on a real compacted topic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from schemas.sessions import EXPIRES_MS, Session
from schemas.topics import AUDIT, SESSIONS
from sinks.kafka import Message
from sinks.producer import Producer, Sent
from streams.assistant.holders import A_FEW
from streams.assistant.sessions import GRACE_MS, Sessions
from streams.metrics import Metrics
from tests.support.asking import value

if TYPE_CHECKING:
    from tests.support.asking import Counter

pytestmark = pytest.mark.broker
NOW = 1_800_000_000_000
ANN = ("demo", "ann")


def _session(name: str, seen_ms: int = NOW, user: str = "ann") -> Session:
    return Session(session=name, tenant="demo", user=user, begun_ms=NOW, seen_ms=seen_ms)


@asynccontextmanager
async def _open(
    counter: Counter, most: int = 100, metrics: Metrics | None = None
) -> AsyncIterator[tuple[Sessions, Producer]]:
    sink = Producer(counter.cluster)
    await sink.start()
    topic = counter.prefix + SESSIONS
    try:
        yield Sessions(counter.cluster, topic, sink, metrics or Metrics(), most=most), sink
    finally:
        await sink.stop()


def test_the_next_owner_has_what_the_last_one_saved(counter: Counter) -> None:
    async def main() -> None:
        async with _open(counter) as (one, sink), _open(counter) as (other, _):
            await one.load([0, 1])
            await one.save(0, _session("a", NOW - 5))
            await one.save(0, _session("b"))
            await one.save(1, _session("c"))
            one.drop([0, 1])
            await other.load([0])
            assert other.get(0, "a", ANN, NOW) == _session("a", NOW - 5)
            assert other.get(0, "c", ANN, NOW) is None
            await other.save(0, _session("a", NOW + 7))
            other.drop([0])
            # It comes back to the first, which reads on from where it left off.
            await one.load([0])
            assert one.get(0, "a", ANN, NOW + 7) == _session("a", NOW + 7)
            assert one.get(0, "b", ANN, NOW) == _session("b")
            await sink.place([Message(counter.prefix + SESSIONS, b"\xff no session", b"d", 0)])
            await other.load([0])
            assert other.get(0, "d", ANN, NOW) is None
            assert len(other) == 2

    asyncio.run(main())


def test_an_id_that_two_people_say_is_two_sessions(counter: Counter) -> None:
    async def main() -> None:
        async with _open(counter) as (one, _), _open(counter) as (other, _):
            await one.load([0])
            await one.save(0, _session("a"))
            for whose in (("demo", "bob"), ("other", "ann"), ("demo,ann", "")):
                assert one.get(0, "a", whose, NOW) is None
            await one.save(0, _session("a", NOW + 1, "bob"))
            await other.load([0])
            for sessions in (one, other):
                assert sessions.get(0, "a", ANN, NOW) == _session("a")
                assert sessions.get(0, "a", ("demo", "bob"), NOW) == _session("a", NOW + 1, "bob")

    asyncio.run(main())


class _Stuck(Producer):
    """Nothing on the audit's topic is ever taken."""

    def send(self, message: Message) -> Sent:
        if message.topic.endswith(AUDIT):
            return asyncio.get_running_loop().create_future()
        return super().send(message)


def test_what_is_to_be_there_before_is_there_before(counter: Counter) -> None:
    async def main() -> None:
        sink = _Stuck(counter.cluster)
        await sink.start()
        topic = counter.prefix + SESSIONS
        dying = Sessions(counter.cluster, topic, sink, Metrics(), most=9)
        await dying.load([0])
        step = Message(counter.prefix + AUDIT, b"{}", b"ann")
        saving = asyncio.create_task(dying.save(0, _session("a"), first=[step]))
        await dying.save(0, _session("b"))
        saving.cancel()
        await sink.stop()
        async with _open(counter) as (other, _):
            await other.load([0])
            assert other.get(0, "b", ANN, NOW) is not None
            assert other.get(0, "a", ANN, NOW) is None

    asyncio.run(main())


def test_what_is_over_is_deleted(counter: Counter) -> None:
    async def main() -> None:
        metrics = Metrics()
        async with _open(counter, metrics=metrics) as (one, _), _open(counter) as (other, _):
            await one.load([0])
            await one.save(0, _session("old"))
            await one.save(0, _session("new", NOW + EXPIRES_MS))
            assert one.get(0, "old", ANN, NOW + EXPIRES_MS) is not None
            assert one.get(0, "old", ANN, NOW + EXPIRES_MS + 1) is None
            await one.tidy(NOW + EXPIRES_MS + GRACE_MS)
            assert len(one) == 2
            await one.tidy(NOW + EXPIRES_MS + GRACE_MS + 1)
            assert len(one) == 1
            await other.load([0])
            assert len(other) == 1
            assert value(metrics, "groundswell_sessions_ended_total", "expired") == 1

    asyncio.run(main())


def test_no_more_than_fit_the_longest_silent_go(counter: Counter) -> None:
    async def main() -> None:
        metrics = Metrics()
        async with _open(counter, 5, metrics) as (one, _), _open(counter) as (other, _):
            await one.load([0, 1])
            for n in range(9):
                await one.save(n % 2, _session(f"s{n}", NOW + n))
            await one.save(0, _session("s0", NOW + 99))
            await one.tidy(NOW)
            assert len(one) == 5
            assert one.get(0, "s0", ANN, NOW) is not None
            assert one.get(0, "s2", ANN, NOW) is None
            await other.load([0, 1])
            assert len(other) == 5
            assert value(metrics, "groundswell_sessions_ended_total", "evicted") == 4

    asyncio.run(main())


def test_partitions_that_go_and_come_are_not_counted_twice(counter: Counter) -> None:
    async def main() -> None:
        async with _open(counter, A_FEW) as (one, _):
            await one.load([0, 1])
            for n in range(A_FEW):
                await one.save(n % 2, _session(f"mine-{n}", NOW + n))
            one.drop([0])
            await one.load([0])
            await one.save(0, _session("new", NOW + 99, "somebody"))
            await one.tidy(NOW)
            # Of twice as many a newer one of theirs would have gone with the first.
            assert len(one) == A_FEW
            assert one.get(0, "mine-0", ANN, NOW) is None
            assert one.get(1, "mine-1", ANN, NOW) is not None

    asyncio.run(main())


def test_who_opens_very_many_pushes_nobody_out(counter: Counter) -> None:
    async def main() -> None:
        async with _open(counter, A_FEW + 10) as (one, _), _open(counter) as (other, _):
            await one.load([0, 1])
            for n in range(10):
                await one.save(n % 2, _session(f"people-{n}", NOW, f"user-{n}"))
            for n in range(60):
                await one.save(n % 2, _session(f"many-{n}", NOW + 1 + n))
            await one.tidy(NOW)
            assert len(one) == A_FEW + 10
            assert all(one.get(n % 2, f"people-{n}", ("demo", f"user-{n}"), NOW) for n in range(10))
            assert one.get(1, "many-59", ANN, NOW) is not None
            await other.load([0, 1])
            assert len(other) == A_FEW + 10
            # Now everybody has a few: the longest silent go, whoever they are.
            for n in range(10):
                await one.save(n % 2, _session(f"late-{n}", NOW + 99, f"user-{n}"))
            await one.tidy(NOW)
            assert len(one) == A_FEW + 10
            assert one.get(0, "people-0", ("demo", "user-0"), NOW) is None
            assert one.get(1, "late-1", ("demo", "user-1"), NOW) is not None

    asyncio.run(main())
