import pytest

from agents.llm.settings import Limits
from agents.reviews.asking.cost import (
    ANSWER_TOKENS,
    Measure,
    Prices,
    cost_of,
    cost_of_all,
    within,
)
from agents.reviews.asking.question import tokens_of
from agents.reviews.asking.settled import Settled
from schemas.commands import Cost
from tests.agents.reviews.asking.labels import FRAME, label, question

_PRICES = Prices(price_in=2.0, price_out=8.0)
_END = Settled("k", "answered", tokens_in=300, tokens_out=50)


def test_a_file_costs_half() -> None:
    live = cost_of([_END], _PRICES)
    assert (live.calls, live.tokens_in, live.tokens_out) == (1, 300, 50)
    assert live.money == pytest.approx(1.0)
    batch = Settled("k", "answered", tokens_in=300, tokens_out=50, round=1)
    assert cost_of([batch], _PRICES).money == pytest.approx(0.5)
    assert cost_of([_END, batch, Settled("x", "expired")], _PRICES).money == pytest.approx(1.5)


def test_a_budget_keeps_the_first() -> None:
    questions = [question(label(excerpt=f"第{n}件衣服开线了，真的很失望")) for n in range(9)]
    one = tokens_of(questions[0], FRAME) + ANSWER_TOKENS
    assert within(questions, Limits(), FRAME, _PRICES, Cost()) == questions
    assert within(questions, Limits(calls=4), FRAME, _PRICES, Cost()) == questions[:4]
    assert within(questions, Limits(calls=4), FRAME, _PRICES, Cost(3)) == questions[:1]
    assert len(within(questions, Limits(tokens=3 * one), FRAME, _PRICES, Cost())) == 3
    each = _PRICES.cost(one - ANSWER_TOKENS, ANSWER_TOKENS, batch=True).money
    assert len(within(questions, Limits(money=2.5 * each), FRAME, _PRICES, Cost())) == 2


def test_every_review_costs_more_than_the_few() -> None:
    texts = ["衣服收到就开线了，快递也等了一个星期才到，很失望"] * 100
    guess = cost_of_all(texts, FRAME, _PRICES, Measure())
    assert guess.calls == 100
    assert guess.tokens_out == 100 * ANSWER_TOKENS
    assert guess.tokens_in == pytest.approx(100 * tokens_of(question(), FRAME), rel=0.05)
    half = cost_of_all(texts, FRAME, _PRICES, Measure(), batch=True)
    assert half.money == pytest.approx(guess.money / 2)


def test_the_estimate_learns_from_what_a_server_has_counted() -> None:
    measure, asked = Measure(), question()
    tokens = tokens_of(asked, FRAME)
    measure.learn(
        asked, Settled(asked.key, "answered", tokens_in=tokens // 2, tokens_out=40), FRAME
    )
    measure.learn(asked, Settled(asked.key, "expired"), FRAME)
    texts = [asked.text] * 10
    before = cost_of_all(texts, FRAME, _PRICES, Measure())
    after = cost_of_all(texts, FRAME, _PRICES, measure)
    assert after.tokens_in == pytest.approx(before.tokens_in / 2, rel=0.01)
    assert after.tokens_out == 400
    assert cost_of_all([], FRAME, _PRICES, measure) == Cost()
