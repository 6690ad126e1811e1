"""A text as characters and words, and its stretches that have the form of a name."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from agents.records.redaction.tables import Tables

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OTHER, HAN, LATIN, DIGITS, GAP = range(5)
PAD: Final = 4
"""Units of nothing before and behind a text."""
_LONGEST: Final = 5
_UNIT: Final = re.compile(r"[一-鿿]|[a-z]+(?:['’-][a-z]{2,})*|\d+|.", re.DOTALL)
_MULTIPLY: Final = 0x9E3779B97F4A7C15
_ALL: Final = (1 << 64) - 1
_GAPS: Final = frozenset(" \u3000\n")
_MANY: Final = 3
"""Digits: as many and more are alike."""


class Units(NamedTuple):
    """Characters, numbers and words of Latin letters, with `PAD` of nothing on either side.

    `at`, `until`: where each begins and ends; `kinds`: what each is; `ids`: which; `surnames` and
    `given`: how much each is like the sign of a family name and of a given name, of a Latin word
    how it is written.
    """

    at: Rows
    until: Rows
    kinds: Rows
    ids: Hashes
    surnames: Rows
    given: Rows


class Signs:
    """How much a Chinese character is like one of a name."""

    def __init__(self, tables: Tables) -> None:
        self._surnames = dict.fromkeys(tables.surnames, 1)
        self._surnames |= dict.fromkeys(tables.doubtful & tables.surnames, 2)
        self._surnames |= dict.fromkeys(tables.usual - tables.doubtful, 3)
        self._given = dict.fromkeys(tables.given, 1) | dict.fromkeys(tables.given_core, 2)

    def units(self, text: str, folded: str) -> Units:
        """Of a text and the same folded, as long."""
        ids: list[int] = []
        rows: list[tuple[int, int, int, int, int]] = []
        for match in _UNIT.finditer(folded):
            (start, end), word = match.span(), match[0]
            kind, number = _unit(word)
            ids.append(number)
            if kind == HAN:
                levels = self._surnames.get(word, 0), self._given.get(word, 0)
            else:
                levels = 0, _written(text[start:end]) if kind == LATIN else 0
            rows.append((start, end, kind, *levels))
        columns = np.asarray(rows, np.int64).reshape(-1, 5).T
        size = len(folded)
        edges = (0, size), (0, size), (0, 0), (0, 0), (0, 0)
        at, until, kinds, surnames, given = (
            np.pad(one, PAD, constant_values=edge) for one, edge in zip(columns, edges, strict=True)
        )
        return Units(at, until, kinds, np.pad(np.asarray(ids, np.uint64), PAD), surnames, given)


def number_of(word: str) -> int:
    """A number of 64 bits for a word."""
    made = 0
    for sign in word:
        made = (made * _MULTIPLY + ord(sign) + 1) & _ALL
    return made


def _unit(word: str) -> tuple[int, int]:
    sign = word[0]
    if "一" <= sign <= "鿿":
        return HAN, ord(sign)
    if "a" <= sign <= "z":
        return LATIN, number_of(word)
    if sign.isdigit():
        return DIGITS, min(_MANY, len(word))
    return GAP if sign in _GAPS else OTHER, ord(sign)


def _written(word: str) -> int:
    return 3 if word.istitle() else 2 if word.isupper() else 1


def stretches(units: Units) -> tuple[Rows, Rows]:
    """First and last unit of each: Chinese characters, also with a gap, or Latin words."""
    # What a row of kinds may be, and whether it begins with a family name.
    forms: list[tuple[bool, tuple[int, ...]]] = [(True, (HAN,))]
    forms += [(False, (HAN,) * length) for length in range(2, _LONGEST + 1)]
    forms += [
        (True, (HAN, GAP, HAN)),
        (True, (HAN, GAP, HAN, HAN)),
        (True, (HAN, GAP, HAN, GAP, HAN)),
        (False, (HAN, HAN, GAP, HAN)),
        (False, (LATIN,)),
        (False, (LATIN, GAP, LATIN)),
        (False, (LATIN, GAP, LATIN, GAP, LATIN)),
        (True, (HAN, LATIN)),
    ]
    found = [(_places(units, form, family), len(form) - 1) for family, form in forms]
    first = np.concatenate([places for places, _ in found])
    return first, np.concatenate([places + more for places, more in found])


def _places(units: Units, form: tuple[int, ...], family: bool) -> Rows:
    """Where units of these kinds stand in a row."""
    fits = units.surnames > 0 if family else np.ones(units.kinds.size, np.bool_)
    for by, kind in enumerate(form):
        fits = fits & (np.roll(units.kinds, -by) == kind)
    # No form has the kind of what is not there.
    places: Rows = np.flatnonzero(fits)
    return places
