"""Where people work that ends like nothing known: by what they do there, 八中 and 二建 by shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import rjieba

from agents.records.patterns import HAN
from agents.records.redaction.frames import Frames, any_at, any_of
from agents.records.redaction.removal import Place

_COUNT: Final = "[一二三四五六七八九十]{1,2}"
_CLAUSE: Final = r"(?:^|(?<=[,，。;；:：、(（\s]))"
_IN: Final = r"(?:(?<![现存所实正好])在|(?<![等遇看见感赶得直])到|给|替|帮|去|进|从)"
_HIRED: Final = re.compile(rf"(?:受雇于|受聘于|供职于|效力于)({HAN}{{2,10}}?)(?=[,，。;；\s]|$)")


class Workplaces:
    """By frames whose words stand in a table."""

    def __init__(self, frames: Frames, cutter: rjieba.Jieba) -> None:
        kinds, schools = any_of(frames.work_kinds), any_of(frames.school_kinds)
        works, workers = any_of(frames.works), any_of(frames.workers)
        before = any_of(frames.before_workers)
        name = rf"((?:{HAN}|[a-z0-9]){{2,6}}?)"
        self._no = any_at(frames.no_work)
        self._patterns = (
            re.compile(rf"{_IN}{name}(?={works})"),
            re.compile(rf"(?:{before})({HAN}{{2,5}}?)的?(?={workers})"),
            re.compile(
                rf"(?:单位|公司|厂子|学校)(?:是|叫做?|在)({HAN}{{2,8}}?)(?=的?[,，。;；\s]|的|$)"
            ),
            re.compile(
                rf"(?:{_IN}|[他我咱俺]们|考[上进]|(?<=[是读念的原系]))({HAN}{{0,2}}?{_COUNT}{schools})(?![年月日]|\d)"
            ),
            re.compile(rf"{_CLAUSE}({HAN}{{0,2}}?{_COUNT}{schools})(?=的?{workers}|的|{works})"),
            re.compile(
                rf"(?:{_IN}|{before}|{_CLAUSE})({HAN}{{0,4}}?{_COUNT}?{kinds})(?=的?{workers}|{works}|退休|内退|下岗)"
            ),
            re.compile(
                rf"(?:{_IN}|{before}|{_CLAUSE})({HAN}{{2,5}}?{any_of(frames.trades)})(?=的|{workers}|{works}|[,，。]|$)"
            ),
            re.compile(
                rf"(?:调|分配?|派|聘|招|跳槽)[到去进]({HAN}{{2,6}}?)(?={works}|[,，。;；]|$)"
            ),
            re.compile(
                rf"(?:[爸妈爹娘公婆哥姐弟妹夫妻他她](?![爸妈爹娘公婆哥姐弟妹夫妻])|{_CLAUSE})"
                rf"({HAN}{{1,2}}[^大结布当残破全时]局)(?=的[,，。]|退|上班|干了)"
            ),
        )
        self._weak = re.compile(
            rf"{any_of(frames.subjects)}在({HAN}{{2,5}}?)(?={any_of(frames.weak_works)})"
        )
        self._always = any_at(frames.always_work)
        self._cutter = cutter

    def find(self, folded: str) -> Iterator[Place]:
        """In a folded text."""
        for pattern in self._patterns:
            for match in pattern.finditer(folded):
                if not self._no.match(match[1]):
                    yield Place(*match.span(1), "employer")
        for pattern in (_HIRED, self._always):
            for match in pattern.finditer(folded):
                yield Place(*match.span(match.lastindex or 0), "employer")
        for match in self._weak.finditer(folded):
            if not self._no.match(match[1]) and self._is_strange(match[1]):
                yield Place(*match.span(1), "employer")

    def _is_strange(self, name: str) -> bool:
        """Whether it is no word, or none that tells a place or a time."""
        tags = [tag for _, tag in self._cutter.tag(name, False)]
        return (len(tags) > 1 and tags[0][0] in "vanz") or tags[0] in {
            "nz",
            "ns",
            "nt",
            "nr",
            "nrt",
        }
