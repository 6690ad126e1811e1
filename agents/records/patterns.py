"""Regular expressions out of the words of a pack's tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

HAN: Final = "[一-鿿]"
"""A Chinese sign."""
HANS: Final = re.compile(f"{HAN}+")


def any_of(patterns: Iterable[str]) -> str:
    """What one of them matches; of none, what nothing does."""
    return "|".join(patterns) or "(?!)"


def any_word(words: Iterable[str]) -> str:
    """A group that matches one of these words, the longest first; of none, what nothing does.

    What begins alike is tried once: a table of hundreds costs little more than one of ten.
    """
    known = tuple(words)
    return f"(?:{_grown(known)})" if known else "(?!)"


def _grown(words: Iterable[str]) -> str:
    tails: dict[str, list[str]] = {}
    for word in words:
        tails.setdefault(word[:1], []).append(word[1:])
    ends = tails.pop("", None) is not None
    branches = "|".join(re.escape(first) + _grown(rest) for first, rest in tails.items())
    if not branches:
        return ""
    return f"(?:{branches}){'?' if ends else ''}"
