"""Where people live: by the word before, by regions, by what streets and houses end in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import HAN, any_word
from agents.records.redaction.begin import begin
from agents.records.redaction.frames import any_of
from agents.records.redaction.removal import Place
from agents.records.redaction.tables import Tables

_CUE: Final = re.compile(
    r"(?:家庭住址|现住址|住址|户籍地址?|户口地址?|户口所在地|户口在|通讯地址|收件地址"
    r"|寄药地址|联系地址|工作地址|居住地址?|出生地|籍贯|原籍|地址|地点|(?:寄|送|收)[药货件]?写这个"
    r"|现住|家住|住于|居于|久居|居住于|居住在|家在|来自|发药至|寄至|送至|报称|生于)"
    r"(?:记一下|如下|改成|是)?\s*[:：]?\s*(?!者)"
)
_LIVES: Final = re.compile(
    r"(?<![入出忍止夹压按抓扶站记守包留不同得])住(?:在|于|着|勒|到)?(?!院|校|宿|[进了过几满不的所者])"
)
_UNTIL: Final = re.compile(
    r"[,，。；;\n、)）]|\s{2,}|　|\s(?=[一-鿿]{2,6}[:：])"
    r"|(?=收件人|收货人|电话|联系|居住|长期|单位)"
)
_UNIT: Final = (
    r"(?:特别行政区|自治区|自治州|自治县|省|市|州|地区|盟|区|县|旗|街道|社"
    r"区|镇|乡|村|屯|庄|寨|组|队|社|大道|[东西南北中]?路|[东西南北]?街"
    r"|大街|巷|弄|胡同|里|湾|号院|号楼|号|栋|幢|座|楼|单元|室|层|门|户|"
    r"小区|花园|家园|新村|苑|府|公寓|大厦|广场|国际|名都|景苑|城)"
)
_CHAIN: Final = re.compile(
    rf"(?:[一-鿿]{{1,7}}?{_UNIT}|[a-z]?\d{{1,5}}(?:-\d+){{0,3}}{_UNIT}?|[一二三四五六七八九十]+{_UNIT})+"
)
_ROOM: Final = "号楼|号|栋|幢|座|单元|室|层"
_ORDINAL: Final = "[一二三四五六七八九十]"
RURAL: Final = (
    "(?:村|屯|坎|墩|庄|寨|沟|坪|坡|岭|塘|滩|湾|坝|崖|坳|圩|墟|畈|垸|洼|峪|塬|埠|营|嘎查|苏木)"
)
_STREET: Final = re.compile(
    rf"(?:{HAN}{{2,5}}[市县区旗])?(?:{HAN}{{2,5}}(?:[区县镇乡]|街道))?{HAN}{{2,10}}?"
    r"(?:[路街巷弄村苑府镇坊]|大道|胡同|小区|花园|家园|公寓)"
    rf"(?:{HAN}{{0,8}}?\d{{1,5}}(?:号院|弄|组|{_ROOM})(?:{HAN}{{0,8}}?\d{{1,5}}(?:楼|{_ROOM})?)*"
    rf"|[a-z]座\d{{0,4}}|{_ORDINAL}{{1,2}}[组队社])"
)
_COUNTRY: Final = re.compile(
    rf"(?:{HAN}{{2,4}}(?:市|县|区))?{HAN}{{2,3}}(?:镇|乡"
    rf"){HAN}{{2,5}}(?:村|屯)(?:\d+[组号队社]|{_ORDINAL}+[组号队社])?"
)
_VILLAGE: Final = re.compile(
    rf"{HAN}{{1,5}}?{RURAL}(?:\d{{1,2}}|{_ORDINAL}{{1,2}})(?:小队|大队|组|队|社)"
    rf"|{HAN}{{2,6}}?{_ORDINAL}{{1,2}}(?:大队|小队)|{HAN}{{2,3}}组\d{{1,3}}号"
    rf"|{HAN}{{2,5}}(?:嘎查|苏木)(?!{HAN}{{0,3}}院)"
)
_HOUSE: Final = (
    "(?:宿舍|筒子楼|家属[院楼区]|大院|公寓|小卖部|菜场|菜市场|大桥|桥头|车站|晒谷场|敬老院|养老院"
    "|福利院|平房|工棚|出租屋|城中村)"
)
_SIDE: Final = "(?:对面|对过|旁边|隔壁|楼上|楼下|门口|路口|[前后]排|[东西南北]头|后头|后身|底下)"
_TAIL: Final = (
    rf"(?:[弄巷路]?[底口]|[甲乙丙丁](?![肝型流状类级])|[前后]门|{_ORDINAL}层阁?楼?|\d{{3,4}}(?![\d.年])"
    rf"|{_ORDINAL}[排栋号]|第{_ORDINAL}[家户排间]|{HAN}{{0,7}}?{_SIDE}(?:第{_ORDINAL}[家户间])?的?"
    rf"(?:{HAN}{{1,6}}?(?:[砖瓦平]房|那家(?:的楼[上下])?))?|{_HOUSE})"
)
_LANDMARK: Final = re.compile(rf"{HAN}{{2,10}}?{_HOUSE}(?:{_TAIL}){{1,3}}")
_AT: Final = re.compile(
    rf"(?:家在|[在回去到从])({HAN}{{0,5}}?(?:{RURAL}|[坳岭山坪坝]背|{_ORDINAL}?大队|[牧农林渔]场|窝子)"
    rf"{HAN}{{0,2}}?)(?=[看住种放收割养打干耕,，。;；的]|$)"
    rf"|在({HAN}{{2,5}}?)住(?=着|了|[,，。])"
    rf"|(?:^|(?<=[,，。;；\s]))({HAN}{{1,4}}{RURAL})(?=的[,，。;；\s]|人[,，。;；\s])"
)
_ENGLISH: Final = re.compile(
    r"\d{1,5} (?:[A-Z][\w']+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|D"
    r"r|Court|Ct|Boulevard|Blvd|Way|Square)\b\.?"
    r"(?:,? (?:Apt|Unit|Flat) \w+)?(?:, [A-Z][A-Za-z ]+?)?(?:,? [A-Z]{2} \d{5}(?:-\d{4})?)?(?![\w])"
)
_NOT_IN_CHAIN: Final = re.compile(
    r"病区|上叶|下叶|中叶|叶段|疫区|门诊|体表|单元格|分区|会议室|导管室|手术室|监护室|抢救室"
)
_TREATED: Final = re.compile(
    "医院|病区|病房|门诊|卫生院|导管室|手术室|监护室|抢救室|急诊|icu|\\d床"
)
_FLOOR: Final = re.compile(r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})[楼层](?![一-鿿]{0,6}\d)")
_LIVED_IN: Final = re.compile(
    rf"{_HOUSE}|{RURAL}|[路街巷弄坊]|\d|小区|花园|家园|[一二三四五六七八九十][组队楼栋]|[牧农林]场"
)


class Addresses:
    """Of people; a region alone only with 省 or 市 behind."""

    def __init__(self, tables: Tables) -> None:
        self._not = tables.no_address
        self._more = re.compile(rf"(?:{_TAIL}|{any_of(tables.frames.tails)}){{1,6}}")
        regions = any_word(tables.regions)
        self._region = re.compile(regions)
        self._from_region = re.compile(
            rf"{regions}(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区|地区)?"
        )

    def find(self, text: str, folded: str) -> Iterator[Place]:
        """`text` for what capital letters tell, `folded` for the rest."""
        for start, end in (*self._announced(folded), *self._shaped(folded)):
            more = self._more.match(folded, end)
            yield Place(start, more.end() if more else end, "address")
        for match in self._from_region.finditer(folded):
            chain = _CHAIN.match(folded, match.end())
            end = chain.end() if chain and not _NOT_IN_CHAIN.search(chain[0]) else match.end()
            if end > match.end() or match[0][-1] in "省市区":
                yield Place(match.start(), end, "address")
        for match in _AT.finditer(folded):
            name = next(group for group in match.groups() if group)
            if len(name) > 1 and not name.startswith(self._not):
                yield Place(*match.span(match.lastindex or 0), "address")
        for match in _ENGLISH.finditer(text):
            yield Place(*match.span(), "address")

    def _announced(self, folded: str) -> Iterator[tuple[int, int]]:
        """Behind 住址 or 住, to the end of the clause."""
        for cue, sign, most in ((_CUE, _UNIT, 60), (_LIVES, _LIVED_IN, 25)):
            for match in cue.finditer(folded):
                until = _UNTIL.search(folded, match.end())
                stop = min(until.start() if until else len(folded), match.end() + most)
                words = folded[match.end() : stop]
                has_place = self._region.match(words) or re.search(sign, words)
                if words and has_place and not _TREATED.search(words) and not _FLOOR.match(words):
                    yield match.end(), stop

    def _shaped(self, folded: str) -> Iterator[tuple[int, int]]:
        """Streets, villages and houses, behind the verb that stands before."""
        for pattern in (_STREET, _COUNTRY, _VILLAGE, _LANDMARK):
            for match in pattern.finditer(folded):
                if not _NOT_IN_CHAIN.search(match[0]):
                    yield match.start() + begin(match[0], last=8), match.end()
        for match in re.finditer(rf"{HAN}{{2,4}}[市县区]{HAN}{{2,4}}(?:镇|乡|街道)", folded):
            yield match.start() + begin(match[0], last=4), match.end()
