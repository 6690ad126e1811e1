import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.reviews.attributes.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("GREAT Size", "great size"),
        ("ＧＯＯＤ，好！", "good,好!"),
        ("品質與包裝", "品质与包装"),
        ("isn’t", "isn't"),
        ("a\u3000b\u00a0c", "a b c"),
        ("\ud800İ", "\ufffdi"),
    ],
)
def test_looks_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(alphabet=st.characters()))
def test_no_character_moves_and_twice_is_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    fold(text).encode()
