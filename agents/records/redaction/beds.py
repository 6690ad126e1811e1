"""Wards and beds as those on duty write them: 内二5, 走廊加3, EICU-6, 十九床, B区11."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.redaction.frames import Frames, any_of
from agents.records.redaction.removal import Place

_COUNT: Final = "[一二三四五六七八九十]"
_FLOOR: Final = rf"(?:{_COUNT}{{1,3}}|\d{{1,2}})(?:楼|层|病?区|病室|疗区)"
_SIDE: Final = "[东西南北]"
_CLAUSE: Final = r"(?:^|(?<=[,，。;；、：:\s]))"
_EDGE: Final = r"(?<![\d.a-z])"


class Beds:
    """By shapes; the departments and what is counted stand in a table."""

    def __init__(self, frames: Frames) -> None:
        units, signs = any_of(frames.departments), any_of(frames.department_signs)
        bays, measures = any_of(frames.bays), any_of(frames.measures)
        bed = rf"[+加]?\d{{1,3}}(?:-\d{{1,2}})?(?:号?床|号)?(?![\d.%/×*~-]|[:：]\d|\s?{measures})"
        seat = rf"\d{{1,3}}号?(?:机位?|位|椅|座|台|暖?箱)(?!{_COUNT})"
        # Where beds are told of, a number alone may be one.
        self._among = re.compile(
            rf"(?<=[,，、和])\d{{1,2}}(?={any_of(frames.of_beds)})"
            r"|(?<=[改挪移搬换]到)\d{1,2}(?=[,，。、;；]|$)"
            rf"|(?<=[,，、。;；和])[+加]\d{{1,2}}(?![\d.]|\s?{measures})"
        )
        self._patterns = tuple(
            re.compile(one)
            for one in (
                rf"(?:{units}科?|{signs}{{1,2}}科?)(?:{_COUNT}(?:病?区|楼|层|科)?|{_FLOOR}){_SIDE}?区?{bed}",
                rf"{units}科?{_SIDE}?[+加]\d{{1,3}}(?!\d)",
                rf"(?<=[从由转住到在回入往])(?:{units}|{signs}{{1,2}}){_COUNT}(?:区|科)?(?=[转的住来去出入,，。、\s]|$)",
                rf"{units}?科?(?<![a-z])[a-z]{{0,3}}[ic]cu[-\s]?{bed}",
                rf"{units}?(?:[a-h]区)?\s?{bays}[+加]?\s?{bed}",
                rf"{units}?{bays}[一二三四五六七八九](?=[的那床转号男女,，。、\s]|$)",
                rf"{units}科?[a-h]区\s?{bed}",
                rf"[a-z]{{0,3}}icu\s?{bays}",
                rf"{_FLOOR}{_SIDE}(?=靠|侧|头|病|[,，。])",
                rf"(?:{_CLAUSE}|(?<=[返转回往到由在从至])){_SIDE}{_COUNT}[楼区]?{bed}",
                rf"(?:透析|血透|输液|留观|化疗|雾化|婴儿|新生儿)[室厅区]?{seat}",
                rf"{_EDGE}[a-h]区\s?{bed}",
                rf"(?:{_SIDE}楼)?{_FLOOR}{_SIDE}{bed}",
                rf"{_SIDE}楼{_FLOOR}(?:靠[窗门墙里外](?:那张|的)?床?)?",
                rf"(?<![同第张这那每一半整两几半]){_COUNT}{{1,3}}号?床(?![被褥毯棉垫铺单旁边位大厚薄])",
                rf"{_EDGE}\d{{3,4}}的[+加]?\d{{1,3}}号?床",
                rf"(?:{_CLAUSE}|(?<=[返转回往到由在从])){units}科?[a-h]?{bed}(?=[一-鿿,，、：:]|$)",
                rf"(?:重症|监护|隔离|抢救|[a-z]{{0,3}}icu)室?{_COUNT}{{1,2}}号(?!线)",
                rf"{_FLOOR}最?(?:里|外|东|西|靠)[头边面窗门]?(?:那|的)(?:间|张|屋)",
                rf"{_CLAUSE}[+加]\d{{1,2}}(?=[、,，和]|今|要|转|出|家属|夜|昨|早|改)",
                r"[东西南北中]区\s?[a-z]{0,3}icu",
                rf"{_CLAUSE}\d{{1,2}}[a-h](?=的[一-鿿]|床)",
                rf"{_CLAUSE}[抢留监观]{bed}",
                rf"{_CLAUSE}\d{{1,2}}[a-h]-\d{{1,2}}(?=[一-鿿])",
                rf"(?:^|(?<=[,，。;；、\s])){_EDGE}[1-9]\d?[0-4]\d(?={any_of(frames.rooms)})",
            )
        )

    def find(self, folded: str) -> Iterator[Place]:
        """In a folded text."""
        found = [match.span() for one in self._patterns for match in one.finditer(folded)]
        if found or "床" in folded:
            found += [match.span() for match in self._among.finditer(folded)]
        for start, end in found:
            yield Place(start, end, "ward")
