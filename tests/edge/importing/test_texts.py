import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.importing.errors import Refused
from edge.importing.texts import kept, unradical
from schemas.records import MOST_TEXT


def test_line_ends_and_composed_characters() -> None:
    assert kept("e\u0301\r\n二\r三\n") == "é\n二\n三\n"


def test_nothing_else_changes() -> None:
    text = "　主诉：\t头晕 \x0b\u2028 １２０／８０\u00a0mmHg\ufeff\n\n"
    assert kept(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t　", "empty"),
        ("咳" * (MOST_TEXT + 1), "characters"),
        ("\ud800半", "encoding"),
        # Grows when composed: three characters of one.
        ("\U0001d160" * (MOST_TEXT // 2), "characters"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        kept(text)
    assert refused.value.reason == reason


@given(st.text(max_size=300))
def test_what_is_kept_is_kept_again(text: str) -> None:
    try:
        once = kept(text)
    except Refused:
        return
    assert kept(once) == once
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)


def test_radicals_of_printers() -> None:
    assert (
        unradical("⾼⾎压，饮⻝，⻛湿，⻣折，⽩细胞，⾎⼩板")
        == "高血压，饮食，风湿，骨折，白细胞，血小板"
    )
    assert unradical("高血压①℃") == "高血压①℃"
