import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.incidents.words import headline, phrase, title, where


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (["支付", "付失", "失败"], ["支付失败"]),
        (["付失", "支付", "失败"], ["支付失败"]),
        (["支付", "login", "付失"], ["支付失", "login"]),
        (["pay", "yes"], ["pay", "yes"]),
        (["卡"], ["卡"]),
        ([], []),
    ],
)
def test_overlapping_bigrams_are_joined(terms: list[str], said: list[str]) -> None:
    assert phrase(terms) == said


def test_a_phrase_is_short() -> None:
    assert phrase(list("abcdefgh")) == ["a", "b", "c", "d"]
    assert phrase(list("abcdefgh"), most=6) == ["a", "b", "c", "d", "e", "f"]


def test_a_headline_quotes_the_text_with_most_terms_without_markup() -> None:
    texts = ["great app", "I PAY and [b]cannot[/b] pay again", "pay"]
    assert headline(["pay", "cannot"], texts) == "PAY and b cannot b pay"


def test_a_headline_without_a_text_is_made_of_terms() -> None:
    assert headline(["支付", "付失"], ["nothing of it"]) == "支付失"
    assert headline([], []) == ""


_terms = st.lists(st.text("支付失败ab", min_size=1, max_size=3), max_size=8)
_texts = st.lists(st.text(max_size=80), max_size=4)


@settings(max_examples=60, deadline=None)
@given(_terms, _texts)
def test_a_headline_is_short_and_one_line(terms: list[str], texts: list[str]) -> None:
    found = headline(terms, texts)
    assert len(found) <= 48
    assert found == " ".join(found.split())
    assert not set(found) & set("[]<>*`#|")


def test_a_title_counts() -> None:
    assert title("wallet", "pay failed", 40, 5, "os=ios") == (
        "wallet: pay failed (40 in 5 min, os=ios)"
    )
    assert title("wallet", "", 40, 5, "") == "wallet: ? (40 in 5 min)"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_a_title_is_bounded(product: str, words: str, slice_: str) -> None:
    assert len(title(product, words, 40, 5, slice_)) <= 160


def test_where_is_sorted() -> None:
    assert where({"os": "ios", "app_version": "7.2.0"}) == "app_version=7.2.0 os=ios"
    assert where({}) == ""
