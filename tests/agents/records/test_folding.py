"""Texts as rules compare them, character for character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.records.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＷＢＣ　１２．３×10⁹/L", "wbc 12.3×109/l"),
        ("（－）～。\u200b", "(-)~。 "),
        ("ﬁİ⑩⒈", "ﬁİ⑩⒈"),
        ("血糖7.8②心率88③", "血糖7.8②心率88③"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_it_is_as_long(text: str) -> None:
    assert len(fold(text)) == len(text)
