"""What the asking costs: once is enough, and there is a limit to everything."""

import asyncio
from typing import Any

import msgspec
import pytest

from agents.llm.analyst import ModelAnalyst
from agents.llm.breaker import REST_MS
from agents.llm.budget import Bill
from agents.llm.settings import Limits
from schemas.commands import Cost
from tests.agents.llm.asking import KNOWS_TEXT, Clock, answer_of, with_analyst
from tests.support.incidents import incident
from tests.support.model_server import (
    ModelServer,
    breaks_off,
    fails,
    says,
    silent,
    speaks,
)
from tests.support.waiting import eventually


def state_of(analyst: ModelAnalyst) -> str:
    return analyst.breaker.state


def test_the_same_facts_are_asked_about_once() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: Clock) -> None:
        first = await analyst.explain(incident())
        asked = len(server.asked)
        later = msgspec.structs.replace(
            incident(), revision=2, updated_at="2026-11-20T09:25:00.000Z"
        )
        assert await analyst.explain(later) == first
        assert len(server.asked) == asked
        assert analyst.counts.cached == 1
        clock.ms += 7 * 3_600_000
        await analyst.explain(later)
        assert len(server.asked) == asked + 1

    with_analyst(do, speaks("vllm"))


def test_a_failure_is_not_remembered() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        assert (await analyst.explain(incident())).status == "failed"
        assert (await analyst.explain(incident())).status == "ok"

    with_analyst(do, *KNOWS_TEXT, fails(400), says(answer_of()))


def test_the_budget_ends_the_asking() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: Clock) -> None:
        assert (await analyst.explain(incident())).status == "ok"
        asked = len(server.asked)
        rca = await analyst.explain(incident())
        assert rca.status == "skipped_budget"
        assert rca.reason == "the calls of this incident are spent: 1"
        assert len(server.asked) == asked
        assert (await analyst.explain(incident(incident_id="another"))).status == "ok"
        clock.ms += 25 * 3_600_000
        assert (await analyst.explain(incident())).status == "ok"

    with_analyst(do, speaks("vllm"), per_incident=Limits(calls=1), cache_hours=0)


def test_tokens_and_money_are_those_of_the_server() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        await analyst.explain(incident())
        counts = analyst.counts
        assert (counts.calls, counts.tokens_in, counts.tokens_out) == (1, 900, 100)
        assert counts.money == pytest.approx(0.9 * 2 + 0.1 * 8)

    with_analyst(do, speaks("vllm"), price_in=2.0, price_out=8.0)


def test_a_question_that_was_never_taken_costs_no_tokens_and_one_broken_off_does() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        await analyst.probe()
        await analyst.explain(incident())
        assert (analyst.counts.tokens_in, analyst.counts.tokens_out) == (0, 0)
        await analyst.explain(incident())
        assert analyst.counts.tokens_in > 0
        assert analyst.counts.tokens_out == 1_500

    with_analyst(do, *KNOWS_TEXT, *[fails(503)] * 4, breaks_off)


def test_a_dead_server_is_left_alone_and_tried_again() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: Clock) -> None:
        for _ in range(5):
            assert (await analyst.explain(incident())).status == "failed"
        assert state_of(analyst) == "open"
        asked, calls = len(server.asked), analyst.counts.calls
        rca = await analyst.explain(incident())
        assert "left alone" in (rca.reason or "")
        assert (len(server.asked), analyst.counts.calls) == (asked, calls)
        clock.ms += REST_MS
        assert (await analyst.explain(incident())).status == "ok"
        assert state_of(analyst) == "closed"

    with_analyst(do, *[fails(404)] * 5, speaks("vllm"), per_incident=Limits())


def test_no_more_than_so_many_at_the_same_time() -> None:
    at_once, most = 0, 0

    async def slow(request: Any, body: dict[str, Any]) -> Any:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        for _ in range(20):
            await asyncio.sleep(0)
        at_once -= 1
        return await speaks("vllm")(request, body)

    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        await analyst.probe()
        asked = [analyst.explain(incident(incident_id=str(n))) for n in range(12)]
        assert {rca.status for rca in await asyncio.gather(*asked)} == {"ok"}
        assert most == 3

    with_analyst(do, slow, in_flight=3, cache_hours=0)


def test_one_that_is_given_up_gives_back_what_was_held_for_it() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, __: Clock) -> None:
        first = asyncio.create_task(analyst.explain(incident()))
        await eventually(lambda: bool(server.asked), "it is asked")
        waits = asyncio.create_task(analyst.explain(incident(incident_id="waits")))
        await asyncio.sleep(0)
        waits.cancel()
        first.cancel()
        await asyncio.gather(first, waits, return_exceptions=True)
        assert analyst.counts.calls == 1, "the one that was in flight"
        assert (await analyst.explain(incident(incident_id="later"))).status == "ok"

    with_analyst(do, silent, speaks("vllm"), in_flight=1, per_hour=Limits(calls=2))


def test_a_question_has_a_bill_of_which_each_call_is_announced() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: Clock) -> None:
        await analyst.probe()
        announced: list[tuple[Cost, int]] = []

        async def announce(most: Cost) -> None:
            announced.append((most, len(server.asked)))

        bill = Bill(announce)
        assert (await analyst.explain(incident(), bill)).status == "ok"
        assert bill.cost == Cost(2, 1_800, 200, 1.6)
        assert [(most.calls, most.tokens_out) for most, _ in announced] == 2 * [(1, 1_500)]
        assert [asked for _, asked in announced] == [2, 3], "before the server is asked"
        cached = Bill(announce)
        await analyst.explain(incident(), cached)
        assert (cached.cost, len(announced)) == (Cost(), 2)

    with_analyst(do, *KNOWS_TEXT, says("no JSON"), says(answer_of()), price_out=8.0)


def test_a_question_that_broke_off_is_billed() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        await analyst.probe()
        bill = Bill()
        assert (await analyst.explain(incident(), bill)).status == "failed"
        assert (bill.cost.calls, bill.cost.tokens_out) == (1, 1_500)

    with_analyst(do, *KNOWS_TEXT, breaks_off)


def test_what_was_spent_before_the_start_is_not_there_to_be_spent() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: Clock) -> None:
        # By the clock of another machine.
        analyst.booked("earlier", Cost(calls=2), clock.ms + 10**9)
        rca = await analyst.explain(incident())
        assert (rca.status, rca.reason) == ("skipped_budget", "the calls of this hour are spent: 2")
        assert not server.asked
        clock.ms += 3_600_000
        assert (await analyst.explain(incident())).status == "ok"

    with_analyst(do, speaks("vllm"), per_hour=Limits(calls=2))
