from typing import Any

import pytest

from agents.reviews.asking.asks import AskRules, asks_of, is_open
from schemas.reviews import Aspect, Finding
from tests.agents.reviews.asking.labels import RULES, label

_QUALITY = (Aspect("quality", "negative", "开线"),)
_SURE: dict[str, Any] = {"sentiment_confidence": 0.95, "aspects": _QUALITY}
_GOOD: dict[str, Any] = {"sentiment": "positive", "rating": 5.0, "sentiment_confidence": 0.95}


@pytest.mark.parametrize(
    ("other", "asks"),
    [
        ({}, ("sentiment", "aspects", "cause")),
        ({"aspects": _QUALITY}, ("sentiment", "cause")),
        (_SURE, ("cause",)),
        (_GOOD, ()),
        ({**_GOOD, "sentiment_confidence": 0.59}, ("sentiment",)),
        ({**_GOOD, "rating": None}, ()),
        # Against the rating the rules have to be surer.
        ({**_SURE, "rating": 5.0}, ("cause",)),
        ({**_SURE, "rating": 5.0, "sentiment_confidence": 0.89}, ("sentiment", "cause")),
        ({**_GOOD, "rating": 1.0, "aspects": _QUALITY}, ("cause",)),
        ({"excerpt": "差"}, ()),
        ({"excerpt": "差评差评"}, ("sentiment", "cause")),
        ({"excerpt": ""}, ()),
        ({"lang": "none"}, ()),
        ({"status": "refused"}, ()),
        ({"by": "model"}, ()),
        ({**_GOOD, "findings": (Finding("human", "human.injury", confidence=0.5),)}, ("cause",)),
        ({**_GOOD, "findings": (Finding("human", "human.injury", confidence=0.9),)}, ()),
    ],
)
def test_only_what_the_rules_leave_open_is_asked(
    other: dict[str, Any], asks: tuple[str, ...]
) -> None:
    assert asks_of(label(**other), RULES) == asks


def test_a_cause_alone_is_asked_as_one_of_many_only() -> None:
    sure = label(**_SURE)
    assert not is_open(sure, asks_of(sure, RULES), RULES)
    doubted = label(**_SURE, findings=(Finding("human", "human.injury", confidence=0.5),))
    assert is_open(doubted, asks_of(doubted, RULES), RULES)


def test_the_bounds_are_settings() -> None:
    assert asks_of(label(aspects=_QUALITY), AskRules(unsure=0.3)) == ("cause",)
