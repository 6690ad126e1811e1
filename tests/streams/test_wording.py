import asyncio
import json

from schemas.commands import Cost
from schemas.turns import Reply
from streams.metrics import Metrics
from streams.metrics.tenants import OTHER, Tenants
from streams.settings import load
from streams.wording import count_reply, wording_of, wordsmith_of
from tests.support.model_server import model_server, says, silent

_DRAFT = "Your balance is ¥5.00."
_NOW = 1_763_630_000_000
_MODEL = {"GROUNDSWELL_MODEL_NAME": "qwen3"}


def test_without_a_server_or_against_ones_will_there_is_none() -> None:
    assert wording_of(load({})) is None
    given = {**_MODEL, "GROUNDSWELL_MODEL_URL": "http://127.0.0.1:1/v1"}
    assert wording_of(load({**given, "GROUNDSWELL_ASSISTANT_MODEL": "false"})) is None
    wording = wording_of(load({**given, "GROUNDSWELL_ASSISTANT_MODEL_TIMEOUT_SECONDS": "0.5"}))
    assert wording is not None
    assert (wording.model.timeout_s, wording.model.answer_tokens) == (0.5, 300)
    assert (wording.per_session.calls, wording.least_ms) == (12, 250.0)


def test_what_it_says_costs_and_misses_is_measured() -> None:
    metrics = Metrics()

    async def do() -> None:
        answer = says(json.dumps({"text": "You have ¥5.00.", "abstain": False}))
        async with model_server(answer, answer, silent) as server:
            settings = load(
                {
                    **_MODEL,
                    "GROUNDSWELL_MODEL_URL": server.url,
                    "GROUNDSWELL_MODEL_PRICE_IN": "1",
                    "GROUNDSWELL_ASSISTANT_MODEL_TIMEOUT_SECONDS": "0.6",
                }
            )
            smith = wordsmith_of(settings, metrics, clock_ms=lambda: _NOW)
            assert smith is not None
            for user in ("u1", "u1", "u2", "u3"):
                words = smith.of("bank", user, "s", Cost())
                await words.reword(_DRAFT, "en", [], 1_500.0)
            await smith.close()
            await smith.close()

    asyncio.run(do())
    text = metrics.text().decode()
    answers = 'groundswell_assistant_model_answers_total{outcome="%s",use="reword"} %s'
    assert answers % ("used", "2.0") in text
    assert answers % ("cached", "1.0") in text
    assert answers % ("away", "1.0") in text
    assert 'groundswell_assistant_model_hedges_total{use="reword"} 1.0' in text
    assert 'groundswell_assistant_model_calls_total{tenant="bank"} 4.0' in text
    assert 'groundswell_assistant_model_seconds_count{use="reword"} 3.0' in text
    assert 'groundswell_assistant_model_breaker{state="closed"} 1.0' in text
    money = 'groundswell_assistant_model_day_money{tenant="bank"} '
    assert money in text
    assert money + "0.0" not in text


def test_a_reply_is_counted() -> None:
    metrics = Metrics()
    degraded = ("cache:accounts:30", "tool:accounts", "tool:cards", "template")
    count_reply(metrics, Reply(session="s", turn="t", intent="balance", degraded=degraded))
    count_reply(metrics, Reply(session="s", turn="t", status="busy"))
    text = metrics.text().decode()
    turns = 'groundswell_assistant_turns_total{intent="%s",status="%s"} 1.0'
    assert turns % ("balance", "answered") in text
    assert turns % ("none", "busy") in text
    for what in ("cache", "tool", "template"):
        assert f'groundswell_assistant_degraded_total{{what="{what}"}} 1.0' in text


def test_tenants_that_a_token_makes_up_are_one() -> None:
    tenants = Tenants(2)
    assert [tenants.label(name) for name in "abca"] == ["a", "b", OTHER, "a"]
