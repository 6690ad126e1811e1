"""Asking over a real Kafka; who answers is in the process of the test and does as it is told."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.topics import REPLIES
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from streams.metrics import Metrics
from streams.requests import Replier, Request, Requester
from streams.requests.errors import BrokerAway, NoPlace, NoReply, NotReady, Overloaded
from tests.support.asking import answering, ask, echo, open_counter, value
from tests.support.waiting import eventually

if TYPE_CHECKING:
    from tests.support.asking import Counter

pytestmark = pytest.mark.broker


def dropped(metrics: Metrics, why: str) -> float:
    return value(metrics, "groundswell_replies_dropped_total", why)


def test_five_hundred_at_once_each_get_their_own(counter: Counter) -> None:
    held: list[Request] = []

    async def backwards(replier: Replier, request: Request) -> None:
        held.append(request)
        if len(held) % 50 == 0:
            for one in reversed(held[-50:]):
                await replier.send(one, b"re " + one.value)

    async def main() -> None:
        async with (
            answering(counter, backwards),
            counter.requester(0) as one,
            counter.requester(1) as other,
        ):
            asked = [ask((one, other)[n % 2], str(n), 20.0) for n in range(500)]
            answers = await asyncio.gather(*asked)
        assert answers == [b"re %d" % n for n in range(500)]

    asyncio.run(main())


def test_late_and_second_answers_are_dropped(counter: Counter) -> None:
    given_up = asyncio.Event()

    async def twice_or_late(replier: Replier, request: Request) -> None:
        if request.value == b"late":
            await given_up.wait()
        for _ in range(2):
            await echo(replier, request)

    async def main() -> None:
        metrics = Metrics()
        async with answering(counter, twice_or_late), counter.requester(metrics=metrics) as one:
            assert await ask(one, "warm") == b"re warm"
            with pytest.raises(NoReply, match="does a worker run"):
                await ask(one, "late", 0.2)
            assert one.in_flight == 0
            given_up.set()
            assert await ask(one, "twice") == b"re twice"
            await eventually(lambda: dropped(metrics, "late") == 2, "late ones are counted")
            await eventually(lambda: dropped(metrics, "duplicate") == 2, "second ones are counted")
        assert value(metrics, "groundswell_requests_total", "answered") == 2
        assert value(metrics, "groundswell_requests_total", "no_reply") == 1

    asyncio.run(main())


def test_parts_come_before_the_answer(counter: Counter) -> None:
    heard: list[bool] = []

    async def in_parts(replier: Replier, request: Request) -> None:
        heard.append(request.parts)
        await replier.send(request, b"one", final=False)
        await replier.send(request, b"two", final=False)
        await replier.send(request, b"end")
        await replier.send(request, b"after", final=False)

    async def main() -> None:
        metrics = Metrics()
        parts: list[bytes] = []
        async with answering(counter, in_parts), counter.requester(metrics=metrics) as one:
            assert await ask(one, "q", on_part=parts.append) == b"end"
            assert parts == [b"one", b"two"]
            assert await ask(one, "q", on_part=lambda _: 1 / 0) == b"end"
            assert await ask(one, "q") == b"end"
            await eventually(lambda: dropped(metrics, "duplicate") == 3, "what came after")
        assert heard == [True, True, False], "whoever answers knows whether parts are of use"

    asyncio.run(main())


def test_forged_replies_reach_nobody(counter: Counter) -> None:
    asked: list[Request] = []

    async def hold(replier: Replier, request: Request) -> None:
        asked.append(request)
        if request.value == b"go":
            await echo(replier, asked[0])

    async def main() -> None:
        metrics = Metrics()
        async with answering(counter, hold), counter.requester(metrics=metrics) as one:
            waits = asyncio.create_task(ask(one, "wait", 20.0))
            await eventually(lambda: bool(asked), "it is asked")
            mine = [("correlation-id", asked[0].correlation), ("instance", one.instance)]
            forged = [
                [],
                mine[:1],
                mine[1:],
                [("correlation-id", b"c" * 16), mine[1]],
                [("correlation-id", b"short"), mine[1]],
                [mine[0], ("instance", b"i" * 8)],
            ]
            sink = KafkaSink(counter.cluster)
            await sink.start()
            topic = counter.prefix + REPLIES
            await sink.write(Message(topic, b"evil", b"k", 0, headers) for headers in forged)
            await sink.write([Message(topic, None, b"k", 0, mine)])
            await sink.stop()
            await eventually(lambda: dropped(metrics, "malformed") == 5, "no replies")
            assert (dropped(metrics, "unknown"), dropped(metrics, "foreign")) == (1, 1)
            release = asyncio.create_task(ask(one, "go", 1.0))
            assert await waits == b"re wait"
            await asyncio.wait({release})
            assert isinstance(release.exception(), NoReply)

    asyncio.run(main())


def test_after_a_restart_nothing_of_the_earlier_life_is_taken(counter: Counter) -> None:
    held: list[Request] = []

    async def later(replier: Replier, request: Request) -> None:
        if request.value == b"new":
            for one in held:
                await echo(replier, one)
            await echo(replier, request)
        else:
            held.append(request)

    async def main() -> None:
        metrics = Metrics()
        async with answering(counter, later):
            async with counter.requester() as before:
                for n in range(5):
                    with pytest.raises(NoReply):
                        await ask(before, f"old{n}", 0.1)
                await eventually(lambda: len(held) == 5, "all were asked")
            async with counter.requester(metrics=metrics) as after:
                assert await ask(after, "new") == b"re new"
                assert dropped(metrics, "foreign") == 5

    asyncio.run(main())


def test_too_many_at_once_are_refused_at_once(counter: Counter) -> None:
    async def main() -> None:
        async with counter.requester(most=3) as one:
            asked = [asyncio.create_task(ask(one, str(n), 0.5)) for n in range(3)]
            await eventually(lambda: one.in_flight == 3, "three wait")
            with pytest.raises(Overloaded) as error:
                await ask(one, "4")
            assert 0 < error.value.retry_after_s < 5
            await asyncio.wait(asked)
            assert one.in_flight == 0
            with pytest.raises(NoReply):
                await ask(one, "5", 0.1)
            assert all(isinstance(task.exception(), NoReply) for task in asked)

    asyncio.run(main())


def test_closing_waits_for_what_is_under_way(counter: Counter) -> None:
    async def main() -> None:
        async def slowly(replier: Replier, request: Request) -> None:
            if request.value == b"slow":
                await eventually(lambda: not one.ready, "it is being closed")
                await echo(replier, request)

        async with answering(counter, slowly), counter.requester() as one:
            assert one.ready
            slow = asyncio.create_task(ask(one, "slow"))
            never = asyncio.create_task(ask(one, "never", 30.0))
            await eventually(lambda: one.in_flight == 2, "both wait")
            await one.close(1.5)
            assert not one.ready
            with pytest.raises(NotReady):
                await ask(one, "more")
            assert await slow == b"re slow"
            with pytest.raises(NotReady, match="closed"):
                await never

    asyncio.run(main())


def test_whoever_cancels_leaves_nothing_behind(counter: Counter) -> None:
    async def main() -> None:
        async with counter.requester() as one:
            asked = asyncio.create_task(ask(one, "x", 30.0))
            await eventually(lambda: one.in_flight == 1, "it waits")
            asked.cancel()
            await asyncio.wait({asked})
            assert one.in_flight == 0

    asyncio.run(main())


def test_where_it_cannot_start(counter: Counter) -> None:
    async def main() -> None:
        with pytest.raises(NoPlace, match="has no partition 7, but 4"):
            async with counter.requester(7):
                pass
        nowhere = Requester(Cluster("127.0.0.1:1"), "a", "b", 0, Metrics())
        with pytest.raises(BrokerAway, match="no Kafka at"):
            await nowhere.start()

    asyncio.run(main())


def test_bytes_go_through_as_they_are(counter: Counter) -> None:
    blob = bytes(range(256)) * 10

    async def main() -> None:
        async with answering(counter, echo), counter.requester() as one:
            until = int((time.time() + 5) * 1000)
            assert await one.ask(b"k", blob, deadline_ms=until) == b"re " + blob
            with pytest.raises(NoReply, match="has passed"):
                await one.ask(b"k", b"v", deadline_ms=until - 10_000)

    asyncio.run(main())


@pytest.mark.slow
def test_kafka_goes_away_and_comes_back(tmp_path: Path) -> None:
    away = EmbeddedBroker(tmp_path / "kafka", port=free_port())

    async def main(counter: Counter) -> None:
        metrics = Metrics()
        async with answering(counter, echo), counter.requester(metrics=metrics) as one:
            assert await ask(one, "before") == b"re before"
            await asyncio.to_thread(away.stop)
            await eventually(lambda: not one.ready, "it is noticed")
            async with asyncio.timeout(0.1):
                with pytest.raises(BrokerAway, match="no Kafka"):
                    await ask(one, "meanwhile", 5.0)
            await asyncio.to_thread(away.ensure)
            await eventually(lambda: one.ready, "it is there again")
            assert await ask(one, "after", 20.0) == b"re after"

    try:
        with open_counter(away.ensure(), "t-", tmp_path) as counter:
            asyncio.run(main(counter))
    finally:
        away.wipe()
