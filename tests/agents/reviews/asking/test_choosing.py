import random
from typing import Any

import pytest

from agents.reviews.asking.asks import AskRules
from agents.reviews.asking.choosing import choose, questions_of
from schemas.reviews import Aspect, Finding, ReviewLabel
from tests.agents.reviews.asking.labels import FRAME, RULES, label

_SURE: dict[str, Any] = {
    "sentiment_confidence": 0.95,
    "aspects": (Aspect("quality", "negative", "开线"),),
}


def _bad(n: int, **other: Any) -> ReviewLabel:
    """One of many bad reviews of a product of which the rules are sure."""
    told = {"source": f"t-0@{n}", "author": f"u{n}", "excerpt": f"第{n}件衣服又开线了", **_SURE}
    return label(**{**told, **other})


def test_what_the_rules_are_sure_of_is_not_asked() -> None:
    sure = label(sentiment="positive", rating=5.0, sentiment_confidence=0.9)
    assert choose([sure, _bad(1)], RULES, FRAME).choices == ()


def test_causes_are_asked_of_a_product_with_many_bad_reviews_in_a_sample() -> None:
    few = [_bad(n, product="few") for n in range(4)]
    many = [_bad(n, product="many") for n in range(100, 200)]
    chosen = choose([*few, *many], RULES, FRAME).choices
    assert len(chosen) == RULES.causes
    assert {one.reason for one in chosen} == {"asks.cause"}
    assert {one.source for one in chosen} <= {one.source for one in many}
    assert len({one.worth for one in chosen}) == RULES.causes


def test_one_author_fills_no_sample() -> None:
    flood = [_bad(n, author="same") for n in range(500)]
    others = [_bad(n) for n in range(1_000, 1_003)]
    chosen = {one.source for one in choose([*flood, *others], RULES, FRAME).choices}
    assert len(chosen) == 4
    assert {one.source for one in others} < chosen


def test_copies_and_campaigns_are_asked_about_once() -> None:
    copies = [label(source=f"c@{n}", author=f"c{n}") for n in range(20)]
    campaign = [
        label(source=f"k@{n}", author=f"k{n}", campaign="k1", excerpt=f"质量太差了大家别买{n}")
        for n in range(20)
    ]
    chosen = choose([*copies, *campaign], RULES, FRAME)
    assert len(chosen.choices) == 2
    assert chosen.campaigns == {"k1"}
    assert not chosen.full


def test_the_most_telling_come_first_and_the_budget_ends_them() -> None:
    human = label(
        source="h@1", excerpt="用了以后脸上有点红", **_SURE, product="p1",
        findings=(Finding("human", "human.allergy", confidence=0.5),),
    )  # fmt: skip
    contrary = label(
        source="r@1", rating=5.0, excerpt="还不如不买", sentiment_confidence=0.7, product="p2"
    )
    bare = label(
        source="b@1", excerpt="反正我就是不喜欢这件东西", sentiment_confidence=0.9, product="p3"
    )
    vague = label(
        source="v@1", rating=3.0, sentiment="neutral", excerpt="就这样吧", sentiment_confidence=0.5,
        product="p4",
    )  # fmt: skip
    labels = [vague, bare, contrary, human]
    chosen = choose(labels, RULES, FRAME)
    assert [one.source for one in chosen.choices] == ["h@1", "r@1", "b@1", "v@1"]
    less = choose(labels, AskRules(most=2), FRAME)
    assert [one.source for one in less.choices] == ["h@1", "r@1"]
    assert less.full


@pytest.mark.parametrize("most", [5, 50, 5_000])
def test_the_order_of_the_labels_is_of_no_account(most: int) -> None:
    lot = random.Random(most)
    labels = [
        label(
            source=f"s@{n}",
            author=f"u{n % 300}",
            product=f"p{n % 7}",
            campaign=f"k{n % 11}" if n % 5 == 0 else "",
            sentiment_confidence=lot.choice([0.3, 0.55, 0.95]),
            rating=lot.choice([1.0, 2.0, 3.0, 5.0, None]),
            sentiment=lot.choice(["negative", "positive", "neutral"]),
            excerpt=f"第{n % 1_500}次买这件衣服，不知道说什么",
        )
        for n in range(4_000)
    ]
    rules = AskRules(most=most)
    once = choose(labels, rules, FRAME)
    lot.shuffle(labels)
    assert choose(labels, rules, FRAME) == once
    assert len(once.choices) <= most
    assert [one.worth for one in once.choices] == sorted(
        (one.worth for one in once.choices), reverse=True
    )


def test_what_cannot_be_asked_is_not() -> None:
    bare = label(excerpt="反正我就是不喜欢这件东西", sentiment_confidence=0.9)
    without = type(FRAME)("qwen3", ())
    assert choose([bare], RULES, without).choices == ()


@pytest.mark.parametrize("excerpt", ["\u200b" * 50, " \n\t ok", "\x00\x01\ud800\ue000\ufeff"])
def test_what_nobody_can_see_is_not_asked_about(excerpt: str) -> None:
    assert choose([label(excerpt=excerpt)], RULES, FRAME).choices == ()


def test_the_questions_of_the_choices_in_their_order() -> None:
    labels = [_bad(n) for n in range(50)]
    chosen = choose(labels, RULES, FRAME)
    questions = questions_of(reversed(labels), chosen, FRAME)
    assert [(one.source, one.key) for one in questions] == [
        (one.source, one.key) for one in chosen.choices
    ]
