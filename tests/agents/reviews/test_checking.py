"""One review alone: every text gets a draft, whatever is in it, and a rule that fails is told."""

import pytest

from agents.reviews.attributes.finding import Attributes
from agents.reviews.checking import Checker
from schemas.events import MAX_TEXT
from schemas.reviews import Review, ReviewLabel
from streams.reviews.options import RulesOptions
from streams.reviews.rules import made_checker, read_rules
from tests.agents.reviews.hostile import HOSTILE

DATE = "2026-11-20"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return made_checker(read_rules(RulesOptions()))


def drafts(checker: Checker, *texts: str, rating: float | None = None) -> list[ReviewLabel]:
    reviews = [Review(f"shop:{n}", 1_000, text, rating=rating) for n, text in enumerate(texts)]
    return checker.check(reviews, DATE)


def test_what_no_rule_can_say_the_stars_say(checker: Checker) -> None:
    for rating, sentiment in ((5.0, "positive"), (1.0, "negative"), (3.0, "neutral")):
        (found,) = drafts(checker, "", rating=rating)
        assert (found.sentiment, found.sentiment_confidence) == (sentiment, 0.5)


def test_nothing_at_all_is_no_review(checker: Checker) -> None:
    (found,) = drafts(checker, " \u200b\n")
    assert (found.status, found.reason) == ("refused", "empty_text")


def test_what_is_cut_says_so(checker: Checker) -> None:
    whole, cut = drafts(checker, "好" * MAX_TEXT, "好" * (MAX_TEXT + 1))
    assert (whole.reason, cut.reason) == ("", "text_cut")


@pytest.mark.slow
def test_anything_gets_a_draft(checker: Checker) -> None:
    found = drafts(checker, *HOSTILE)
    assert len(found) == len(HOSTILE)
    assert not [one for one in found if one.reason.startswith("failed")]


def test_a_rule_that_fails_costs_one_review_and_is_told(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = Attributes.find

    def fails(self: Attributes, text: str) -> object:
        if "boom" in text:
            raise RecursionError
        return find(self, text)

    monkeypatch.setattr(Attributes, "find", fails)
    good, bad = drafts(checker, "做工很好", "boom 加微信 abc12345")
    assert good.status == "labelled"
    assert (bad.status, bad.reason) == ("refused", "failed_RecursionError")
    assert "abc12345" not in bad.excerpt
    assert bad.excerpt.startswith("boom")
