"""What is a word of medicine, so that no part of it is taken for somebody's name."""

from __future__ import annotations

import re
from typing import Final

import rjieba

from agents.records.patterns import HANS, any_word
from agents.records.redaction.tables import Tables

_SHORT: Final = 2
"""Characters of a term that may as well be a name."""


class Terms:
    """Medicines, diseases, herbs and tests of the pack, and whatever ends as medicines do."""

    def __init__(self, tables: Tables, cutter: rjieba.Jieba) -> None:
        self._tables = tables
        self._cutter = cutter
        self._words = frozenset(tables.medical)
        self._drug = re.compile(any_word(tables.drug_ends))

    def outside(self, text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The places that are no part of a term; a name that is one, too, only before a person."""
        terms = list(self._terms(text))
        return [place for place in found if not any(self._is_part(text, place, t) for t in terms)]

    def long(self, text: str) -> list[tuple[int, int]]:
        """Where terms stand that are too long for a name."""
        return [term for term in self._terms(text) if term[1] - term[0] > _SHORT]

    def _terms(self, text: str) -> list[tuple[int, int]]:
        made = [match.span() for match in self._drug.finditer(text)]
        for run in HANS.finditer(text):
            at = run.start()
            for word in self._cutter.cut(run[0], False):
                if len(word) > 1 and word in self._words:
                    made.append((at, at + len(word)))
                at += len(word)
        return made

    def _is_part(self, text: str, place: tuple[int, int], term: tuple[int, int]) -> bool:
        (start, end), (first, last) = place, term
        if end <= first or start >= last:
            return False
        if place == term and end - start <= _SHORT:
            return not text.startswith((*self._tables.only_people, *self._tables.titles), end)
        within = start <= first and last <= end and place != term
        return not within or last - first > _SHORT
