"""What the model has cost today outlives the worker."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from schemas.commands import Cost
from schemas.topics import INTERACTIONS
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.kafka import Message
from sinks.producer import Producer
from streams.assistant.spending import day_booked
from streams.broker.machine import free_port
from tests.support.branch import open_branch
from tests.support.model_server import completion, model_server

if TYPE_CHECKING:
    from tests.support.asking import Counter

pytestmark = pytest.mark.broker
DAY = 24 * 3_600_000


def test_the_turns_of_today_are_booked_and_no_others(counter: Counter) -> None:
    topic, places = counter.prefix + INTERACTIONS, counter.places[INTERACTIONS]
    now = now_ms()
    midnight = now - now % DAY
    paid = {"attributes": {"tenant": "demo"}, "cost": {"calls": 2, "tokens_in": 7}}
    turns: list[tuple[int, object]] = [
        (midnight - 1, paid),
        (midnight, paid),
        (now - 1, {"attributes": {"tenant": "other"}, "cost": {"calls": 1}}),
        (now - 1, {"text": "no model"}),
        (now - 1, {"cost": "much"}),
        (now, paid),
    ]

    async def main() -> None:
        sink = Producer(counter.cluster)
        await sink.start()
        records = [(at, json.dumps(value).encode()) for at, value in turns]
        for n, (at, value) in enumerate([*records, (now - 1, b'{"cost"')]):
            await sink.place([Message(topic, value, b"k", n % places, timestamp_ms=at)])
        await sink.stop()
        booked: list[tuple[str, Cost, int]] = []

        def book(*one: Any) -> None:
            booked.append(one)

        async with day_booked(counter.cluster, topic, places, book, now):
            pass
        assert sorted(booked) == [
            ("demo", Cost(2, 7), midnight),
            ("other", Cost(1), now - 1),
        ]

    asyncio.run(main())


def test_a_broker_that_is_away_keeps_no_worker_from_its_work() -> None:
    async def main() -> None:
        booked: list[object] = []

        def book(*one: Any) -> None:
            booked.append(one)

        nobody = Cluster(f"127.0.0.1:{free_port()}")
        async with day_booked(nobody, INTERACTIONS, 1, book, DAY):
            assert booked == []

    asyncio.run(main())


@pytest.mark.slow
def test_a_worker_that_starts_again_does_not_spend_the_day_again(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    asked = 0

    async def warmer(_: web.Request, question: dict[str, Any]) -> web.Response:
        nonlocal asked
        asked += 1
        rules, data = question["messages"][0]["content"], question["messages"][-1]["content"]
        draft = data.partition("answer: ")[2].partition("\n")[0]
        mark = rules.partition("its words are joined by ")[2].split(",")[0]
        said = {"text": "好的，" + draft.replace(mark, ""), "abstain": False}
        return web.json_response(completion(json.dumps(said)))

    async def talk() -> None:
        async with (
            model_server(warmer) as model,
            open_branch(
                *(bootstrap, prefix, tmp_path),
                model_url=model.url,
                model_name="qwen3",
                assistant_model_calls_per_tenant=1,
            ) as branch,
        ):
            _, first = await branch.say("c-0001", text="我的余额是多少")
            assert "degraded" not in first
            branch.counter.workers.kill_all()
            worker = branch.worker()
            await asyncio.to_thread(worker.wait_ready)
            _, second = await branch.say("c-0002", text="我的余额是多少")
            assert second["degraded"] == ["no_model"]
            assert asked == 1

    asyncio.run(talk())
