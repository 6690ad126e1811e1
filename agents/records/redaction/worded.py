"""Dates in words: 二〇二四年九月, 腊月初八, 大年初三, 上个月十五, 去年中秋, 五一那天."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.patterns import any_word
from agents.records.redaction.removal import Place
from agents.records.redaction.tables import Tables

_ONE: Final = "一二三四五六七八九"
_ENDS: Final = (
    "(?![余多几来次天个月岁年片粒颗毫克斤度分点倍步米针支瓶袋级型期组床号日楼层一二三四五六七八九])"
)
_EARLY: Final = f"初(?:十|[{_ONE}])"
_LATE: Final = rf"(?:三十[一]?|(?:二十|廿|卅)[{_ONE}]?|十[{_ONE}]?){_ENDS}"
_MONTH: Final = rf"(?:正月|腊月|冬月|闰?(?:十[一二]?|[{_ONE}])月(?:份)?)"
_NUMBERED: Final = "[二一][〇零九][〇零一二三四五六七八九]{2}年"
_YEAR: Final = (
    rf"(?:(?:去|今|前|大前|明|当|同|本|上)年|(?:19|20)\d\d年|{_NUMBERED}"
    "|[零〇一二]?[零〇一二][〇零一二三四五六七八九]年)"
)
_NTH: Final = f"(?:[二三]?十?[{_ONE}]|[二三]?十)"
_DATED: Final = re.compile(
    rf"(?:{_YEAR}的?)?(?:农历|阴历|旧历|老历)?{_MONTH}(?:{_EARLY}|{_LATE}|{_NTH}[日号])"
    rf"|{_NUMBERED}[一二三四五六七八九十]{{1,2}}月(?:[一二三四五六七八九十]{{1,3}}[日号])?"
    rf"|(?:大年|年)(?:{_EARLY}|三十(?!岁|[{_ONE}]))"
    rf"|(?:上上|上|本|这|下|当)个?月(?:的)?(?:{_EARLY}|{_LATE}|(?:{_NTH}|\d{{1,2}})[日号])"
    rf"|(?<!上)(?<!读)(?<!念)(?<!年级){_EARLY}(?:那天|当天|(?=一早|早上|晚上|上午|下午|夜里|凌晨|才|就))"
    rf"|{_MONTH}{_NTH}(?:那[天晚]|当[天晚]|(?=早上|晚上|夜里|一早))"
    r"|(?<![\d.])(?:1[0-2]|0?[1-9])\.(?:[12]\d|3[01]|0?[1-9])"
    r"(?=的(?:手术|记录|报告|片子?|单子?|门诊|[bc][超t]))"
    rf"|(?:农历|阴历|旧历|老历)\s?(?:{_EARLY}|{_LATE})"
)
_THAT_DAY: Final = (
    "节?的?(?:[那当][天晚日夜]|前[夜夕]|前一[天晚]|后一天|第二天|次日|"
    "那个[上下早晚中][午上]|头[一两][天日]|[上下][午]|一早|早上|晚上|以前|以后|之前|之后)"
)
_UNTIL: Final = r"(?<=到)|(?<=过了)|(?<=打从)|(?<=自从)|(?<=在)|(?<=于)|(?<=等)|(?<=从)"
_NO_DAY: Final = r"(?!前后|期间|时节|左右|将至|一过|花|茶|菜|粽|面|雨)"


class WordedDates:
    """Calendar days that are told by words; they are removed, not moved."""

    def __init__(self, tables: Tables) -> None:
        feast = any_word(tables.festivals)
        self._feast = re.compile(
            rf"{_YEAR}的?{feast}(?:{_THAT_DAY}|节?{_NO_DAY})"
            rf"|{feast}{_THAT_DAY}|(?:{_UNTIL}){feast}(?:节)?{_NO_DAY}"
        )

    def find(self, folded: str) -> Iterator[Place]:
        """In a folded text."""
        for pattern in (_DATED, self._feast):
            for match in pattern.finditer(folded):
                yield Place(*match.span(), "date")
