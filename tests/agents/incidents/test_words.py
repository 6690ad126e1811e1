import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.incidents.words import phrase, title, where


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
