"""Numbers of records that no usual label announces, also dictated: 二二零七五一."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.redaction.frames import Frames, any_of
from agents.records.redaction.removal import Place

_WORD: Final = "[零〇幺洞拐一二三四五六七八九]"
_SPOKEN: Final = rf"{_WORD}(?:[\s、-]?{_WORD}){{3,15}}(?![年月点百千万十])"
_FORMAL: Final = "[零壹贰叁肆伍陆柒捌玖拾佰]{2,8}"
_DAY: Final = r"(?!(?:19|20)\d\d[-./年])"
_CODE: Final = (
    r"(?=[a-z0-9 -]*\d[a-z0-9 -]*\d)[a-z]{0,4}[- ]?[0-9a-z]{1,12}(?:[- /][0-9a-z]{1,10}){0,3}"
    r"(?![\d.a-z%]|\s?(?:年|月|次|天|[个分度片粒万元]))"
)
_PLAIN: Final = (
    r"(?=[a-z]|0|\d+[-/]|\d{5}|\d{3,4} \d{2,4} \d)(?=[a-z0-9-]*\d[a-z0-9-]*\d[a-z0-9-]*\d)"
    r"(?:\d{3,4}(?: \d{2,4}){2,3}|[a-z]{0,4}-?\d[0-9a-z]{0,11}(?:[-/]\d{1,8}){0,3})"
)
_SHAPES: Final = re.compile(
    rf"(?<![a-z0-9.-]){_DAY}(?:(?:ct|mr|dr|dx|b超) \d{{2,4}}-\d{{2,6}}"
    rf"|[a-z]{{1,4}}\d{{0,4}}-\d{{4,8}}|\d{{4}}-\d{{4}}-\d{{1,4}}"
    r"|[a-z]{1,3}-\d{4}-\d{1,5}|[a-z]{2,4}-\d{1,2}-\d{3})(?![\d.a-z-])"
)
_DICTATED: Final = re.compile(
    rf"(?={_WORD}{{0,8}}[零〇幺洞])(?:{_WORD}[\s、-]?){{5,16}}{_WORD}(?![年月点百千万十])"
)
_IS: Final = (
    r"(?:好像|应该|大概|上面|上头|后面)?(?:写的?|印的?|标的?|贴的?|记的?)?(?:是|为|着|叫)?"
    r"\s?[:：#]?\s*"
)
_ANNOUNCED: Final = r"(?:好像|应该|大概|上面|就)?(?:是|为|写的是|写着|印着|[:：#])\s*"


class Codes:
    """Behind a word for a number or a paper, before one, or by shape."""

    def __init__(self, frames: Frames) -> None:
        papers, signs = any_of(frames.papers), any_of(frames.paper_signs)
        value = rf"({_SPOKEN}|{_FORMAL}|{_DAY}{_CODE})"
        plain = rf"({_SPOKEN}|{_DAY}{_PLAIN})(?![\d.a-z%]|\s?[年月次天个分度片粒万元×*])"
        self._patterns = tuple(
            re.compile(one)
            for one in (
                rf"{signs}{_IS}{value}",
                rf"(?<![\d一二三四五六七八九十两几])号(?:码|儿)?{_ANNOUNCED}{value}",
                rf"{papers}(?:[上里]面?|的?号|首页|[左右][上下][角方]|[上下]面|后头|角上|那串数?)*的?号?{_IS}{plain}",
                rf"(?<![a-z0-9.-]){plain}(?=号?[这那]?[个张份根管]?的?{any_of(frames.numbered)})",
            )
        )

    def find(self, folded: str) -> Iterator[Place]:
        """In a folded text."""
        for pattern in self._patterns:
            for match in pattern.finditer(folded):
                yield Place(*match.span(1), "record")
        for pattern in (_SHAPES, _DICTATED):
            for match in pattern.finditer(folded):
                yield Place(*match.span(), "record")
