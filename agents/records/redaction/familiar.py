"""People called by less than their whole name: 老王, 王姐, 姓王的, 王总, 阿芳, 小宇妈妈."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import rjieba

from agents.records.patterns import any_of, any_word
from agents.records.redaction.tables import Tables

_KIN: Final = re.compile(
    r"..[妻夫母父子女婿媳]$|[之其老][妻夫母父子女公婆伴]$|爱人|保姆|护工|妈|爸|陪护|儿$|子$|女$"
)


class Familiar:
    """Family names by the word they are called with, and pet names."""

    def __init__(self, tables: Tables, cutter: rjieba.Jieba) -> None:
        self._tables = tables
        self._cutter = cutter
        any_one, usual = (
            f"({any_word(tables.compound)}|[{''.join(sorted(some))}])"
            for some in (tables.surnames, tables.usual)
        )
        given = f"[{''.join(sorted(tables.given))}]"
        core = f"[{''.join(sorted(tables.given_core))}]"
        goes_on = f"(?![一-鿿])|(?={any_word(tables.goes_on)})"
        cues = any_of(rf"(?<={re.escape(cue)})" for cue in tables.cues if _KIN.search(cue))
        called = any_word(tables.called)
        self._old = re.compile(rf"(?<![大中缩减变过最细较微年])[老小]{usual}(?:{goes_on})")
        self._head = re.compile(
            rf"(?<=老){usual}(?=头(?![痛晕疼昏皮部发])|太(?!太))|(?:(?<=家属大)|(?<=[,，。:：]大)){usual}(?=[（(，,说讲问])"
            rf"|(?:(?<=\n老)|(?<=[。；;]老)|(?<=^老)){any_one}(?=[补交说问报答][:：])"
        )
        self._bound = (
            re.compile(rf"{any_one}姓(?=[男女患病医护老家青中少妇])"),
            re.compile(rf"{any_one}{called}"),
            re.compile(rf"{usual}[{tables.called_short}](?:{goes_on})"),
        )
        self._free = re.compile(rf"{usual}{called}")
        self._named = re.compile(rf"姓{any_one}(?:的|(?![一-鿿]))")
        self._pets = re.compile(
            rf"阿{core}(?:{goes_on})|小{core}(?=妈|爸|爷|奶|姨|叔|快|乖)"
            rf"|({core})\1(?=妈|爸|爷|奶|姐|哥|[,，。(（、](?:男|女|\d))"
            rf"|(?<=宝宝)([一-鿿])\2|(?:(?<=小名)|(?<=乳名))(?:叫|是)?{core}{{1,2}}"
            rf"|(?<=叫)(?:小{core}|({core})\3|{core}子)|({core})\4(?=今|说|要|急|怎|能|最|发|不)"
            rf"|(?<![一-鿿])小{core}(?=替|说|也|还|昨|今|问|要|没|已|不肯|哭|吐|发[烧热]|的[妈爸])"
            rf"|(?<![一-鿿]){core}[姐哥](?:{goes_on})|(?<=[母妻妇女媳嫂]){any_one}氏(?![征病])"
            rf"|(?<!父母)(?:{cues})(?:{core}{given}|{given}{core})(?:{goes_on})"
        )

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of family and pet names in a folded text in today's signs."""
        yield from self._families(text)
        for match in self._pets.finditer(text):
            known = text.startswith(self._tables.not_names + self._tables.no_free, match.start())
            alone = match[0][0] in "小阿" or match[0][0] == match[0][-1]
            if not known and (alone or not self._cutter.has_word(match[0])):
                yield match.span()

    def _families(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self._old.finditer(text):
            if match[0] not in self._tables.familiar_not:
                yield match.span(1)
        for pattern in (self._head, self._named):
            for match in pattern.finditer(text):
                yield match.span() if pattern is self._head else match.span(1)
        for pattern in self._bound:
            for match in pattern.finditer(text):
                spoken_to = match[1] in self._tables.before_names and match[0].endswith("家属")
                if self._tables.begins(text, match.start()) and not spoken_to:
                    yield match.span(1)
        for match in self._free.finditer(text):
            # 任 of 主任 is no family.
            at = match.start()
            if not self._cutter.has_word(text[max(0, at - 1) : at + 1]):
                yield match.span(1)


def without_title(text: str, start: int, end: int, tables: Tables) -> int:
    """The end of a name without what its bearer is called: 王 of 王姐, 索 of 索护士."""
    family = 2 if text[start : start + 2] in tables.compound else 1
    if family == 1 and text[start] not in tables.surnames:
        return end
    words = tuple(one for one in (*tables.titles, *tables.called) if len(one) > 1)
    for at in range(start + family, end):
        if text.startswith(words, at):
            return at
    short = end - start == family + 1 and text[end - 1] in tables.called_short
    short = short and text[end - 1] not in tables.given_core
    joined = tables.begins(text, start) and text[start] in tables.usual | tables.doubtful
    return end - 1 if short and (family > 1 or joined) else end
