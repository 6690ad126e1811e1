"""Where people live, work and are treated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.redaction.removal import Kind, Place
from agents.records.redaction.tables import Tables

_H: Final = r"[一-鿿]"
_CUE: Final = re.compile(
    r"(?:家庭住址|现住址|住址|户籍地址?|户口地址?|户口所在地|通讯地址|收件地址"
    r"|寄药地址|联系地址|工作地址|居住地址?|出生地|籍贯|原籍|地址|地点"
    r"|现住|家住|住于|居于|久居|居住于|居住在|家在|来自|发药至|寄至|送至|报称|生于)\s*[:：]?\s*"
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
    rf"(?:[一-鿿]{{1,7}}?{_UNIT}|[a-z]?\d{{1,5}}(?:"
    rf"-\d+){{0,3}}{_UNIT}?|[一二三四五六七八九十]+{_UNIT})"
    rf"+"
)
_ROOM: Final = "号楼|号|栋|幢|座|单元|室|层"
_ORDINAL: Final = "[一二三四五六七八九十]"
_STREET: Final = re.compile(
    rf"(?:{_H}{{2,5}}[市县区旗])?(?:{_H}{{2,5}}(?:[区县镇乡]|街道))?{_H}{{2,10}}?"
    r"(?:[路街巷弄村苑府镇]|大道|胡同|小区|花园|家园|公寓)"
    rf"(?:{_H}{{0,8}}?\d{{1,5}}(?:号院|弄|组|{_ROOM})(?:{_H}{{0,8}}?\d{{1,5}}(?:楼|{_ROOM})?)*"
    rf"|{_ORDINAL}{{1,2}}[组队社])"
)
_COUNTRY: Final = re.compile(
    rf"(?:{_H}{{2,4}}(?:市|县|区))?{_H}{{2,3}}(?:镇|乡"
    rf"){_H}{{2,5}}(?:村|屯)(?:\d+[组号队社]|[一二三四五六七八九"
    rf"十]+[组队社])?"
)
_ENGLISH: Final = re.compile(
    r"\d{1,5} (?:[A-Z][\w']+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|D"
    r"r|Court|Ct|Boulevard|Blvd|Way|Square)\b\.?"
    r"(?:,? (?:Apt|Unit|Flat) \w+)?(?:, [A-Z][A-Za-z ]+?)?(?:,? [A-Z]{2} \d{5}(?:-\d{4})?)?(?![\w])"
)
_HOSPITAL: Final = re.compile(
    rf"(?:{_H}|\d){{1,22}}?(?:医院(?:第?[一二三四五六七八九]?"
    rf"医学中心|[东西南北]院区?|[一-鿿]{{2}}院区|分院)?|卫生院|卫生服务中"
    rf"心|卫生服务站|卫生所|诊所|医学中心|医疗中心|保健院|疗养院|护理院|养老院|福"
    rf"利院|急救中心)"
)
_CUT: Final = re.compile(
    r"[于在到至去往赴由经予遂送诊为是后前并因从曾请将]|(?<!吉)转(?!化)|自(?"
    r"!贡|治|流)|机构|单位|联系|告知|说明|采样点|兹有|(?<!广)来"
)
_HOSPITAL_EN: Final = re.compile(
    r"(?:(?:Saint|St\.?|Mount|[A-Z][\w']+) ){1,4}(?:(?:General|Memorial|University"
    r"|Regional|Community|Children's) )?"
    r"(?:Hospital|Medical Cent(?:er|re)|Health Cent(?:er|re)|Clinic|Infirmary)\b"
)
_WARD: Final = re.compile(
    r"第?(?:[a-z]?\d{1,3}|[一二三四五六七八九十]{1,3})("
    r"?:病区|病房|病室|护理单元|疗区)|(?:抢救室|监护室)\d{1,2}床|"
    r"[内外骨妇产儿心神消呼肿泌脑胸]{1,2}[一二三四五六七八九十\d]病?区"
    r"|[+加]?\d{1,3}号?床(?!旁|边)|(?<=床号[:：])\s*[+加]"
    r"?\w{1,5}|(?<=床号 )[+加]?\d\w{0,4}|\b(?:ward|"
    r"bed|room|bay) ?(?:no\.? ?)?#?(?:\d{1,4}[a-"
    r"z]?|[a-z]\d{0,3})\b",
    re.IGNORECASE,
)
_EMPLOYER: Final = re.compile(
    rf"(?:{_H}|\d|[a-z]){{2,24}}?(?:有限责任公司|股份有限公司"
    rf"|有限公司|公司|集团|厂(?!家)|煤矿|银行|派出所|支行|事务所|合作社|幼儿"
    rf"园|小学(?!文化|生|学历)|中学(?!生)|高中(?!文化|生|学历)|职业学院"
    rf"|师范大学|大学(?!生|附属|本科|学历)|学院(?!第|附属)|学校)"
)
_EMPLOYER_CUE: Final = re.compile(
    r"(?:工作单位|单位名称|用人单位|就读学校|学校|单位)\s*[:：]\s*|(?"
    r"<=[,，。;；、 　\n])单位(?=[一-鿿])|就职于?|任职于|供职于|就读"
    r"于|毕业于"
)
_EMPLOYER_END: Final = re.compile(r"[,，。；;\n、(（)）]|\s|从事|采煤|任|拟")
_EMPLOYER_EN: Final = re.compile(
    r"(?:[A-Z][\w'&]+ ){1,4}(?:Inc|Ltd|LLC|Corp|Corporation|Company|Works|Elementa"
    r"ry School|High School|School|College|University|Academy)\b\.?"
    r"|(?<=employed by )(?:[A-Z][\w'&]+ ?){1,5}|(?<=[Ww]orks at )(?:[A-Z][\w'&]+ ?"
    r"){1,5}|(?<=Employer: )(?:[A-Z][\w'&]+ ?){1,5}"
)
_NO_EMPLOYER: Final = frozenset({"某公司", "一家公司", "某厂", "外地工厂", "工厂"})
_NOT_IN_CHAIN: Final = re.compile(r"病区|上叶|下叶|中叶|叶段|疫区|门诊|体表|单元格|分区")


class PlaceFinder:
    """Addresses, hospitals, wards, employers."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        regions = "|".join(map(re.escape, tables.regions))
        self._region = re.compile(regions)
        self._from_region = re.compile(
            rf"(?:{regions})(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区|地区)?"
        )
        self._short = re.compile("|".join(map(re.escape, tables.hospitals)))

    def find(self, text: str, folded: str) -> Iterator[Place]:
        """`text` for what capital letters tell, `folded` for the rest."""
        yield from self._addresses(text, folded)
        yield from self._hospitals(text, folded)
        for match in _WARD.finditer(folded):
            yield Place(*match.span(), "ward")
        yield from self._employers(text, folded)

    def _addresses(self, text: str, folded: str) -> Iterator[Place]:
        for match in _CUE.finditer(folded):
            until = _UNTIL.search(folded, match.end())
            stop = min(until.start() if until else len(folded), match.end() + 60)
            words = folded[match.end() : stop]
            has_place = self._region.match(words) or re.search(_UNIT, words)
            if words and has_place and not re.search("医院|病区|门诊|卫生院", words):
                yield Place(match.end(), stop, "address")
        for match in self._from_region.finditer(folded):
            chain = _CHAIN.match(folded, match.end())
            end = chain.end() if chain and not _NOT_IN_CHAIN.search(chain[0]) else match.end()
            if end > match.end() or match[0][-1] in "省市区":
                yield Place(match.start(), end, "address")
        for pattern in (_STREET, _COUNTRY):
            for match in pattern.finditer(folded):
                cut = max((m.end() for m in _CUT.finditer(match[0][:8])), default=0)
                cut = max(cut, *(m.end() for m in re.finditer("[现家]?住|患者", match[0])), 0)
                if not _NOT_IN_CHAIN.search(match[0]):
                    yield Place(match.start() + cut, match.end(), "address")
        for match in re.finditer(rf"{_H}{{2,4}}[市县区]{_H}{{2,4}}(?:镇|乡|街道)", folded):
            cut = max((m.end() for m in _CUT.finditer(match[0][:4])), default=0)
            yield Place(match.start() + cut, match.end(), "address")
        for match in _ENGLISH.finditer(text):
            yield Place(*match.span(), "address")

    def _hospitals(self, text: str, folded: str) -> Iterator[Place]:
        for match in _HOSPITAL.finditer(folded):
            start = self._begin(match)
            if self._is_named(folded[start : match.end()]):
                yield Place(start, match.end(), "hospital")
        for match in self._short.finditer(folded):
            yield Place(*match.span(), "hospital")
        yield from self._capital(_HOSPITAL_EN, text, "hospital")

    def _begin(self, match: re.Match[str]) -> int:
        """Where the name begins: behind the verb before it, or at the first region in it."""
        words = match[0]
        cut = max((m.end() for m in _CUT.finditer(words[:-2])), default=0)
        region = self._region.search(words, cut)
        return match.start() + (region.start() if region else cut)

    def _is_named(self, words: str) -> bool:
        stem = re.sub(
            r"(?:医院|卫生院|诊所|卫生服务中心|卫生服务站|卫生所|医学中心|医疗中心|保健"
            r"院|疗养院|护理院|养老院|福利院|急救中心).*",
            "",
            words,
        )
        stem = re.sub(r"^(?:的|我们|在|于|[。,，])", "", stem)
        return bool(stem) and stem not in self._tables.no_hospital

    def _employers(self, text: str, folded: str) -> Iterator[Place]:
        for match in _EMPLOYER_CUE.finditer(folded):
            end = _EMPLOYER_END.search(folded, match.end())
            yield Place(match.end(), end.start() if end else len(folded), "employer")
        for match in _EMPLOYER.finditer(folded):
            cut = max((m.end() for m in _CUT.finditer(match[0][:-2])), default=0)
            region = self._region.search(match[0], cut)
            start = match.start() + (region.start() if region else cut)
            if folded[start : match.end()] not in _NO_EMPLOYER and match.end() - start > 3:
                yield Place(start, match.end(), "employer")
        yield from self._capital(_EMPLOYER_EN, text, "employer")

    def _capital(self, pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Place]:
        for match in pattern.finditer(text):
            words = match[0].split()
            if words[0] in {"The", "Local", "Our", "This", "Outpatient"}:
                words = words[1:]
            if len(words) > 1:
                yield Place(match.end() - len(" ".join(words)), match.end(), kind)
