"""Numbers as people write them: 5千, 一万二, 3k, "two and a half thousand"."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
_STEPS = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_ENGLISH = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}
_TIMES = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000}
_ENGLISH_WORD = "|".join(sorted(_ENGLISH, key=len, reverse=True))
ENGLISH = (
    rf"(?:(?:an?|{_ENGLISH_WORD})(?:[ -](?:and )?(?:a )?(?:half|{_ENGLISH_WORD}|"
    r"hundred|thousand|grand|million)){0,8})"
)
"""Number words; `english` says which of them are a number."""
CHINESE = "[零〇一二两三四五六七八九十百千万亿]{1,12}"


def chinese(text: str) -> int | None:
    """三千五百, 一万二, 三百五, 二零二六; None for what is no number, such as 三五千."""
    if not text or any(c not in DIGITS and c not in _STEPS and c not in _LARGE for c in text):
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total, part, digit, last = 0, 0, None, 0
    for c in text:
        if c in DIGITS:
            if digit:
                return None
            digit = DIGITS[c]
        elif c in _STEPS:
            step = _STEPS[c]
            if digit is None and not (step == 10 and part == 0):
                return None
            part += (1 if digit is None else digit) * step
            digit, last = None, step
        else:
            large = _LARGE[c]
            part += digit or 0
            if not part and not total:
                return None
            total = (total + part) * large if large > 10_000 else total + part * large
            part, digit, last = 0, None, large
    if digit:
        # 一万二 leaves out what follows the last step, unless a zero says that nothing is left out.
        short = last > 10 and len(text) > 1 and text[-2] not in "零〇"
        part += digit * last // 10 if short else digit
    return total + part


def english(text: str) -> Decimal | None:
    """ "twenty-five", "two and a half thousand", "a hundred"; None for what is no number."""
    total, part, half, said = Decimal(0), Decimal(0), False, False
    for word in re.split("[ -]", text):
        if word in _ENGLISH:
            part += _ENGLISH[word]
            said = True
        elif word == "half":
            part += Decimal("0.5")
            half = said = True
        elif word in _TIMES:
            times = _TIMES[word]
            part = (part or Decimal(1)) * times
            if times > 100:
                total, part = total + part, Decimal(0)
            said = True
    return total + part if said and not (half and total + part < 1) else None
