"""Where people are treated: hospitals and wards; and with them addresses and employers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import HAN, any_word
from agents.records.redaction.addresses import Addresses
from agents.records.redaction.beds import Beds
from agents.records.redaction.begin import begin
from agents.records.redaction.cutter import cutter_of
from agents.records.redaction.employers import Employers, capital
from agents.records.redaction.frames import any_of
from agents.records.redaction.lodgings import Lodgings
from agents.records.redaction.removal import Place
from agents.records.redaction.tables import Tables
from agents.records.redaction.workplaces import Workplaces

_KINDS: Final = (
    "卫生院|卫生站|卫生室|医务室|医务所|卫生服务中心|卫生服务站|卫生所|诊所|医学中心|医疗中心|保健院"
    "|疗养院|护理院|养老院|福利院|急救中心"
)
_HOSPITAL: Final = re.compile(
    rf"(?:{HAN}|\d){{1,22}}?(?:医院(?:第?[一二三四五六七八九]?医学中心|[东西南北]院区?"
    rf"|[一-鿿]{{2}}院区|分院)?|{_KINDS})"
)
_HOSPITAL_EN: Final = re.compile(
    r"(?:(?:Saint|St\.?|Mount|[A-Z][\w']+) ){1,4}(?:(?:General|Memorial|University"
    r"|Regional|Community|Children's) )?"
    r"(?:Hospital|Medical Cent(?:er|re)|Health Cent(?:er|re)|Clinic|Infirmary)\b"
)
_COUNT: Final = "[甲乙丙丁东西南北一二三四五六七八九十\\d]{1,2}"
_WARD: Final = re.compile(
    r"第?(?:[a-z]?\d{1,3}|[一二三四五六七八九十]{1,3})(?:病区|病房|病室|护理单元|疗区)"
    r"|(?:急诊(?:留观|抢救)?|留观|抢救|监护|隔离|负压|重症|日间)室?[+加]?\d{1,3}号?床(?!旁|边)"
    r"|(?<![a-z])[a-z]{0,3}(?:icu|ccu)\s?[+加]?\d{1,3}号?床(?!旁|边)"
    r"|[东西南北甲乙丙丁](?:病?区|楼)?[+加]?\d{1,3}号?床(?!旁|边)"
    rf"|(?:老年|新生儿|[内外骨妇产儿神心肾胸胃肝感中康疼血呼消泌肿急眼皮]{HAN}{{0,2}})科{_COUNT}病?区"
    r"|[内外骨妇产儿心神消呼肿泌脑胸]{1,2}[一二三四五六七八九十\d]病?区"
    r"|[+加]?\d{1,3}号?床(?!旁|边)|(?<=床号[:：])\s*[+加]?\w{1,5}|(?<=床号 )[+加]?\d\w{0,4}"
    r"|\b(?:ward|bed|room|bay) ?(?:no\.? ?)?#?(?:\d{1,4}[a-z]?|[a-z]\d{0,3})\b",
    re.IGNORECASE,
)


class PlaceFinder:
    """Addresses, hospitals, wards, employers."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._region = re.compile(any_word(tables.regions))
        self._short = re.compile(any_word(tables.hospitals))
        self._clinics = re.compile(
            rf"(?<=[在去到]){HAN}{{2,4}}?{any_of(tables.frames.clinics)}(?=[做看治住拍查开打接的])"
        )
        self._addresses = Addresses(tables)
        self._employers = Employers(tables)
        self._framed = (
            Lodgings(tables.frames),
            Beds(tables.frames),
            Workplaces(tables.frames, cutter_of(tables.medical)),
        )

    def find(self, text: str, folded: str) -> Iterator[Place]:
        """`text` for what capital letters tell, `folded` for the rest."""
        yield from self._addresses.find(text, folded)
        yield from self._hospitals(text, folded)
        for match in _WARD.finditer(folded):
            yield Place(*match.span(), "ward")
        yield from self._employers.find(text, folded)
        for one in self._framed:
            yield from one.find(folded)

    def _hospitals(self, text: str, folded: str) -> Iterator[Place]:
        for match in _HOSPITAL.finditer(folded):
            cut = begin(match[0], last=-2)
            region = self._region.search(match[0], cut)
            start = match.start() + (region.start() if region else cut)
            if self._is_named(folded[start : match.end()]):
                yield Place(start, match.end(), "hospital")
        for pattern in (self._short, self._clinics):
            for match in pattern.finditer(folded):
                yield Place(*match.span(), "hospital")
        yield from capital(_HOSPITAL_EN, text, "hospital")

    def _is_named(self, words: str) -> bool:
        stem = re.sub(rf"(?:医院|{_KINDS}).*", "", words)
        stem = re.sub(r"^(?:的|我们|在|于|[。,，])", "", stem)
        return bool(stem) and stem not in self._tables.no_hospital
