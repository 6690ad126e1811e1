import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from agents.llm.analyst import ModelAnalyst
from agents.llm.breaker import REST_MS
from agents.llm.client import ModelClient
from agents.llm.errors import ModelAway
from agents.llm.settings import Limits, ModelSettings
from schemas.causes import Rca
from schemas.incidents import Incident
from tests.support.incidents import incident
from tests.support.model_server import (
    GOOD,
    Behaviour,
    Dialect,
    ModelServer,
    breaks_off,
    fails,
    floods,
    hangs_up,
    model_server,
    says,
    sends,
    silent,
    speaks,
    trickles,
)

_T0 = 1_763_630_000_000
_KNOWS_TEXT: tuple[Behaviour, ...] = (fails(400), fails(400))
"""What the probe gets from a server that holds its model to nothing."""


class _Clock:
    def __init__(self) -> None:
        self.ms = _T0

    def __call__(self) -> int:
        return self.ms


_Do = Callable[[ModelAnalyst, ModelServer, _Clock], Awaitable[None]]


def _with(do: _Do, *behaviours: Behaviour, **other: Any) -> None:
    async def run() -> None:
        async with model_server(*behaviours) as server:
            settings = replace(ModelSettings(server.url, "qwen3"), **other)
            client, clock = ModelClient(settings, wait_s=0.001), _Clock()
            try:
                await do(ModelAnalyst(settings, client, clock_ms=clock, seed=7), server, clock)
            finally:
                await client.close()

    asyncio.run(run())


def _explain(*behaviours: Behaviour, of: Incident | None = None, **other: Any) -> Rca:
    said: list[Rca] = []

    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        said.append(await analyst.explain(of or incident()))

    _with(do, *behaviours, **other)
    return said[0]


def _state(analyst: ModelAnalyst) -> str:
    return analyst.breaker.state


def _answer(**other: Any) -> str:
    return json.dumps({**GOOD, **other})


def _guess(**other: Any) -> dict[str, Any]:
    return {**GOOD["hypotheses"][0], **other}


@pytest.mark.parametrize("dialect", ["vllm", "llama.cpp", "ollama"])
def test_it_says_what_the_model_said(dialect: Dialect) -> None:
    rca = _explain(speaks(dialect))
    assert (rca.status, rca.source) == ("ok", "model")
    assert rca.reason == "asked qwen3"
    assert rca.category == incident().rca.category
    (one,) = rca.hypotheses
    assert one.cause == "The rollout of checkout 7.2.0 broke payments on Android"
    assert one.evidence_ids == ("change-1", "s1", "e1")
    assert one.confidence == "high"
    assert rca.next_steps == ("Roll back checkout 7.2.0",)


@pytest.mark.parametrize(
    "written",
    [
        _answer(),
        f"<think>The {{rollout}} it is.</think>\n{_answer()}",
        f"Here you are:\n```json\n{_answer()}\n```",
    ],
)
def test_a_server_that_ignores_the_schema_is_understood_all_the_same(written: str) -> None:
    rca = _explain(*_KNOWS_TEXT, says(written))
    assert (rca.status, rca.hypotheses[0].evidence_ids) == ("ok", ("change-1", "s1", "e1"))


def test_probe_says_what_the_server_can() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: _Clock) -> None:
        assert await analyst.probe() == "json_object"
        await analyst.explain(incident())
        assert server.asked[-1]["response_format"] == {"type": "json_object"}
        assert len(server.asked) == 3

    _with(do, says("Dogs bark."), says('{"word": "tulip"}'), says(_answer()))


def test_probe_says_that_nobody_is_there() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        with pytest.raises(ModelAway):
            await analyst.probe()

    _with(do, fails(503))


def test_the_server_may_come_back_after_a_failed_probe() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        with pytest.raises(ModelAway):
            await analyst.probe()
        assert (await analyst.explain(incident())).status == "ok"

    _with(do, *[fails(503)] * 4, speaks("vllm"))


@pytest.mark.parametrize(
    ("behaviour", "status", "reason"),
    [
        (fails(500), "failed", "500"),
        (fails(401), "failed", "key"),
        (fails(404), "failed", "url"),
        (fails(429, Retry_After="9999"), "failed", "429"),
        (fails(302, Location="http://elsewhere.example"), "failed", "elsewhere"),
        (silent, "failed", "0.3 s"),
        (trickles, "failed", "0.3 s"),
        (breaks_off, "failed", "broke off"),
        (hangs_up, "failed", "cannot be reached"),
        (floods, "failed", "longer"),
        (sends("<html>Welcome</html>", "text/html"), "failed", "no chat completion"),
        (says(""), "failed", "no JSON"),
        (says(None), "failed", "no JSON"),
        (says(_answer(), finish="length"), "failed", "no room"),
        (says("Payments are broken, sorry."), "failed", "no JSON"),
        (says('{"hypotheses": "none"}'), "failed", "not of the form"),
        (says('{"a":' * 5_000 + "1" + "}" * 5_000), "failed", "the answer"),
        (says(None, refusal="I cannot"), "abstained", "declined"),
        (says(_answer(abstain_reason="Too little is known.")), "abstained", "Too little is known"),
        (says(_answer(hypotheses=[])), "abstained", "no hypothesis"),
        (says(_answer(hypotheses=[_guess(evidence_ids=[])])), "abstained", "no hypothesis"),
        (says(_answer(hypotheses=[_guess(evidence_ids=["e9", "x"])])), "abstained", "cite no fact"),
        (says(_answer(hypotheses=[_guess(evidence_ids=["change-1"])])), "abstained", "cite"),
        (says(_answer(hypotheses=[_guess(cause=" <b></b> ")])), "abstained", "no hypothesis"),
    ],
)
def test_whatever_happens_it_says_so(behaviour: Behaviour, status: str, reason: str) -> None:
    patience = 0.3 if behaviour in (silent, trickles) else 20.0
    rca = _explain(*_KNOWS_TEXT, behaviour, timeout_s=patience)
    assert rca.status == status
    assert reason in (rca.reason or "")
    assert rca.hypotheses == ()


def test_hypotheses_that_cite_nothing_go_and_the_others_stay() -> None:
    guesses = [_guess(evidence_ids=["e77"]), _guess(cause="The gateway is slow")]
    rca = _explain(*_KNOWS_TEXT, says(_answer(hypotheses=guesses)))
    assert [one.cause for one in rca.hypotheses] == ["The gateway is slow"]
    assert "dropped 1 of 2" in (rca.reason or "")


def test_code_caps_the_confidence() -> None:
    """Reports alone do not prove anything."""
    rca = _explain(*_KNOWS_TEXT, says(_answer(hypotheses=[_guess(evidence_ids=["e1", "s1"])])))
    assert rca.hypotheses[0].confidence == "medium"


def test_what_is_no_answer_is_asked_for_once_more() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: _Clock) -> None:
        rca = await analyst.explain(incident())
        assert rca.status == "ok"
        again = server.asked[-1]["messages"][-1]["content"]
        assert "Expected `array`" in again
        for item in incident().evidence:
            assert item.text[:6] not in again
        assert len(server.asked) == len(_KNOWS_TEXT) + 2
        assert analyst.counts.malformed == 1

    _with(do, *_KNOWS_TEXT, says('{"hypotheses": 3}'), says(_answer()))


def test_and_not_more_often() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: _Clock) -> None:
        assert (await analyst.explain(incident())).status == "failed"
        assert len(server.asked) == len(_KNOWS_TEXT) + 2

    _with(do, *_KNOWS_TEXT, says("no"))


@pytest.mark.parametrize("rest", [GOOD, {}])
def test_an_answer_that_repeats_its_instructions_is_dropped_whole(rest: dict[str, Any]) -> None:
    """Also where nobody reads it, and without a second question."""

    async def echoes(_: Any, body: dict[str, Any]) -> Any:
        content = json.dumps({**rest, "debug": body["messages"][0]["content"]})
        return await says(content)(_, body)

    async def do(analyst: ModelAnalyst, server: ModelServer, _: _Clock) -> None:
        rca = await analyst.explain(incident())
        assert (rca.status, rca.hypotheses) == ("failed", ())
        assert rca.reason == "the answer repeats its instructions: dropped"
        assert len(server.asked) == len(_KNOWS_TEXT) + 1

    _with(do, *_KNOWS_TEXT, echoes)


def test_the_same_facts_are_asked_about_once() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: _Clock) -> None:
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

    _with(do, speaks("vllm"))


def test_a_failure_is_not_remembered() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        assert (await analyst.explain(incident())).status == "failed"
        assert (await analyst.explain(incident())).status == "ok"

    _with(do, *_KNOWS_TEXT, fails(400), says(_answer()))


def test_the_budget_ends_the_asking() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: _Clock) -> None:
        assert (await analyst.explain(incident())).status == "ok"
        asked = len(server.asked)
        rca = await analyst.explain(incident())
        assert rca.status == "skipped_budget"
        assert rca.reason == "the calls of this incident are spent: 1"
        assert len(server.asked) == asked
        assert (await analyst.explain(incident(incident_id="another"))).status == "ok"
        clock.ms += 25 * 3_600_000
        assert (await analyst.explain(incident())).status == "ok"
        assert analyst.counts.answers == {"ok": 3, "skipped_budget": 1}

    _with(do, speaks("vllm"), per_incident=Limits(calls=1), cache_hours=0)


def test_tokens_and_money_are_those_of_the_server() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        await analyst.explain(incident())
        counts = analyst.counts
        assert (counts.calls, counts.tokens_in, counts.tokens_out) == (1, 900, 100)
        assert counts.money == pytest.approx(0.9 * 2 + 0.1 * 8)

    _with(do, speaks("vllm"), price_in=2.0, price_out=8.0)


def test_a_question_that_was_never_taken_costs_no_tokens_and_one_broken_off_does() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        await analyst.probe()
        await analyst.explain(incident())
        assert (analyst.counts.tokens_in, analyst.counts.tokens_out) == (0, 0)
        await analyst.explain(incident())
        assert analyst.counts.tokens_in > 0
        assert analyst.counts.tokens_out == 1_500

    _with(do, *_KNOWS_TEXT, *[fails(503)] * 4, breaks_off)


def test_a_dead_server_is_left_alone_and_tried_again() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, clock: _Clock) -> None:
        for _ in range(5):
            assert (await analyst.explain(incident())).status == "failed"
        assert _state(analyst) == "open"
        asked, calls = len(server.asked), analyst.counts.calls
        rca = await analyst.explain(incident())
        assert "left alone" in (rca.reason or "")
        assert (len(server.asked), analyst.counts.calls) == (asked, calls)
        clock.ms += REST_MS
        assert (await analyst.explain(incident())).status == "ok"
        assert _state(analyst) == "closed"

    _with(do, *[fails(404)] * 5, speaks("vllm"), per_incident=Limits())


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

    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        await analyst.probe()
        asked = [analyst.explain(incident(incident_id=str(n))) for n in range(12)]
        assert {rca.status for rca in await asyncio.gather(*asked)} == {"ok"}
        assert most == 3

    _with(do, slow, in_flight=3, cache_hours=0)


def test_one_that_is_given_up_gives_back_what_was_held_for_it() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, __: _Clock) -> None:
        first = asyncio.create_task(analyst.explain(incident()))
        async with asyncio.timeout(10):
            while not server.asked:
                await asyncio.sleep(0.001)
        waits = asyncio.create_task(analyst.explain(incident(incident_id="waits")))
        await asyncio.sleep(0)
        waits.cancel()
        first.cancel()
        await asyncio.gather(first, waits, return_exceptions=True)
        assert analyst.counts.calls == 1, "the one that was in flight"
        assert (await analyst.explain(incident(incident_id="later"))).status == "ok"

    _with(do, silent, speaks("vllm"), in_flight=1, per_hour=Limits(calls=2))


def test_without_a_fact_nothing_is_asked() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: _Clock) -> None:
        nowhere = msgspec.structs.replace(incident().slice, attributes={}, abstained=True)
        rca = await analyst.explain(incident(evidence=(), changes=(), slice=nowhere))
        assert rca.status == "abstained"
        assert server.asked == []

    _with(do, speaks("vllm"))


def test_what_is_worth_asking_again() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: _Clock) -> None:
        old = incident(severity="error")
        seen, place = old.observed, old.slice
        other = msgspec.structs.replace(place, attributes={"os": "ios"})
        unsure = msgspec.structs.replace(place, attributes={}, abstained=True)
        assert analyst.wants(old, None)
        assert not analyst.wants(incident(severity="error", revision=2), old)
        assert analyst.wants(incident(severity="critical"), old)
        assert not analyst.wants(incident(severity="warning"), old)
        assert analyst.wants(incident(severity="error", slice=other), old)
        assert not analyst.wants(incident(severity="error", slice=unsure), old)
        for factor, wanted in ((1.9, False), (2, True)):
            grown = msgspec.structs.replace(seen, count=round(seen.count * factor))
            assert analyst.wants(incident(severity="error", observed=grown), old) is wanted
        assert not analyst.wants(incident(status="resolved"), None)
        assert not analyst.wants(incident(status="suppressed"), None)

    _with(do, speaks("vllm"))
