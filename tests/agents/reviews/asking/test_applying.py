from typing import Any

import msgspec
import pytest

from agents.reviews.asking.answer import Answer
from agents.reviews.asking.applying import apply
from schemas.reviews import Aspect, Finding, ReviewLabel
from tests.agents.reviews.asking.labels import label

_SIZE = Aspect("size", "negative", "偏小", 0.75, "model")
_ANSWER = Answer("qwen3/1", "mixed", (_SIZE,), "尺码偏小")
_OURS = {
    "sentiment",
    "sentiment_confidence",
    "aspects",
    "cause",
    "by",
    "models",
    "status",
    "reason",
}


def _changed(one: ReviewLabel, other: ReviewLabel) -> set[str]:
    names = ReviewLabel.__struct_fields__
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def test_an_answer_fills_what_was_open() -> None:
    findings = (Finding("banned", "banned.fraud"), Finding("contact", "contact.phone"))
    before = label(findings=findings, campaign="k1", aspects=(Aspect("quality", "negative", "x"),))
    after = apply(before, _ANSWER, configured=True)
    assert after.sentiment == "mixed"
    assert after.aspects == (*before.aspects, _SIZE)
    assert after.cause == "尺码偏小"
    assert (after.by, after.models, after.status) == ("model", "zh-1 qwen3/1", "labelled")
    assert _changed(before, after) <= _OURS


def test_twice_is_once() -> None:
    once = apply(label(), _ANSWER, configured=True)
    assert apply(once, _ANSWER, configured=True) == once
    left = apply(label(), None, configured=True, missing="asks.cause")
    assert apply(left, None, configured=True, missing="asks.cause") == left
    assert apply(left, _ANSWER, configured=True) == once


def test_what_the_rules_found_stays() -> None:
    own = Aspect("size", "negative", "偏小", 0.9)
    after = apply(label(aspects=(own,)), _ANSWER, configured=True)
    assert after.aspects == (own,)


@pytest.mark.parametrize("answer", [Answer("m", abstained=True), Answer("m")])
def test_who_says_nothing_leaves_it_to_the_rules(answer: Answer) -> None:
    left = apply(label(), None, configured=True, missing="asks.cause")
    assert apply(left, answer, configured=True) == label()


def test_what_is_missing_is_open_where_there_is_a_model() -> None:
    left = apply(label(), None, configured=True, missing="budget_spent")
    assert (left.status, left.reason) == ("open", "budget_spent")
    assert _changed(label(), left) == {"status", "reason"}
    assert apply(label(), None, configured=False, missing="budget_spent") == label()
    assert apply(left, None, configured=False) == label()


def test_the_refused_stay_refused() -> None:
    refused = label(status="refused", reason="not_json")
    for answer in (None, _ANSWER):
        assert apply(refused, answer, configured=True, missing="asks.cause") is refused


def test_every_field_of_an_answer_is_one_that_may_be_set() -> None:
    """Who adds a field to an answer has to say here what it may change."""
    assert set(Answer.__struct_fields__) == {
        "version", "sentiment", "aspects", "cause", "abstained", "dropped",
    }  # fmt: skip
    every: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(_ANSWER).items()
        if name != "abstained"
    }
    assert _changed(label(), apply(label(), Answer(**every), configured=True)) <= _OURS
