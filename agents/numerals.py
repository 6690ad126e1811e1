"""Numbers in Chinese signs: 三千五百, 一万二, 三百五, 二零二六."""

from __future__ import annotations

from typing import Final

DIGITS: Final = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
CHINESE: Final = "[零〇一二两三四五六七八九十百千万亿]{1,12}"
"""A stretch that may be a number, as a pattern; `chinese` says whether it is."""
_STEPS: Final = {"十": 10, "百": 100, "千": 1_000}
_LARGE: Final = {"万": 10_000, "亿": 100_000_000}


def chinese(text: str) -> int | None:
    """Digits alone are read one by one; None for what is no number, such as 三五千 and 十五百."""
    if not text:
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total, part, digit, last = 0, 0, 0, 10_000
    for c in text:
        if c in DIGITS:
            if digit:
                return None
            digit = DIGITS[c]
        elif c in _STEPS:
            step = _STEPS[c]
            if step >= last or not (digit or step == 10):
                return None
            part, digit, last = part + (digit or 1) * step, 0, step
        elif c in _LARGE and (total or part or digit):
            last = _LARGE[c]
            part += digit
            total = (total + part) * last if last > 10_000 else total + part * last
            part = digit = 0
        else:
            return None
    # 一万二 leaves out what follows the last step, unless a zero says that nothing is left out.
    return total + part + digit * (1 if text[-2:-1] in ("零", "〇") else last // 10)
