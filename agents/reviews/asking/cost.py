"""What the asking of a night came to, and what it would have come to for every review."""

from collections.abc import Iterable
from dataclasses import dataclass

from agents.llm.budget import total
from agents.llm.settings import Limits
from agents.reviews.asking.asks import Ask
from agents.reviews.asking.question import Frame, Question, shown, tokens_of
from agents.reviews.asking.settled import Settled
from schemas.commands import Cost

ANSWER_TOKENS = 80
"""Of one answer, as long as no server has counted any."""
_ALL: tuple[Ask, ...] = ("sentiment", "aspects", "cause")


@dataclass(frozen=True)
class Prices:
    """`price_in`, `price_out`: of 1,000 tokens, live. `batch`: the part of it that a file costs."""

    price_in: float = 0.0
    price_out: float = 0.0
    batch: float = 0.5

    def cost(self, tokens_in: int, tokens_out: int, *, batch: bool) -> Cost:
        """Of one call."""
        factor = self.batch if batch else 1.0
        money = factor * (tokens_in * self.price_in + tokens_out * self.price_out) / 1000
        return total([Cost(1, tokens_in, tokens_out, money)])


def cost_of(settled: Iterable[Settled], prices: Prices) -> Cost:
    """What is paid for; a call that nobody answered has no cost."""
    return total(
        prices.cost(one.tokens_in, one.tokens_out, batch=one.round > 0)
        for one in settled
        if one.tokens_in or one.tokens_out
    )


def batch_cost(question: Question, frame: Frame, prices: Prices) -> Cost:
    """Of a question in a file, estimated: what it is will be known with its answer."""
    return prices.cost(tokens_of(question, frame), ANSWER_TOKENS, batch=True)


def within(
    questions: Iterable[Question], limits: Limits, frame: Frame, prices: Prices, spent: Cost
) -> list[Question]:
    """The first of the questions that batch files may hold beside what is spent already."""
    kept: list[Question] = []
    so_far = spent
    for question in questions:
        so_far = total([so_far, batch_cost(question, frame, prices)])
        if exceeds(so_far, limits):
            break
        kept.append(question)
    return kept


def exceeds(cost: Cost, limits: Limits) -> bool:
    """Whether this is more than the limits allow."""
    return (
        0 < limits.calls < cost.calls
        or 0 < limits.tokens < cost.tokens_in + cost.tokens_out
        or 0 < limits.money < cost.money
    )


@dataclass
class Measure:
    """How many tokens a server counts for what was estimated, from questions it answered."""

    estimated: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0

    def learn(self, question: Question, settled: Settled, frame: Frame) -> None:
        """Of one question and its end."""
        if settled.tokens_in and settled.tokens_out:
            self.estimated += tokens_of(question, frame)
            self.tokens_in += settled.tokens_in
            self.tokens_out += settled.tokens_out
            self.calls += 1


def cost_of_all(
    texts: Iterable[str], frame: Frame, prices: Prices, measure: Measure, *, batch: bool = False
) -> Cost:
    """What it would cost to ask everything about every one of these reviews.

    Estimated, and scaled by what a server has counted for the questions of this night.
    """
    calls, tokens_in = 0, 0
    bare = tokens_of(Question("", "", _ALL, "", "zh", 0.0), frame)
    for text in texts:
        calls += 1
        tokens_in += bare + len(shown(text[:4_000]).encode()) // 2
    tokens_out = calls * ANSWER_TOKENS
    if measure.calls:
        tokens_in = round(tokens_in * measure.tokens_in / measure.estimated)
        tokens_out = round(calls * measure.tokens_out / measure.calls)
    one = prices.cost(tokens_in, tokens_out, batch=batch)
    return Cost(calls, one.tokens_in, one.tokens_out, one.money)
