"""Numbers in Chinese signs."""

from __future__ import annotations

import pytest

from agents.numerals import chinese


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("一百十五", 115),
        ("三百五", 350),
        ("三百零五", 305),
        ("一万二", 12_000),
        ("三千五百", 3_500),
        ("一亿二千万", 120_000_000),
        ("二零二六", 2026),
        ("", None),
        ("三五千", None),
        ("十五百", None),
        ("零百", None),
        ("万", None),
        ("三人", None),
    ],
)
def test_what_is_a_number_and_what_is_none(text: str, number: int | None) -> None:
    assert chinese(text) == number
