"""Numbers in English words: "two and a half thousand"."""

from __future__ import annotations

import re
from decimal import Decimal

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
