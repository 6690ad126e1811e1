"""Numbers as they are spoken."""

from __future__ import annotations

import re

import pytest

from agents.records.numerals import SPOKEN, spoken


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("十", 10),
        ("二十", 20),
        ("九十六", 96),
        ("一百二", 120),
        ("一百零五", 105),
        ("五百一十二", 512),
        ("一千八", 1800),
        ("四十点二", 40.2),
        ("零点五", 0.5),
        ("三四", None),
        ("一百六八", None),
        ("十千", None),
    ],
)
def test_spoken(words: str, number: float | None) -> None:
    assert re.fullmatch(SPOKEN, words)
    assert spoken(words) == number
