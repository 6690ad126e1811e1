"""The ways in which a banned word is written, made when the list is read."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from agents.reviews.words.folding import exact, squeezed
from agents.reviews.words.sounds import is_word, syllables

_LONGEST_MIXED = 6
"""Characters of a word that is looked for with some of them in Pinyin."""
_SHORTEST_PINYIN = 5
"""Letters of a word written in Pinyin: `shabi` is no English word, `dan` might be."""


class How(StrEnum):
    """How a word is written."""

    PLAIN = "plain"
    PINYIN = "pinyin"
    SPLIT = "split"
    LOOK = "look"
    SOUND = "sound"


class Variant(NamedTuple):
    """One way to write a word: its letters in `exact` form, without what stands between them.

    `gaps`: before which of them the word itself has a space or a symbol.
    """

    letters: str
    how: How
    gaps: frozenset[int] = frozenset()

    @property
    def key(self) -> str:
        """What is searched in a squeezed text."""
        return squeezed(self.letters)


def variants(word: str) -> Iterator[Variant]:
    """The word itself, and the other ways to write it that no innocent text has."""
    letters, gaps = _letters(exact(word))
    if not letters:
        return
    yield Variant(letters, How.PLAIN, gaps)
    seen = {letters}
    for variant in (*_pinyin(letters), *_split(letters), *_looks(letters)):
        if variant.letters not in seen:
            seen.add(variant.letters)
            yield variant


def is_han(character: str) -> bool:
    """Whether it is a Chinese character that has a reading."""
    return character in syllables()


def _letters(folded: str) -> tuple[str, frozenset[int]]:
    letters: list[str] = []
    gaps = set()
    for before, character in zip(" " + folded, folded, strict=False):
        if character.isalnum():
            if letters and not before.isalnum():
                gaps.add(len(letters))
            letters.append(character)
    return "".join(letters), frozenset(gaps)


def _pinyin(letters: str) -> Iterator[Variant]:
    """The word in Pinyin, and with neighbouring characters of it in Pinyin."""
    if not 2 <= len(letters) <= _LONGEST_MIXED or not all(map(is_han, letters)):
        return
    read = [syllables()[c] for c in letters]
    whole = "".join(read)
    if len(whole) >= _SHORTEST_PINYIN:
        yield Variant(whole, How.PINYIN)
    for first in range(len(letters)):
        for last in range(first + 1, len(letters) + 1):
            middle = "".join(read[first:last])
            if len(middle) > 1 and last - first < len(letters):
                yield Variant(letters[:first] + middle + letters[last:], How.PINYIN)


def _split(letters: str) -> Iterator[Variant]:
    """With one character written as its two parts, and with all that have parts."""
    parts = _parts()["split"]
    every = "".join([parts[c][0] if c in parts else c for c in letters])
    if every != letters:
        yield Variant(every, How.SPLIT)
    for at, character in enumerate(letters):
        for two in parts.get(character, ()):
            if not is_word(two):
                yield Variant(letters[:at] + two + letters[at + 1 :], How.SPLIT)


def _looks(letters: str) -> Iterator[Variant]:
    """With one character replaced by one that looks like it, unless that makes a word."""
    for at, character in enumerate(letters):
        for other in _parts()["look"].get(character, ()):
            changed = letters[:at] + exact(other) + letters[at + 1 :]
            if not is_word(changed):
                yield Variant(changed, How.LOOK)


@cache
def _parts() -> dict[str, dict[str, list[str]]]:
    table = (files("agents.reviews.words") / "parts.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = tomllib.loads(table)
    return found
