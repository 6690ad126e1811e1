"""Hashed n-grams of many texts at once: what the small text models see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
import rjieba

from agents.models.folding import Codes, folded
from agents.models.pairs import meanings, pairs

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KEY_BITS = 54
MOST_TEXTS = 1 << (64 - KEY_BITS)
"""Texts a call: row and key share 64 bits, so that one sort finds what a text says twice."""
MOST_CHARACTERS = 400
"""Of a longer text the first and the last halves of these are seen: a verdict stands at an end."""

_END = "\n"
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xBF58476D1CE4E5B9)
_ALL = (1 << 64) - 1
_KEY = np.uint64((1 << KEY_BITS) - 1)
_LEAST = np.uint64(1)
_ROW, _31, _29 = np.uint64(KEY_BITS), np.uint64(31), np.uint64(29)
_LONGEST_WORD = 32
_NEGATED = 32
# A negation, or what ends its reach.
_NEGATION = re.compile(
    # The letters in front say at once that most characters begin neither.
    r"([不没无非未别勿]|(?=[acdhinsw])\b(?:not|no|never|nothing|none|without|hardly|cannot|can'?t"
    r"|won'?t|don'?t|doesn'?t|didn'?t|isn'?t|wasn'?t|aren'?t|couldn'?t|wouldn'?t|shouldn'?t|hasn'?t"
    r"|haven'?t)\b)"
    r"|[,.!?;:\n]"
)
_REACH = {"characters": 5, "words": 4}


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which n-grams a model sees; it stands in the model's card.

    `characters`, `words`: lengths of n-grams. `dictionary`: words are cut by a Chinese dictionary,
    else they are runs of letters and digits. `negated`: the longest n-gram that counts once more,
    as another, if it begins shortly after a negation; 0: none; `negated_of`: n-grams of which.
    `pairs`: words up to so far apart count in pairs, too, cut to `stem` letters; 0: they do not.
    `concepts`: how many times as much as an n-gram a concept of our own list counts; 0: nothing.
    """

    characters: tuple[int, ...] = ()
    words: tuple[int, ...] = ()
    dictionary: bool = False
    negated: int = 0
    negated_of: Literal["characters", "words"] = "characters"
    pairs: int = 0
    stem: int = 0
    concepts: int = 0


def shorten(text: str) -> str:
    """The beginning and the end of a long text."""
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]} {text[-half:]}"


def grams(texts: Sequence[str], recipe: Recipe) -> tuple[Rows, Hashes]:
    """The distinct n-grams of clean texts: row of the text and key, sorted by both.

    At most `MOST_TEXTS` texts; a key has `KEY_BITS` bits and is never 0.
    """
    if not texts:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    if len(texts) > MOST_TEXTS:
        raise ValueError(f"{len(texts)} texts at once, more than {MOST_TEXTS}")
    codes = folded(_END.join(map(shorten, texts)) + _END)
    text = codes.tobytes().decode("utf-32-le")
    found: list[Hashes] = []
    for name, lengths in (("characters", recipe.characters), ("words", recipe.words)):
        if not lengths:
            continue
        if name == "characters":
            units = _characters(codes)
        else:
            units = _cut(codes, text) if recipe.dictionary else _words(codes)
        found.append(units.grams(lengths))
        if recipe.negated and recipe.negated_of == name:
            found += units.negated(recipe.negated, _REACH[name], text)
    if recipe.pairs or recipe.concepts:
        found.append(_meant(text.split(_END)[:-1], recipe))
    packed = np.concatenate(found)
    packed.sort()
    new = np.ones(packed.size, np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=new[1:])
    packed = packed[new]
    return (packed >> _ROW).view(np.int64), packed & _KEY


def _packed(rows: Hashes, hashes: Hashes) -> Hashes:
    """Rows that stand where they belong, and keys."""
    keys = hashes & _KEY
    np.maximum(keys, _LEAST, out=keys)
    keys |= rows
    return keys


def _meant(texts: Sequence[str], recipe: Recipe) -> Hashes:
    """Pairs of words, and concepts."""
    rows, hashes = pairs(texts, recipe.stem, recipe.pairs) if recipe.pairs else ([], [])
    if recipe.concepts:
        more, others = meanings(texts, recipe.concepts)
        rows, hashes = rows + more, hashes + others
    return _packed(np.asarray(rows, np.uint64) << _ROW, np.asarray(hashes, np.uint64))


def keys_of(word: str, recipe: Recipe) -> list[int]:
    """Under which key a text that holds this clean word meets it, and where it is negated.

    Empty if no n-gram of the recipe is the whole word.
    """
    if not word:
        return []
    codes = folded(word + _END)
    for name in ("characters", "words") if recipe.dictionary else ("words", "characters"):
        if name == "characters":
            lengths, units = recipe.characters, _characters(codes)
        else:
            lengths = recipe.words
            units = _cut(codes, word + _END) if recipe.dictionary else _words(codes)
        if units.size in lengths:
            negated = recipe.negated if recipe.negated_of == name else 0
            return units.whole(negated=units.size <= negated)
    return []


class _Units:
    """What n-grams are made of, of all texts in a row: characters or words.

    `at`: where each begins among the characters; `ends`: the marks behind the texts; `kind` tells
    an n-gram of one from the same of the other.
    """

    def __init__(self, values: Hashes, at: Rows, ends: Flags, kind: int) -> None:
        self._values = values
        self._at = at
        self._ends = ends
        self._kind = kind
        self._rows: Hashes = ends.cumsum(dtype=np.uint64)
        self._rows -= ends
        self._rows <<= _ROW

    @property
    def size(self) -> int:
        """How many, without the marks."""
        return self._at.size - int(self._ends.sum())

    def whole(self, *, negated: bool) -> list[int]:
        """The key of all units of a single text as one n-gram, and of the same negated."""
        n, hashes = self.size, self._values[:1]
        for value in self._values[1:n]:
            hashes = hashes * _MULTIPLY + value
        salts = (n, _NEGATED + n) if negated else (n,)
        return [int(_mixed(hashes + self._salt(salt), self._rows[:1])[0]) for salt in salts]

    def grams(self, lengths: Sequence[int]) -> Hashes:
        """Rows and keys of all n-grams, packed."""
        hashes, inside = self._values, ~self._ends
        whole = inside
        found, rows = [], []
        for n in range(1, max(lengths) + 1):
            if n > 1:
                hashes = hashes[:-1] * _MULTIPLY
                hashes += self._values[n - 1 :]
                whole = whole[:-1] & inside[n - 1 :]
            if n in lengths:
                found.append(hashes[whole] + self._salt(n))
                rows.append(self._rows[: whole.size][whole])
        # All lengths at once: with one short text it is the calls that cost.
        return _mixed(np.concatenate(found), np.concatenate(rows))

    def negated(self, longest: int, reach: int, text: str) -> list[Hashes]:
        """Rows and keys of the n-grams that begin at most `reach` units after a negation."""
        matches = [(m.start(), m.lastindex is None) for m in _NEGATION.finditer(text)]
        places, stops = np.asarray(matches, np.int64).T
        units = np.searchsorted(self._at, places, "right") - 1
        nots, ends = units[stops == 0], units[stops == 1]
        # The mark behind the last text is one of the ends.
        until = ends[np.searchsorted(ends, nots, "right")]
        found = []
        for far in range(1, reach + 1):
            hashes = np.zeros(nots.size, np.uint64)
            for n in range(1, longest + 1):
                which = nots + far + n - 1
                inside = which < until
                hashes = hashes * _MULTIPLY + self._values[np.where(inside, which, 0)]
                salted = hashes[inside] + self._salt(_NEGATED + n)
                found.append(_mixed(salted, self._rows[which[inside]]))
        return found

    def _salt(self, salt: int) -> np.uint64:
        return np.uint64((64 * self._kind + salt) * int(_SPREAD) & _ALL)


def _mixed(hashes: Hashes, rows: Hashes) -> Hashes:
    """Packed, with every bit of a hash in its key; the hashes are lost."""
    hashes ^= hashes >> _31
    hashes *= _SPREAD
    hashes ^= hashes >> _29
    return _packed(rows, hashes)


def _characters(codes: Codes) -> _Units:
    return _Units(codes.astype(np.uint64), np.arange(codes.size), codes == ord(_END), 0)


def _words(codes: Codes) -> _Units:
    """Runs of letters and digits; any other visible character is a word of its own."""
    kinds = _kinds()[np.minimum(codes, _kinds().size - 1)]
    starts = (kinds > 0) & ~(
        (kinds == 1) & np.concatenate((np.zeros(1, np.bool_), kinds[:-1] == 1))
    )
    at = np.flatnonzero(starts)
    return _Units(_hashes(codes, at, kinds > 0), at, codes[at] == ord(_END), 1)


def _cut(codes: Codes, text: str) -> _Units:
    """Words of a dictionary and what stands between them."""
    lengths = [n for line in text.split(_END)[:-1] for n in (*map(len, rjieba.cut(line, False)), 1)]
    at = np.cumsum(np.asarray([0, *lengths[:-1]], np.int64))
    return _Units(_hashes(codes, at, np.ones(codes.size, np.bool_)), at, codes[at] == ord(_END), 1)


def _hashes(codes: Codes, at: Rows, heard: Flags) -> Hashes:
    """Of what begins at `at`, but for the characters that are not `heard`."""
    # Before the first one there may be a space.
    first = np.repeat(np.concatenate(([0], at)), np.diff(np.concatenate(([0], at, [codes.size]))))
    powers = _powers()[np.minimum(np.arange(codes.size) - first, _LONGEST_WORD - 1)]
    values = np.where(heard, codes.astype(np.uint64) + np.uint64(1), np.uint64(0)) * powers
    summed: Hashes = np.add.reduceat(values, at)
    return summed


@cache
def _powers() -> Hashes:
    return np.cumprod(np.full(_LONGEST_WORD, _SPREAD, np.uint64), dtype=np.uint64)


@cache
def _kinds() -> npt.NDArray[np.int8]:
    """0 for spaces, 1 for what words are made of, 2 for the rest, the last entry for all others."""
    kinds = np.full((1 << 16) + 1, 2, np.int8)
    for code in range(1 << 16):
        character = chr(code)
        # Vowel signs of Indic scripts are marks, not letters.
        if character.isalnum() or character == "'" or unicodedata.category(character)[0] == "M":
            kinds[code] = 1
        elif character.isspace() and character != _END:
            kinds[code] = 0
    return kinds
