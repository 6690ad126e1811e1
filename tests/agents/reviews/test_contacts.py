import re

import pytest

from agents.reviews.contacts import contacts, without_contacts
from schemas.reviews import MAX_EVIDENCE
from tests.agents.reviews.contact_texts import ADVERTS, CONTACTS, INNOCENT, lines
from tests.agents.reviews.hostile import HOSTILE

WITH = [(f"contact.{kind}", text) for kind, texts in CONTACTS.items() for text in lines(texts)]
SELLING = [(f"advert.{kind}", text) for kind, texts in ADVERTS.items() for text in lines(texts)]


@pytest.mark.parametrize(("reason", "text"), WITH + SELLING)
def test_a_contact_or_an_advert_is_found(reason: str, text: str) -> None:
    assert reason in {finding.reason for finding in contacts(text)}


@pytest.mark.parametrize("text", lines(INNOCENT))
def test_a_mention_is_none(text: str) -> None:
    assert contacts(text) == []


def test_the_sets_are_large_enough() -> None:
    assert len(WITH) >= 60
    assert len(lines(INNOCENT)) >= 150


@pytest.mark.parametrize("text", [text for _, text in WITH])
def test_no_number_or_name_leaves(text: str) -> None:
    for finding in contacts(f"东西不错 {text} 欢迎"):
        assert len(finding.evidence) <= MAX_EVIDENCE
        assert not re.search(r"\d{5}|\d[\d .-]{6,}\d|[a-z]+[_-]?\d{2,}|@\w{3}", finding.evidence)


def test_the_evidence_says_what_kind_and_what_stands_around() -> None:
    found = contacts("质量还行，需要的加 vx: shop_8899 拿货")
    assert [(one.kind, one.reason) for one in found] == [("contact", "contact.wechat")]
    assert "[wechat] 拿货" in found[0].evidence
    assert "质量还行" in found[0].evidence


def test_several_ways_are_several_findings_in_one_order() -> None:
    text = "QQ 12345678 手机13800138000 微信 abc12345"
    assert [one.reason for one in contacts(text)] == [
        "contact.phone",
        "contact.qq",
        "contact.wechat",
    ]


def test_a_quote_without_contacts_is_left_as_it_is() -> None:
    assert without_contacts("Was GOOD, 很好") == "Was GOOD, 很好"
    assert without_contacts("Add VX: Shop_88 now") == "add [wechat] now"


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_read(text: str) -> None:
    for finding in contacts(text):
        finding.evidence.encode()
