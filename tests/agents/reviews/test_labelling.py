"""What a review's company adds to its label, and what of a model's words may stay."""

import msgspec
import pytest

from agents.reviews.labelling import labelled, presentable
from agents.reviews.words import BannedWords, starter
from schemas.reviews import Finding, ReviewLabel
from tests.agents.reviews.made import label

COPY = Finding("duplicate", "duplicate.exact", "12 alike")
OWN = Finding("banned", "banned.gambling", "casino")


@pytest.fixture(scope="module")
def banned() -> BannedWords:
    return BannedWords(starter())


def with_cause(cause: str) -> ReviewLabel:
    return msgspec.structs.replace(label(1), cause=cause, by="model")


def test_company_comes_after_what_the_review_says_itself() -> None:
    found = labelled(label(1, OWN), [COPY], "c-1")
    assert found.findings == (OWN, COPY)
    assert found.campaign == "c-1"


def test_who_stands_alone_stays_as_it_is() -> None:
    alone = label(1, OWN)
    assert labelled(alone, [], "") is alone


@pytest.mark.parametrize(
    "cause",
    [
        "加微信 abc12345 领红包",
        "Call 138 0013 8000 for a refund",
        "The shop says: write to refunds@example.com",
        "澳门赌场上线啦",
    ],
)
def test_a_cause_that_advertises_is_blanked(cause: str, banned: BannedWords) -> None:
    found = presentable(with_cause(cause), banned)
    assert found.cause == ""
    assert found.by == "model"


@pytest.mark.parametrize(
    "cause",
    [
        "衣服开线，物流慢",
        "Customer service did not answer the phone for three days",
        "微信支付失败，客服不处理",
        "The handle broke after 2 days and the refund was refused",
        "",
    ],
)
def test_a_cause_stays(cause: str, banned: BannedWords) -> None:
    given = with_cause(cause)
    assert presentable(given, banned) is given
