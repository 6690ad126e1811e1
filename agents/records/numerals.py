"""Numbers as they are spoken: 九十六, 一百六十五, 四十点二, 一千八."""

from __future__ import annotations

from typing import Final

from agents.numerals import DIGITS, chinese

SPOKEN: Final = (
    r"[一二两三四五六七八九十零][零〇一二两三四五六七八九十百千]{0,7}"
    r"(?:点[零〇一二三四五六七八九]{1,3})?"
)
"""A stretch that may be one, as a pattern; `spoken` says whether it is."""


def spoken(words: str) -> float | None:
    """The number that the words say; None: they say none, such as 三四."""
    whole, _, part = words.partition("点")
    if len(whole.lstrip("零〇")) > 1 and all(c in DIGITS for c in whole):
        return None
    number = chinese(whole)
    return None if number is None else float(f"{number}.{''.join(str(DIGITS[c]) for c in part)}")
