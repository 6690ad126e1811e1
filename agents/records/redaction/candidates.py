"""Stretches of a text that may be names, and what is in and around each, as slots of a table."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from agents.records.redaction.cutter import cutter_of
from agents.records.redaction.tables import Tables
from agents.records.redaction.units import (
    HAN,
    OTHER,
    Hashes,
    Rows,
    Signs,
    Units,
    number_of,
    stretches,
)  # fmt: skip

SLOT_BITS: Final = 18
_WORD: Final = 4
"""The longest word beside a name that is looked for."""
_MOST: Final = 3
"""Times: as many and more are alike."""
_MULTIPLY: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD: Final = np.uint64(0xBF58476D1CE4E5B9)

_Column = npt.NDArray[np.uint64] | npt.NDArray[np.int64] | npt.NDArray[np.bool_]


class Candidates(NamedTuple):
    """Of each its first character, the one behind its last, and its slots, a row each."""

    starts: Rows
    ends: Rows
    slots: Rows


class _Inside(NamedTuple):
    """What a stretch is like, in small numbers.

    `often`: how often it stands in the text; `word`, `rest`: how common a word it is, and what
    stands behind its first sign; `starts`, `ends`: by how many ways of cutting words it does.
    """

    often: Rows
    word: Rows
    rest: Rows
    medical: Rows
    compound: Rows
    starts: Rows
    ends: Rows


class _Side(NamedTuple):
    """At each unit, of the words that touch it: in which lists; the longest; its part of speech."""

    lists: Hashes
    word: Hashes
    tag: Hashes


class CandidateFinder:
    """Knows surnames and words from the tables of a pack, the rest from the dictionary."""

    def __init__(self, tables: Tables) -> None:
        self._signs = Signs(tables)
        self._compound = tables.compound
        self._variants = tables.variants
        self._medical = frozenset(tables.medical)
        self._cutter = cutter_of(tables.medical)
        self._before = _bits(
            (tables.before_names, tables.cues, tables.titles, tables.labels, tables.called)
        )
        self._behind = _bits(
            (
                tables.goes_on, tables.only_people, tables.titles, tables.called,
                tables.called_short, tables.cues, tables.labels,
            )
        )  # fmt: skip

    def find(self, text: str, folded: str) -> Candidates:
        """Every stretch of a text that has the form of a name; `folded` is as long."""
        folded = folded.translate(self._variants)
        units = self._signs.units(text, folded)
        first, last = stretches(units)
        starts, ends = units.at[first], units.until[last]
        inside = self._inside(folded, starts, ends)
        known = {"": (0, 0)}
        before = self._side(folded, units.at, self._before, known, back=True)
        behind = self._side(folded, units.until, self._behind, known, back=False)
        return Candidates(starts, ends, _slots(units, first, last, inside, before, behind))

    def _inside(self, text: str, starts: Rows, ends: Rows) -> _Inside:
        borders = self._borders(text)
        words = [text[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        count = Counter(words)
        rows = {
            one: (
                min(_MOST, times), self._common(one), self._common(one[1:]),
                one in self._medical, one[:2] in self._compound,
            )
            for one, times in count.items()
        }  # fmt: skip
        columns = np.asarray([rows[one] for one in words], np.int64).reshape(-1, 5).T
        often, word, rest, medical, compound = columns
        return _Inside(often, word, rest, medical, compound, borders[starts], borders[ends])

    def _common(self, word: str) -> int:
        """0: it is no word; else the more, the more common."""
        if len(word) < 2 or not self._cutter.has_word(word):
            return 0
        return 1 + int(math.log10(1 + self._cutter.suggest_freq(word)))

    def _borders(self, text: str) -> Rows:
        """At each character, by which of two ways of cutting a word ends before it."""
        made = np.zeros(len(text) + 1, np.int64)
        for way, unknown in enumerate((False, True), 1):
            lengths = [len(one) for one in self._cutter.cut(text, unknown)]
            made[np.cumsum(np.asarray([0, *lengths], np.int64))] += way
        return made

    def _side(
        self,
        text: str,
        places: Rows,
        lists: dict[str, int],
        known: dict[str, tuple[int, int]],
        *,
        back: bool,
    ) -> _Side:
        """`known`: the number of each word and of its part of speech, filled here."""
        rows = []
        for at in places.tolist():
            found, word = self._touching(text, at, lists, back=back)
            if word not in known:
                known[word] = number_of(word), number_of(self._cutter.tag(word, False)[0][1])
            rows.append((found, *known[word]))
        return _Side(*np.asarray(rows, np.uint64).reshape(-1, 3).T)

    def _touching(
        self, text: str, at: int, lists: dict[str, int], *, back: bool
    ) -> tuple[int, str]:
        """In which lists the words are that touch a place, and the longest word of all."""
        found, longest = 0, ""
        for length in range(1, _WORD + 1):
            word = text[max(0, at - length) : at] if back else text[at : at + length]
            if len(word) < length:
                break
            found |= lists.get(word, 0)
            if length == 1 or self._cutter.has_word(word):
                longest = word
        return found, longest


def _bits(lists: Iterable[Iterable[str]]) -> dict[str, int]:
    made: dict[str, int] = {}
    for number, words in enumerate(lists):
        for word in words:
            made[word] = made.get(word, 0) | 1 << number
    return made


def _joined(*parts: _Column | int) -> Hashes:
    """One number for several."""
    made: Hashes = np.zeros(1, np.uint64)
    for one in parts:
        value = np.asarray(one).astype(np.uint64)
        made = (made + value + np.uint64(1)) * _MULTIPLY
        made = made ^ (made >> np.uint64(29))
    return made


def _slots(
    units: Units, first: Rows, last: Rows, inside: _Inside, left: _Side, right: _Side
) -> Rows:
    """A row a stretch, a column a feature."""
    features = _features(units, first, last, inside, left, right)
    columns = [_joined(number, *parts) for number, parts in enumerate(features, 1)]
    mixed = np.stack(columns, axis=1) * _SPREAD
    mixed ^= mixed >> np.uint64(31)
    slots: Rows = ((mixed * _MULTIPLY) >> np.uint64(64 - SLOT_BITS)).astype(np.int64)
    return slots


def _features(
    units: Units, first: Rows, last: Rows, inside: _Inside, left: _Side, right: _Side
) -> tuple[tuple[_Column, ...], ...]:
    """Each is what is seen together: of what is within, and of what is on either side."""
    ids, kinds = units.ids, units.kinds
    classes = np.where(kinds == HAN, 1, np.where(kinds == OTHER, ids.astype(np.int64), 2 + kinds))
    ids = _joined(ids, kinds)
    size = last - first + 1
    second = np.minimum(first + 1, last)
    third = np.minimum(first + 2, last)
    level = [units.given[one] for one in (second, third, last)]
    twice = (ids[last] == ids[last - 1]) & (size > 1)
    kind = _joined(size, kinds[first], kinds[second], kinds[last])
    form = _joined(kind, units.surnames[first], inside.compound)
    shape = _joined(form, *level, twice)
    coarse = _joined(np.minimum(size, 4), units.surnames[first] > 0, kinds[first], kinds[second])
    told = _joined(inside.word, inside.rest, inside.starts, inside.ends)
    b1, b2, b3 = ids[first - 1], _joined(ids[first - 2], ids[first - 1]), ids[first - 3]
    b3 = _joined(b3, b2)
    a1, a2 = ids[last + 1], _joined(ids[last + 1], ids[last + 2])
    a3 = _joined(a2, ids[last + 3])
    before, behind = left.lists[first], right.lists[last]
    word_before, word_behind = left.word[first], right.word[last]
    c1, d1 = classes[first - 1], classes[last + 1]
    c2, d2 = _joined(classes[first - 2], c1), _joined(d1, classes[last + 2])
    often = inside.often
    tag_before, tag_behind = left.tag[first], right.tag[last]
    return (
        (tag_before, coarse), (tag_behind, coarse), (tag_before, tag_behind, coarse),
        (tag_before, d1, shape), (c1, tag_behind, shape), (tag_before, a1), (b1, tag_behind),
        (tag_before, tag_behind, told), (inside.medical, coarse),
        (shape,), (told,), (kind, told), (shape, told), (shape, inside.word), (often, shape),
        (often, told, coarse), (form, inside.rest),
        (b1,), (b2,), (b3,), (word_before,), (before,), (c2,),
        (a1,), (a2,), (a3,), (word_behind,), (behind,), (d2,),
        (b1, coarse), (b2, coarse), (before, coarse), (word_before, coarse), (c1, shape),
        (a1, coarse), (a2, coarse), (behind, coarse), (word_behind, coarse), (d1, shape),
        (b1, a1), (before, behind), (before, behind, coarse), (c1, d1, coarse), (c1, d1, shape),
        (b1, behind), (before, a1), (c1, a2), (b2, d1), (c2, d2), (c2, d2, coarse),
        (before, told), (behind, told), (c1, d1, told), (b1, told), (a1, told),
        (before, behind, shape), (c1, behind, shape), (before, d1, shape),
        (ids[first], coarse), (ids[second], size), (ids[third], size), (ids[last], coarse),
        (ids[first], ids[second], size), (ids[last - 1], ids[last], size),
        (b1, ids[first]), (ids[last], a1), (ids[first - 2],), (ids[last + 2],), (ids[last + 3],),
        (ids[first - 3],),
    )  # fmt: skip
