"""Nothing personal and nothing broken gets into a label."""

import msgspec
import pytest

from agents.reviews.drafts import Versions, Word, draft, excerpt, refused
from schemas.reviews import MAX_EXCERPT, Finding, Review, decode_label

VERSIONS = Versions("r1", "m1")
WORD = Word("zh", "negative", 0.91234, (), ())


def test_texts_and_names_are_redacted() -> None:
    review = Review("shop:1", 0, "打我电话 13812345678", product="a@b.com", author="13912345678")
    label = draft(review, "1970-01-01", WORD, VERSIONS, "")
    assert label.excerpt == "打我电话 [phone]"
    assert (label.product, label.author) == ("[email]", "[phone]")
    assert label.sentiment_confidence == 0.912


@pytest.mark.parametrize(
    "text", ["", "\ud800", "\x00" * 900, "😀" * 500, "<b>" * 50_000, "a" * 100_000, "‮abc"]
)
def test_any_text_makes_a_label_that_can_be_written_and_read(text: str) -> None:
    label = draft(Review(text, 1, text, product=text), "1970-01-01", WORD, VERSIONS, "")
    assert decode_label(msgspec.json.encode(label)) == label
    assert len(label.excerpt) <= MAX_EXCERPT


def test_a_long_text_is_cut_and_marked() -> None:
    assert excerpt("x" * 301) == "x" * 299 + "…"
    assert excerpt("x" * 300) == "x" * 300


def test_a_number_is_redacted_before_the_text_is_cut() -> None:
    assert "1381" not in excerpt("x" * 295 + " 13812345678")


def test_what_is_no_review_is_accounted_for() -> None:
    label = refused("shop.csv#7", 5, "1970-01-01", "time_not_understood", "'soon'", VERSIONS)
    assert (label.status, label.reason, label.excerpt) == (
        "refused",
        "time_not_understood",
        "'soon'",
    )


def test_account_names_are_not_quoted() -> None:
    found = Finding("contact", "contact.wechat")
    review = Review("shop:1", 0, "加我微信 abc12345 返现")
    label = draft(review, "1970-01-01", WORD._replace(findings=(found,)), VERSIONS, "")
    assert "abc12345" not in label.excerpt


def test_a_record_that_is_no_review_shows_no_account() -> None:
    found = refused("shop:1", 0, "2026-11-20", "not_json", "{nope 加微信 abc12345 \x00", VERSIONS)
    assert found.excerpt.startswith("{nope")
    assert "abc12345" not in found.excerpt
