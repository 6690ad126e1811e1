"""What reads like a name and is none: 分钟|才, 要不要, 由工友, 管路."""

from __future__ import annotations

from typing import Final

import rjieba

from agents.records.redaction.tables import Tables

_OFTEN: Final = 300


class Nobody:
    """By the words around a place where only weak signs speak for a name."""

    def __init__(self, tables: Tables, cutter: rjieba.Jieba) -> None:
        self._tables = tables
        self._cutter = cutter

    def is_there(self, text: str, start: int, end: int) -> bool:
        """Whether what stands there, folded and in today's signs, is no name."""
        name = text[start:end]
        if name in self._tables.never:
            return True
        if name[:1] in self._tables.never_first or name[-1:] in self._tables.never_last:
            return True
        if text[end : end + 1] in {"不", "没"} and text[end + 1 : end + 2] == name[-1:]:
            return True
        if name[0] in self._tables.usual:
            return False
        if len(name) == 2 and name[1] in self._tables.seldom_last:
            return True
        if len(name) == 3 and name[0] in self._tables.before_people:
            return self._cutter.has_word(name[1:]) and not self._is_person(name[1:])
        # Its first sign ends another word.
        return (
            start > 0
            and self._is_common(text[start - 1 : start + 1])
            and not self._cutter.has_word(name)
        )

    def is_longer(self, text: str, end: int) -> bool:
        """Whether the last sign begins a usual word: 月 of 月经 behind 安妮."""
        return self._is_common(text[end - 1 : end + 1])

    def _is_common(self, word: str) -> bool:
        if len(word) < 2 or not self._cutter.has_word(word):
            return False
        often = self._cutter.suggest_freq(word) >= _OFTEN or word in self._tables.medical
        return often and not self._is_person(word)

    def _is_person(self, word: str) -> bool:
        return self._cutter.tag(word, False)[0][1].startswith("nr")
