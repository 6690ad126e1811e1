"""Given names and pet names alone, by the role they stand in: 让建军回来, 小满妈, 婆娘芳芳."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import rjieba

from agents.records.patterns import HANS, any_of
from agents.records.redaction.tables import Tables
from agents.records.redaction.unlabelled import word_ends

_STRANGE: Final = frozenset(
    "的了是不在与及或被把就都也很吗呢吧啊么个们这那哪什怎谁它她他你我均无未已说要去来没其您述查别吃得又再刚还只总昨每几"
)
"""Signs of no name alone."""
_ENOUGH: Final = 2.0
_SURELY: Final = ("让", "告诉", "催", "嘱咐", "叮嘱", "转告", "通知")
"""Whoever stands behind these does something."""
_OFTEN: Final = 50
_USUAL: Final = 1500
_PET: Final = re.compile(
    r"[阿][一-鿿]|([一-鿿])\1|[一-鿿][蛋娃妮丫柱剩妞囡妹仔崽]|小[一-鿿][子头宝豆果妹]|小([一-鿿])\2|老(?:疙瘩|来宝|幺|[二三四五六七八九])"
)
_SMALL: Final = re.compile(r"[小大二三老]([一-鿿])")
_TOGETHER: Final = re.compile(
    r"[一-鿿]{2,3}(?:、[一-鿿]{2,3}){1,5}(?=[两二三四五六七八九]人|[两三四五六]个人|[仨俩])"
)
_NEXT: Final = re.compile(r"[、,，]([一-鿿]{2})(?=[、]|[都和也])")
_BED: Final = re.compile(r"\d床[:： ]?([一-鿿]{2,3})(?=[,，。、;；]|老人|[ 　]*[男女][,， ])")
_NAMED: Final = re.compile(
    r"(?:[我他她]|[爷奶公婆爸妈爹娘弟妹哥姐]|孩子|儿子|女儿|闺女|丈夫|妻子|老[公婆]|[小大本真]名|姓[一-鿿][,，])"
    r"(?:的?名字)?叫做?([一-鿿]{2,3})(?=[,，。；;、（(\s]|$)"
)
_SIGNED: Final = re.compile(
    r"(?:^|(?<=\n))(?:[爸妈爹娘哥姐弟妹儿女]|儿子|女儿|丈夫|妻子|孙子|孙女|外孙|侄子|侄女|学生)"
    r"[ \u3000:：]([一-鿿]{2,3})(?=\s*(?:\n|$))"
)
_CALLED: Final = re.compile(
    r"(?:给)([一-鿿]{2,3})(?=打电话|打个电话|回电话|去电话|发微信|发短信|留言)"
)


class Roles:
    """Names that nothing but their role tells apart from words."""

    def __init__(self, tables: Tables, cutter: rjieba.Jieba) -> None:
        self._tables = tables
        self._cutter = cutter
        own = "[我俺额咱他她你]"
        self._kin = re.compile(rf"(?:{any_of(tables.kin)}|{own}(?:儿|哥|姐|弟|妹|爸|妈|娘|爹))$")
        self._told = re.compile(rf"(?:{any_of(tables.told)})$")
        self._behind = re.compile(any_of(tables.kin_behind))

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names in a folded text in today's signs."""
        for run in HANS.finditer(text):
            at, borders = run.start(), word_ends(self._cutter, run[0], run.start())
            while at < run.end() - 1:
                end = self._best(text, at, run.end(), borders)
                if end is not None:
                    yield at, end
                    yield from self._beside(text, end)
                at = end or at + 1
        for pattern in (_CALLED, _NAMED, _SIGNED):
            for match in pattern.finditer(text):
                if match[1] not in self._tables.anybody:
                    yield match.span(1)
        yield from self._listed(text)

    def _best(self, text: str, at: int, stop: int, borders: set[int]) -> int | None:
        if text.startswith(self._tables.anybody, at):
            return None
        best, end = _ENOUGH, None
        left = self._left(text, at)
        for length in (3, 2):
            name = text[at : at + length]
            if at + length <= stop and (_PET.fullmatch(name) or _STRANGE.isdisjoint(name)):
                weight = left + self._shape(name) + self._right(text, at + length)
                weight -= 1.5 * ((at not in borders) + (at + length not in borders))
                if weight >= best and (end is None or weight > best):
                    best, end = weight, at + length
        return end

    def _left(self, text: str, at: int) -> float:
        before = text[max(0, at - 4) : at]
        if self._kin.search(before):
            return 1.5
        if self._told.search(before):
            return 1.5 if before.endswith(_SURELY) else 1
        return 0.5 if self._tables.begins(text, at) or before[-1:] in "你我他她俺在时床" else -1

    def _right(self, text: str, end: int) -> float:
        if behind := self._behind.match(text, end):
            return 2.5 if behind[0][0] in "他她" else 1.5
        if text.startswith(self._tables.only_people, end):
            return 1
        if end == len(text) or not HANS.match(text, end):
            return 0.5
        goes_on = text.startswith(self._tables.goes_on, end)
        return 0.5 if goes_on or self._next(text, end)[0] in "vdprt" else -0.5

    def _next(self, text: str, end: int) -> str:
        """What kind of word comes next."""
        return self._cutter.tag(text[end : end + 4], False)[0][1] or "x"

    def _shape(self, name: str) -> float:
        if name[0] == "有" and name[-1] not in self._tables.given_core:
            return -9
        if len(name) == 3:
            return 1 if _PET.fullmatch(name) else -9
        if name[0] == "老" and name[1] in self._tables.usual:
            return -9
        small = _SMALL.fullmatch(name)
        twice = name[0] == name[1] and self._cutter.tag(name[0], False)[0][1].startswith("v")
        if _PET.fullmatch(name) and not twice:
            weight = 1.0
        elif small:
            weight = 0.5 + 0.5 * (small[1] in self._tables.given)
        else:
            core = all(one in self._tables.given_core for one in name)
            weight = 1.0 if core else 0.5 * all(one in self._tables.given for one in name)
        return weight - self._is_word(name)

    def _is_word(self, name: str) -> float:
        if not self._cutter.has_word(name) or self._cutter.tag(name, False)[0][1].startswith("nr"):
            return 0
        often = self._cutter.suggest_freq(name)
        if all(one in self._tables.given_core for one in name):
            return 1.0 if often > _USUAL else 0.5
        return 2.0 if often > _USUAL else 1.5 if often > _OFTEN else 1

    def _beside(self, text: str, end: int) -> Iterator[tuple[int, int]]:
        """Who stands in a list behind somebody, and is no word."""
        while match := _NEXT.match(text, end):
            if self._shape(match[1]) < -1 or match[1] in self._tables.anybody:
                break
            yield match.span(1)
            end = match.end(1)

    def _listed(self, text: str) -> Iterator[tuple[int, int]]:
        """郎咸、时光、计划三人; 6床江山, 7床成功."""
        for match in _TOGETHER.finditer(text):
            for one in HANS.finditer(match[0]):
                if one[0] not in self._tables.anybody:
                    yield match.start() + one.start(), match.start() + one.end()
        beds = [
            match
            for match in _BED.finditer(text)
            if match[1][0] in self._tables.surnames and match[1] not in self._tables.medical
        ]
        for match in beds if len(beds) > 1 else ():
            yield match.span(1)
