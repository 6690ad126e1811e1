import json
from typing import Any

import msgspec
import pytest

from agents.llm.analyst import ModelAnalyst
from agents.llm.errors import ModelAway
from tests.agents.llm.asking import KNOWS_TEXT, Clock, answer_of, explained, guess_of, with_analyst
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
    says,
    sends,
    silent,
    speaks,
    trickles,
)


@pytest.mark.parametrize("dialect", ["vllm", "llama.cpp", "ollama"])
def test_it_says_what_the_model_said(dialect: Dialect) -> None:
    rca = explained(speaks(dialect))
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
        answer_of(),
        f"<think>The {{rollout}} it is.</think>\n{answer_of()}",
        f"Here you are:\n```json\n{answer_of()}\n```",
    ],
)
def test_a_server_that_ignores_the_schema_is_understood_all_the_same(written: str) -> None:
    rca = explained(*KNOWS_TEXT, says(written))
    assert (rca.status, rca.hypotheses[0].evidence_ids) == ("ok", ("change-1", "s1", "e1"))


def test_probe_says_what_the_server_can() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: Clock) -> None:
        assert await analyst.probe() == "json_object"
        await analyst.explain(incident())
        assert server.asked[-1]["response_format"] == {"type": "json_object"}
        assert len(server.asked) == 3

    with_analyst(do, says("Dogs bark."), says('{"word": "tulip"}'), says(answer_of()))


def test_probe_says_that_nobody_is_there() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        with pytest.raises(ModelAway):
            await analyst.probe()

    with_analyst(do, fails(503))


def test_the_server_may_come_back_after_a_failed_probe() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
        with pytest.raises(ModelAway):
            await analyst.probe()
        assert (await analyst.explain(incident())).status == "ok"

    with_analyst(do, *[fails(503)] * 4, speaks("vllm"))


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
        (says(answer_of(), finish="length"), "failed", "no room"),
        (says("Payments are broken, sorry."), "failed", "no JSON"),
        (says('{"hypotheses": "none"}'), "failed", "not of the form"),
        (says('{"a":' * 5_000 + "1" + "}" * 5_000), "failed", "the answer"),
        (says(None, refusal="I cannot"), "abstained", "declined"),
        (
            says(answer_of(abstain_reason="Too little is known.")),
            "abstained",
            "Too little is known",
        ),
        (says(answer_of(hypotheses=[])), "abstained", "no hypothesis"),
        (says(answer_of(hypotheses=[guess_of(evidence_ids=[])])), "abstained", "no hypothesis"),
        (
            says(answer_of(hypotheses=[guess_of(evidence_ids=["e9", "x"])])),
            "abstained",
            "cite no fact",
        ),
        (says(answer_of(hypotheses=[guess_of(evidence_ids=["change-1"])])), "abstained", "cite"),
        (says(answer_of(hypotheses=[guess_of(cause=" <b></b> ")])), "abstained", "no hypothesis"),
    ],
)
def test_whatever_happens_it_says_so(behaviour: Behaviour, status: str, reason: str) -> None:
    patience = 0.3 if behaviour in (silent, trickles) else 20.0
    rca = explained(*KNOWS_TEXT, behaviour, timeout_s=patience)
    assert rca.status == status
    assert reason in (rca.reason or "")
    assert rca.hypotheses == ()


def test_hypotheses_that_cite_nothing_go_and_the_others_stay() -> None:
    guesses = [guess_of(evidence_ids=["e77"]), guess_of(cause="The gateway is slow")]
    rca = explained(*KNOWS_TEXT, says(answer_of(hypotheses=guesses)))
    assert [one.cause for one in rca.hypotheses] == ["The gateway is slow"]
    assert "dropped 1 of 2" in (rca.reason or "")


def test_code_caps_the_confidence() -> None:
    """Reports alone do not prove anything."""
    rca = explained(*KNOWS_TEXT, says(answer_of(hypotheses=[guess_of(evidence_ids=["e1", "s1"])])))
    assert rca.hypotheses[0].confidence == "medium"


def test_what_is_no_answer_is_asked_for_once_more() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: Clock) -> None:
        rca = await analyst.explain(incident())
        assert rca.status == "ok"
        again = server.asked[-1]["messages"][-1]["content"]
        assert "Expected `array`" in again
        for item in incident().evidence:
            assert item.text[:6] not in again
        assert len(server.asked) == len(KNOWS_TEXT) + 2
        assert analyst.counts.malformed == 1

    with_analyst(do, *KNOWS_TEXT, says('{"hypotheses": 3}'), says(answer_of()))


def test_and_not_more_often() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: Clock) -> None:
        assert (await analyst.explain(incident())).status == "failed"
        assert len(server.asked) == len(KNOWS_TEXT) + 2

    with_analyst(do, *KNOWS_TEXT, says("no"))


@pytest.mark.parametrize("rest", [GOOD, {}])
def test_an_answer_that_repeats_its_instructions_is_dropped_whole(rest: dict[str, Any]) -> None:
    """Also where nobody reads it, and without a second question."""

    async def echoes(_: Any, body: dict[str, Any]) -> Any:
        content = json.dumps({**rest, "debug": body["messages"][0]["content"]})
        return await says(content)(_, body)

    async def do(analyst: ModelAnalyst, server: ModelServer, _: Clock) -> None:
        rca = await analyst.explain(incident())
        assert (rca.status, rca.hypotheses) == ("failed", ())
        assert rca.reason == "the answer repeats its instructions: dropped"
        assert len(server.asked) == len(KNOWS_TEXT) + 1

    with_analyst(do, *KNOWS_TEXT, echoes)


def test_without_a_fact_nothing_is_asked() -> None:
    async def do(analyst: ModelAnalyst, server: ModelServer, _: Clock) -> None:
        nowhere = msgspec.structs.replace(incident().slice, attributes={}, abstained=True)
        rca = await analyst.explain(incident(evidence=(), changes=(), slice=nowhere))
        assert rca.status == "abstained"
        assert server.asked == []

    with_analyst(do, speaks("vllm"))


def test_what_is_worth_asking_again() -> None:
    async def do(analyst: ModelAnalyst, _: ModelServer, __: Clock) -> None:
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

    with_analyst(do, speaks("vllm"))
