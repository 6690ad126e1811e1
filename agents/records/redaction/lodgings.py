"""Where people live, wait or keep a stall: by the verb before it, and what the place ends in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import HAN
from agents.records.redaction.addresses import RURAL
from agents.records.redaction.frames import Frames, any_at, any_of
from agents.records.redaction.removal import Place

_WORD: Final = r"[一-鿿0-9a-z]"
_ENDS: Final = re.compile(r"[,，。;；\n、)）!！?？]|\s|$")
_HOUSES: Final = re.compile(
    rf"{HAN}{{2,6}}?[街路巷弄里苑园村城庄坊湾府庭]\d{{1,4}}(?:[-—弄栋幢#]\d{{1,4}}){{1,3}}"
    rf"|{HAN}{{2,4}}[街路巷弄][前后中上下东西南北][巷段街里]"
    rf"|{HAN}{{2,3}}(?:里|园|苑|新村)[一二三四五六七八九东西南北]区"
    rf"|{HAN}{{2,6}}[桥街路巷]{HAN}{{0,3}}?第[一二三四五六七八九]个?(?:胡同|路|巷|街|门|弄)口?"
    rf"|{HAN}{{2,6}}?\d{{1,3}}(?:幢|栋|号楼)(?:\d{{1,2}}单元)?(?:\d{{3,4}})?室?|\d{{1,3}}[排栋幢]\d{{1,3}}号"
)
_MOST: Final = 16


class Lodgings:
    """By frames whose words stand in a table."""

    def __init__(self, frames: Frames) -> None:
        signs = any_of(frames.home_signs)
        self._homes = any_at(frames.homes)
        self._until = re.compile(
            rf"(?:{_WORD}{{0,12}}?(?:{signs}))+(?:\d{{1,2}}[-—]\d{{1,4}})?"
            rf"|{HAN}{{2,6}}[a-z]?\d{{1,3}}[-—]\d{{1,4}}"
        )
        self._family = re.compile(rf"家(?:就?在|住)({HAN}{{2,8}}?)(?=[,，。;；\s]|那边|$)")
        self._ours = re.compile(
            rf"(?:家(?:就?是|住)?|自(?=[一-鿿]{{2,5}}步行))({HAN}{{1,4}}{RURAL})(?=的[,，。]|步行)"
        )
        self._around = re.compile(
            rf"(?:我们|咱们?|俺们?)({HAN}{{2,4}}?)(?=这[边里头儿块]|那[边里头儿块])"
        )
        self._stalls = re.compile(rf"[在回]({HAN}{{2,12}}?)(?={any_of(frames.stalls)})")
        self._no = any_at(frames.no_home)

    def find(self, folded: str) -> Iterator[Place]:
        """In a folded text."""
        for match in self._homes.finditer(folded):
            found = _ENDS.search(folded, match.end(), match.end() + _MOST)
            stop = found.start() if found else match.end() + _MOST
            words = self._until.match(folded, match.end(), stop)
            if words and not self._no.search(words[0]):
                yield Place(*words.span(), "address")
        for pattern in (self._family, self._ours, self._around, self._stalls):
            for match in pattern.finditer(folded):
                if not self._no.search(match[1]):
                    yield Place(*match.span(1), "address")
        for match in _HOUSES.finditer(folded):
            if not self._no.search(match[0]):
                yield Place(*match.span(), "address")
