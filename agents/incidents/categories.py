"""What kind of trouble it is, by its words, and what helps against that kind."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from agents.incidents.words import phrase

OTHER = "other"


class Category(msgspec.Struct, frozen=True):
    """One kind of trouble: `words` tell it (lower case, any language); `cause` is often behind it.

    `steps` are what to do, the first one first; `_zh` says the same in Chinese.
    """

    name: str
    words: tuple[str, ...]
    cause: str
    cause_zh: str
    steps: tuple[str, ...]
    steps_zh: tuple[str, ...]


@cache
def categories() -> dict[str, Category]:
    """All of them by name, in the order of the table; `other` is the last."""
    table = (files("agents.incidents") / "categories.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(table)["category"], list[Category])
    return {one.name: one for one in found}


def category_of(terms: Sequence[str], texts: Iterable[str]) -> Category:
    """What most of the texts are about, the terms being one more; the first of equals, or `other`.

    Each is about the category of the longest word in it that tells one, however often it says so:
    异地登录 is about security, though 登录 stands in it.
    """
    said = [" ".join(phrase(terms, len(terms))), *texts]
    told = Counter(name for text in said if (name := _about(text.lower())) is not None)
    # The order of the table decides between equals.
    best = max(categories(), key=lambda name: told[name])
    return categories()[best if told else OTHER]


def _about(text: str) -> str | None:
    longest: tuple[int, str | None] = 0, None
    for name, pattern in _patterns().items():
        width = max((_width(found) for found in pattern.findall(text)), default=0)
        if width > longest[0]:
            longest = width, name
    return longest[1]


def _width(word: str) -> int:
    """A Chinese character says as much as three letters."""
    return sum(1 if character.isascii() else 3 for character in word)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    # Of words that begin alike the longest is to be found.
    return {
        name: re.compile("|".join(map(_at_a_beginning, sorted(one.words, key=len, reverse=True))))
        for name, one in categories().items()
        if one.words
    }


def _at_a_beginning(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}" if word.isascii() else re.escape(word)
