"""Chinese names that no label, title or kinship announces: weighed by all that speaks for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import rjieba

from agents.records.patterns import HANS
from agents.records.redaction.tables import Tables

_ENOUGH: Final = 0.0
NO_PERSON: Final = re.compile(
    r"\s?\d+(?:\.\d+)?\s?(?:k?g|mg|ml|μg|iu|u|克|片|粒|丸|袋|支|枚)(?![a-z])|样[变改物便水]|征(?![求得询])|菌"
    r"|片(?!刻)|胶囊|颗粒|丸|散(?!步)|汤|膏|口服液|注射液|滴眼|综合征|病(?![情了房区理重倒后危故逝假程历])"
)
"""Behind what is a medicine, a germ, a sign or a disease."""
_AS_NAME, _AS_WORD = 1.0, 1.5
_NO: Final = 9.0
_NEVER: Final = frozenset(
    "氏的了是不在与及或被把就都也很吗呢吧啊么个们这那哪什怎谁它她他你我您型性症病药科室院诊疗术"
)
"""Signs of no given name."""
_OFTEN: Final = 300
_MEASURE: Final = re.compile("[周年万元包段支时分双单步]")
_COUNTED: Final = re.compile(r"[\d一二两三四五六七八九十半几每数多近尖口脐甲瓣肛牙眼]")
_USUAL: Final = 200
"""A word as frequent as this is no given name unless all else says so."""


class Unlabelled:
    """Names by their signs, by what stands around them, and by where words begin and end."""

    def __init__(self, tables: Tables, cutter: rjieba.Jieba) -> None:
        self._tables = tables
        self._cutter = cutter

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a folded text in today's signs."""
        for run in HANS.finditer(text):
            borders = word_ends(self._cutter, run[0], run.start(), ways=(False, True))
            for at in range(run.start(), run.end() - 1):
                end = self._name_at(text, at, run.end(), borders)
                if end is not None and not self._before_one(text, at, run.end(), borders):
                    yield at, end

    def _before_one(self, text: str, at: int, stop: int, borders: set[int]) -> bool:
        """和 of 和于洋, 任 of 班主任水清: a word before a name, though a surname's sign."""
        if text.endswith(self._tables.titles, 0, at + 1):
            return True
        known = text[at + 1] in self._tables.surnames
        if not known and text[at + 1 : at + 3] not in self._tables.compound:
            return False
        before = text[at] in self._tables.doubtful - self._tables.usual
        if not before and text[at] not in self._tables.before_names:
            return False
        return self._name_at(text, at + 1, stop, borders) is not None

    def _name_at(self, text: str, at: int, stop: int, borders: set[int]) -> int | None:
        double = text[at : at + 2] in self._tables.compound
        family = 2 if double else 1
        if not double and text[at] not in self._tables.surnames:
            return None
        word = text.startswith(self._tables.not_names + self._tables.no_free, at)
        third = text[at + 2 : min(at + 3, stop)]
        if word and (
            third not in self._tables.given_core or self._cutter.has_word(text[at : at + 3])
        ):
            return None
        if _MEASURE.match(text, at) and _COUNTED.search(text, max(0, at - 1), at):
            return None
        best, end = _ENOUGH + _AS_WORD * word, None
        for length in (family + 2, family + 1):
            called = any(
                text.startswith(self._tables.called, place)
                for place in range(at + family, at + length)
            )
            if at + length <= stop and not called and not NO_PERSON.match(text, at + length):
                weight = self._weight(text, at, family, at + length, borders)
                if weight > best:
                    best, end = weight, at + length
        return end

    def _weight(self, text: str, at: int, family: int, end: int, borders: set[int]) -> float:
        name, given = text[at:end], text[at + family : end]
        weight = self._surname(text[at : at + family]) + self._given(given)
        weight += 1 if self._tables.begins(text, at) else 0
        if (
            end == len(text)
            or not HANS.match(text, end)
            or text.startswith(self._tables.goes_on, end)
        ):
            weight += 1
        if text.startswith(self._tables.only_people, end):
            weight += 1
        weight -= 2 * (at not in borders) + 1.5 * (end not in borders)
        if self._cutter.has_word(name):
            often = self._cutter.suggest_freq(name) > _OFTEN
            weight -= self._is_word(name) if len(name) < 3 else often
        if len(given) > 1:
            weight -= self._joined(name, given)
        return weight

    def _joined(self, name: str, given: str) -> float:
        """How much speaks for other words than a name in three signs."""
        weight = 1.0 * self._is_common(given)
        if self._is_common(name[:2]):
            weight += 1 if name[0] not in self._tables.usual else 0.5
        if given[-1] in self._tables.goes_on and given[-1] not in self._tables.given_core:
            weight += 1
        return weight

    def _is_common(self, word: str) -> bool:
        """Whether it is a usual word, and nobody's name."""
        if not self._cutter.has_word(word) or self._cutter.suggest_freq(word) < _USUAL:
            return False
        return not self._cutter.tag(word, False)[0][1].startswith("nr")

    def _is_word(self, name: str) -> float:
        person = self._cutter.tag(name, False)[0][1].startswith("nr")
        return _AS_NAME if person else _AS_WORD

    def _surname(self, name: str) -> float:
        if len(name) > 1:
            return 1.5
        if name in self._tables.doubtful:
            return -0.5 if name in self._tables.usual else -1
        return 1 if name in self._tables.usual else 0

    def _given(self, given: str) -> float:
        if not _NEVER.isdisjoint(given):
            return -_NO
        known = sum(one in self._tables.given for one in given)
        core = sum(one in self._tables.given_core for one in given)
        if known < len(given):
            return -1 if known else -2
        return 0.5 + core / len(given) + (0.5 if len(given) > 1 else -0.5)


def word_ends(
    cutter: rjieba.Jieba, words: str, start: int, *, ways: tuple[bool, ...] = (False,)
) -> set[int]:
    """Where a word may begin or end in a run that begins at `start`, by any of the ways to cut.

    A way: whether words that the dictionary has not are guessed.
    """
    made = {start}
    for unknown in ways:
        at = start
        for word in cutter.cut(words, unknown):
            at += len(word)
            made.add(at)
    return made
