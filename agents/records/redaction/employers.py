"""Where people work or go to school."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import HAN, any_word
from agents.records.redaction.begin import begin
from agents.records.redaction.frames import any_of
from agents.records.redaction.removal import Kind, Place
from agents.records.redaction.tables import Tables

_SURE: Final = (
    r"有限责任公司|股份有限公司|有限公司|公司|集团|厂(?!家)|煤矿|银行|派出所|支行|事务所|合作社|幼儿园"
    r"|小学(?!文化|生|学历)|中学(?!生)|高中(?!文化|生|学历)|职业学院|师范大学|大学(?!生|附属|本科|学历)"
    r"|学院(?!第|附属)|学校"
)
_SHORT: Final = (
    r"村委会|村民委员会|居民?委(?:员)?会|街道办|配送站|快递站|粮站|加油站|收费站|供电[所局]|税务[所局]"
    r"|公安局|交警队|消防队|环卫[所站处]|殡仪馆|图书馆|博物馆|体育馆|宾馆|饭店|酒店|酒楼|餐厅|餐馆|面馆"
    r"|火锅店|奶茶店|理发店|美发店|蛋糕店|超市|商场|商行|[牧农林渔]场|分场|养殖场|采石场|砖场|物流|快递(?!员)"
    r"|木器|木业|五金|项目部|工程队|施工队|技校|职高|职中|托儿所|车队|律所|琴行|网吧|影楼|茶楼|洗浴"
)
_FIRM: Final = rf"(?:(?:实业|科技|贸易|商贸|工业|集团|股份|制品){{0,2}}(?:{_SURE}))?"
_ENDS_SURE: Final = re.compile(rf"(?:{_SURE})$")
_FACTORY: Final = re.compile(
    r"(?<![一-鿿])[一-鿿]厂(?![家房长商址区])|(?<=[在到进去])[一-鿿]厂(?![家房长商址区])"
)
_ANY_FACTORY: Final = frozenset("工某本该我各老建出进外分他这那大小家个间药在到办开的")
_NUMBERED: Final = re.compile(
    rf"{HAN}{{2}}[一二三四五六七八九十](?:[小中高幼])(?=[今昨的念读报,，。、\s]|学生|老师|上学|$)"
    rf"|(?:(?<!{HAN})|(?<=在))(?:{HAN}{{2,3}})?[一二三四五六七八九十](?:[棉纺建轧汽钢]|标)"
    r"(?=的|上班|退休|干)"
)
_WORKS: Final = re.compile(
    rf"(?:挂在|[在到给进去])({HAN}{{2,6}}?)(?=上[班夜白]|打工|做工|务工|干活|教书|任教|念[高初大小书]"
    rf"|读[高初大小书研]|当[老保会司工厂教学班门]|看大?门|烧{HAN}{{0,4}}锅?炉|开{HAN}{{0,3}}[车机床]"
    rf"|[一-鿿]了[一二两三四五六七八九十几\d]{{1,4}}年)"
)
_CUE: Final = re.compile(
    r"(?:工作单位|单位名称|用人单位|就读学校|学校|单位)\s*[:：]\s*"
    r"|(?<=[,，。;；、 　\n])单位(?=[一-鿿])"
    r"(?![也没有里让说给的不要]|组织|体检|领导)|就职于?|任职于|供职于|就读于|毕业于"
)
_END: Final = re.compile(r"[,，。；;\n、(（)）]|\s|从事|采煤|任|拟")
_ENGLISH: Final = re.compile(
    r"(?:[A-Z][\w'&]+ ){1,4}(?:Inc|Ltd|LLC|Corp|Corporation|Company|Works|Elementa"
    r"ry School|High School|School|College|University|Academy)\b\.?"
    r"|(?<=employed by )(?:[A-Z][\w'&]+ ?){1,5}|(?<=[Ww]orks at )(?:[A-Z][\w'&]+ ?"
    r"){1,5}|(?<=Employer: )(?:[A-Z][\w'&]+ ?){1,5}"
)
_LEAST: Final = 2
"""Characters of a name before what it ends in."""


class Employers:
    """Companies, schools, shops, committees; by what they end in, or by what people do there."""

    def __init__(self, tables: Tables) -> None:
        self._region = re.compile(any_word(tables.regions))
        self._not = tables.no_employer
        short = rf"{_SHORT}|{any_of(tables.frames.work_ends)}"
        self._named = re.compile(rf"(?:{HAN}|\d|[a-z]){{2,24}}?(?:{_SURE}|{short}){_FIRM}")
        self._ends_short = re.compile(rf"(?:{short})$")
        self._common = re.compile(rf"(?:{any_word(tables.no_employer)}的?)*")

    def find(self, text: str, folded: str) -> Iterator[Place]:
        """`text` for what capital letters tell, `folded` for the rest."""
        for match in _CUE.finditer(folded):
            end = _END.search(folded, match.end())
            yield Place(match.end(), end.start() if end else len(folded), "employer")
        for match in self._named.finditer(folded):
            start = match.start() + self._begin(match[0])
            if self._is_named(folded[start : match.end()]):
                yield Place(start, match.end(), "employer")
        for match in _FACTORY.finditer(folded):
            if match[0][0] not in _ANY_FACTORY:
                yield Place(*match.span(), "employer")
        for match in _NUMBERED.finditer(folded):
            yield Place(*match.span(), "employer")
        for match in _WORKS.finditer(folded):
            if not match[1].startswith(self._not):
                yield Place(*match.span(1), "employer")
        yield from capital(_ENGLISH, text, "employer")

    def _begin(self, words: str) -> int:
        cut = begin(words, last=-2)
        region = self._region.search(words, cut)
        return region.start() if region else cut

    def _is_named(self, words: str) -> bool:
        """Whether more than common words stand before what it ends in."""
        common = self._common.match(words)
        rest = words[common.end() if common else 0 :]
        if kind := _ENDS_SURE.search(rest):
            return len(words) > 3 and kind.start() > 0 and rest != "某厂"
        kind = self._ends_short.search(rest)
        if kind is None:
            return False
        return kind.start() >= _LEAST or rest[: kind.start()] in {"县", "市", "区", "镇"}


def capital(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Place]:
    """What capital letters tell, without an article before it."""
    for match in pattern.finditer(text):
        words = match[0].split()
        if words[0] in {"The", "Local", "Our", "This", "Outpatient"}:
            words = words[1:]
        if len(words) > 1:
            yield Place(match.end() - len(" ".join(words)), match.end(), kind)
