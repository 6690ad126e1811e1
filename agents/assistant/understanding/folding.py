"""A message as the rules read it: cleaned, bounded, lower case, simplified characters."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from schemas.turns import MAX_SAID
from windows.simplified import pairs
from windows.texts import clean

_ODD = {
    "，": ",", "。": ".", "！": "!", "？": "?", "；": ";", "：": ":", "、": ",", "｡": ".",
    "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "～": "~", "￥": "¥", "…": ".",
}  # fmt: skip


def pattern(text: str) -> re.Pattern[str]:
    """A rule in which Chinese characters are no letters: a word may begin right after them."""
    return re.compile(text, re.ASCII)


class Said(NamedTuple):
    """`text`: clean, as written; `folded`: of the same length, in lower case and simplified."""

    text: str
    folded: str


def said(message: str) -> Said:
    """At most `MAX_SAID` characters of a message; raises nothing."""
    text = clean(message[:MAX_SAID])[:MAX_SAID]
    return Said(text, text.translate(_table()))


@cache
def _table() -> dict[int, str]:
    table = {code: chr(code).lower() for code in range(0x2000) if len(chr(code).lower()) == 1}
    table |= {ord(a): b for a, b in pairs() if len(b) == 1}
    return table | {ord(a): b for a, b in _ODD.items()}
