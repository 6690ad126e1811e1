"""Numbers as they are spoken: 九十六, 一百六十五, 四十点二, 一千八."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = {word: at for at, word in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_TOO_MANY = 10_000

SPOKEN: Final = (
    r"[一二两三四五六七八九十零][零〇一二两三四五六七八九十百千]{0,7}"
    r"(?:点[零〇一二三四五六七八九]{1,3})?"
)
"""A stretch that may be one, as a pattern; `spoken` says whether it is."""


def spoken(words: str) -> float | None:
    """The number that the words say; None: they say none, such as 三四."""
    whole, _, part = words.partition("点")
    total, last, digit, skipped = 0, _TOO_MANY, -1, False
    for one in whole:
        if one in _TENS:
            tens = _TENS[one]
            if tens >= last or (digit < 0 and tens > 10):
                return None
            total, last, digit, skipped = total + max(digit, 1) * tens, tens, -1, False
        elif digit >= 0 and not (digit == 0 and skipped):
            return None
        else:
            digit = _DIGITS[one]
            skipped = skipped or digit == 0
    if digit > 0:
        total += digit * (last // 10 if last < _TOO_MANY and not skipped else 1)
    made = float(total)
    for place, one in enumerate(part, 1):
        made += _DIGITS[one] / 10**place
    return round(made, 3)
