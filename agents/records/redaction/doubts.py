"""Where a person, a place of work or a ward may stand: wider than what is removed by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.records.patterns import HAN
from agents.records.redaction.begin import begin
from agents.records.redaction.cutter import cutter_of
from agents.records.redaction.frames import Frames, any_of
from agents.records.redaction.removal import Kind, Place, beside
from agents.records.redaction.tables import Tables

_COUNT: Final = "[一二三四五六七八九十]"
_NUMBER: Final = rf"(?:\d{{1,4}}|{_COUNT}{{1,3}})"
_WORD: Final = "[一-鿿a-z0-9-]"
_ENDS: Final = r"[,，。;；、!！?？\s()（）:：]|$"
_CLAUSE: Final = r"(?:^|(?<=[,，。;；、:：\s]))"
_SIDE: Final = "[东西南北甲乙丙丁]"
_MEASURE: Final = r"(?![\d.%/]|\s?[a-z%]|[年月日天周岁个次级分型期线位处角小])"
_UNITS: Final = "|病区|病房|病室|科|区|楼|层|室|舱|[ic]cu|急诊|留观|抢救|重症|监护|加床|[抢留监]"
_WORKS: Final = (
    "上|打|做|务工|干|工作|任|就职|退|念|读|教|当|开|修|烧|卖|看|管|拉|运|送|搬|扎|织|印|炒|切|装"
    "|摆|跑|理|带|刷|焊|割|接|值班|实习|兼职|住校|帮|下[井岗]|唱|守|卸|收|养|种"
)
_WORKERS: Final = (
    "[^的\\W]{0,3}?(?:[职员店]工|保安|司机|会计|[电钳焊瓦木架车钢砂]工|工人|老师|班主任|老板|同事"
    "|店长|领班|护理员|厨师|经理|师傅|分拣员|保洁|吊车手|老人|姐妹)"
)
_WORK_ENDS: Final = (
    "[厂矿店馆局社校园坊铺窑库城轻棉](?!区)|(?<!护士)站|(?<![执施不就还进自先流步平随换旅能可])行"
    "|(?<![在停现当到])场|标段?(?!准)|公司|集团|学校|[中小]学|基地|工地|车间|食堂|戏班|木器|双语"
    rf"|委会|{_COUNT}[中小高建]|委员会|(?<![厕住出来入转医我贵本该外社到归])[所院](?!长)"
)
_PLACE: Final = (
    "[村镇乡县市区路街巷弄屯庄湾沟坪坡岭桥口门头边里院楼园苑集渡店坝河山洼塘寨坎圩埠房幢栋号室铺"
    "墩坳崖阁棚摊场站井殿树下]"
)
_HOUSES: Final = (
    rf"{HAN}[村镇乡县屯庄寨沟坪岭坝街巷弄路苑渡坳坎]|花园|小区|公寓|胡同|宿舍|家属院|嘎查"
    rf"|{_COUNT}(?:[组队社排]|[小大]队)|\d{{1,4}}(?:号|幢|栋|弄|室|单元)|\d-\d"
)
_LIVES: Final = (
    "(?<![同共])(?:住|家在|家是|[我他她]家|居|搬到|搬去|来自|老家|送到|寄到|捎到|户口|地址|位于|租)"
    r"(?!院)(?:在|的是|是|了|勒|到|着)?\s?[:：]?\s?"
)
_BESIDE: Final = "[的那这住睡看养摆卖放后旁过打]"
_SAID: Final = re.compile("[了吗呢么吧您]|^[的着号者里]|不[行能会是犯]|没有|[我他她]$|^[我他她]")
_NO_NOUNS: Final = frozenset("vdrtfsmcp")
"""Parts of speech of words that name no place."""


class Doubts:
    """Wards, places of work and of living, by loose shapes: many are none."""

    def __init__(self, tables: Tables) -> None:
        self._nowhere = frozenset(
            {*tables.no_employer, *tables.no_address, *tables.labels, *tables.anybody}
        )
        self._medical = frozenset(tables.medical)
        self._cutter = cutter_of(tables.medical)
        self._patterns = (*_wards(tables.frames), *_employers(), *_addresses())

    def find(self, folded: str, taken: Sequence[Place] = ()) -> Iterator[Place]:
        """In a folded text, beside what is taken; many overlap."""
        for one in beside(folded, self._shaped(folded), taken):
            if one.kind == "ward" or not self._is_said(folded[one.start : one.end], one.kind):
                yield one

    def _shaped(self, folded: str) -> Iterator[Place]:
        for kind, pattern in self._patterns:
            for match in pattern.finditer(folded):
                start, end = match.span(match.lastindex or 0)
                start += begin(folded[start:end], last=-2) if kind != "ward" else 0
                yield Place(start, end, kind)

    def _is_said(self, words: str, kind: Kind) -> bool:
        """下班, 楼上, 输尿管上段: what is done, of the body, or called so anywhere."""
        if words in self._nowhere or _SAID.search(words):
            return True
        if self._cutter.has_word(words):
            tag = self._cutter.tag(words, False)[0][1]
            return tag[0] in _NO_NOUNS or (kind == "address" and tag == "n")
        return not self._medical.isdisjoint(self._cutter.cut(words, False))


def _wards(frames: Frames) -> Iterator[tuple[Kind, re.Pattern[str]]]:
    signs = map(any_of, (frames.departments, frames.bays, frames.department_signs))
    unit = f"(?:{'|'.join(signs)}{_UNITS})"
    for pattern in (
        rf"(?:{unit}|{_SIDE}区?|[a-h]区|{_NUMBER}[楼层区科]|{_COUNT}(?=\d)){{1,4}}\s?[+加-]?[a-h]?"
        rf"{_NUMBER}(?:号?床|号|病?区)?{_MEASURE}",
        rf"{unit}{{1,2}}{_SIDE}区|{_SIDE}区\s?[a-z]{{0,3}}[ic]cu|[ic]cu\s?[走过楼][道廊]",
        r"(?<![a-z])(?:[a-z]{1,3}[ic]cu|[ic]cu\s?[-+加]?\d{1,3})(?!\d)",
        rf"[东西南北急观抢加+]?(?:[a-z]?\d{{1,4}}|{_COUNT}{{1,3}})(?:号|的|-)?\d{{0,2}}"
        "(?:床(?!旁|边|上|被|单)|病房|病区|病室|房间|号房|舱|号楼|号[机箱椅])",
        r"(?<![\d.a-z])(?:[a-h]\d{1,3}|\d{1,2}[a-h]|\d{1,2}[a-h]?-\d{1,2}|\d{3,4}|[+加]\d{1,2})"
        rf"(?=的{HAN}|{HAN}{{1,3}}床|家属|病人|患者|那)",
        rf"{_CLAUSE}[+加]\d{{1,2}}(?!\d|\.)",
        rf"[东西南北]?{_NUMBER}号?[楼层区][东西南北]?(?:{_NUMBER}|[东西南北]|最?里|靠){HAN}{{0,4}}?"
        "(?=[,，。;；的在]|$)",
    ):
        yield "ward", re.compile(pattern)


def _employers() -> Iterator[tuple[Kind, re.Pattern[str]]]:
    for pattern in (
        rf"(?<![存所实正好现])[在到去进给替从于]({HAN}{{2,8}}?)的?(?={_WORKS})",
        rf"{_WORD}{{1,8}}?(?:{_WORK_ENDS})(?!{HAN}?员)",
        rf"(?:单位|公司|就职|任职|受雇|供职)[是在于叫:：]*\s?({HAN}{{2,10}}?)(?=的|{_ENDS})",
        rf"(?:{_CLAUSE}|[是系为原在我他她]们?)({HAN}{{2,5}}?)的?(?={_WORKERS})",
    ):
        yield "employer", re.compile(pattern)


def _addresses() -> Iterator[tuple[Kind, re.Pattern[str]]]:
    for pattern in (
        rf"{_LIVES}({_WORD}{{2,18}}?)(?={_ENDS}|[看养住打种放摆]|的[,，。])",
        rf"(?:[在到放搁回居至写]|路过|[我俺咱]们)({_WORD}{{1,14}}{_PLACE})(?={_ENDS}|{_BESIDE})",
        rf"{_WORD}{{1,6}}?(?:{_HOUSES}){_WORD}{{0,10}}?(?={_ENDS}|[的人])",
        rf"{_CLAUSE}({_WORD}{{2,8}}{_PLACE})(?=的[,，。]|[,，][男女]|独居|步行|人[,，。]|$)",
    ):
        yield "address", re.compile(pattern)
