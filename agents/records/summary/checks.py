"""What an order asks for: tests, examinations, or no more than to come again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from agents.records.folding import fold
from agents.records.patterns import any_of

if TYPE_CHECKING:
    from agents.records.pack import Pack

_PARTS = re.compile(r"[、,;/+]|[和及与跟或]|\b(?:and|or)\b")
_MANY = r"(?:\d{1,4}|[一二两三四五六七八九十半数]{1,3})"
_TIME = re.compile(
    rf"每?隔?第?{_MANY}(?:\s?[-~～至到]\s?{_MANY})?\s?个?半?"
    r"(?:年|月|周|星期|礼拜|天|日|号|小时|次|回)(?:左右|以?[后内]|末|初)?"
    r"|下个?(?:周|月|礼拜|星期)[一二三四五六日天]?|(?:周|礼拜|星期)[一二三四五六日天]|次[日晨]"
    r"|明[天日早晨年]|每[年月周天日次季]|(?:in|within|after|every)\s[\w-]{1,6}\s(?:to\s\w+\s)?"
    r"(?:day|week|month|year)s?|\d{1,4}([-/.]\d{1,2}){1,2}"
)
_WITH = re.compile(r"(?:[携带]|空[腹着]).{0,8}?(?=复|来|再|做|查|$)")
_VISIT = re.compile(
    r"复诊|三诊|随[诊访]|就诊|门诊|[来返回]院|来诊|回来|再?来|联系|电话|return|follow|visit|clinic|see"
)
_VERB = re.compile(
    rf"{_VISIT.pattern}|复[查检评看测筛巡]|检查|化验|抽血|建议|告知|[遵医]?医?嘱[:：]?|定期|按时|及时|继续|注意"
    r"|必要时|再次|[我本专该](?=科)|[请再查测验]|[做行看抽]|[到在于去须应约]|(?<!心)后|一[下个]"
    r"|\b(?:repeat|recheck|re-check|check|up|review|please|the|for|an?|to|with|at|on|of|test|level)\b"
)
_EXAM = re.compile(r"(?:镜|图|片|线|试验|造影|活检|扫描|涂片|抗体|浓度|培养|病理|测定|线片)$")
_CHECKED = re.compile(r"复[查检评测筛]|[查测验做拆换取拔拍种评]|check|repeat")
_LEAST = 2
"""Characters of a word that is looked for."""


class Asked(NamedTuple):
    """One thing to check: done if one of `tests` is measured or each of `words` stands together.

    `name`: as the order writes it; each of `words` is a pattern. `vague`: it could be of anything
    unless the department that ordered it tells of it.
    """

    name: str
    tests: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    vague: bool = False

    def is_same(self, other: Asked) -> bool:
        """Whether doing one is doing the other."""
        return bool(self.tests & other.tests) or (bool(self.words) and self.words == other.words)

    def is_in(self, clause: str) -> bool:
        """Whether a folded clause speaks of it."""
        return bool(self.words) and all(re.search(one, clause) for one in self.words)


def asked(order: str, pack: Pack) -> tuple[Asked, ...]:
    """All that an order wants to have checked; empty if a visit is all."""
    folded = fold(order)
    return tuple(one for part in _PARTS.split(_TIME.sub(" ", folded)) for one in _asked(part, pack))


def department(order: str) -> str:
    """The one that an order sends to; empty if it names none."""
    found = [one for one in _named(fold(order)) if _is_place(one)]
    return found[0] if found else ""


def _asked(part: str, pack: Pack) -> Iterator[Asked]:
    relations = pack.relations
    known = [one for one in relations.check if re.search(_any(one.names), part)]
    for one in known:
        yield Asked(part, frozenset(one.tests), (_any(one.names),))
    rest = re.sub(any_of(_any(one.names) for one in known), " ", part)
    mentions = [one for one in pack.tests.find(rest, rest) if not one.tests[0].decoy]
    yield from (
        Asked(part, words=(re.escape(rest[one.start : one.end]),)) if one.tests[0].panel
        else Asked(part, frozenset(test.name for test in one.tests))
        for one in mentions
    )  # fmt: skip
    pictures = [one for one in relations.picture if re.search(_any(one.names), rest)]
    places = tuple(_any(one.names) for one in relations.place if re.search(_any(one.names), part))
    for one in pictures:
        yield Asked(part, words=(_any(one.names), *places), vague=not places)
    if not (known or mentions or pictures):
        yield from _unknown(part, pack)


def _unknown(part: str, pack: Pack) -> Iterator[Asked]:
    """What no test is: an examination or an operation, or whatever is to be checked elsewhere."""
    words = [one for one in _named(part) if not _is_place(one)]
    if _VISIT.search(part) or not _CHECKED.search(part):
        known = pack.lexicon.is_procedure
        words = [one for one in words if _EXAM.search(one) or known(one)]
    if words:
        yield Asked(part, words=tuple(map(re.escape, words)))


def _named(folded: str) -> list[str]:
    """What remains of an order without its time, its verbs and what is to be brought along."""
    bare = _WITH.sub(" ", _TIME.sub(" ", folded))
    return [
        word
        for one in re.split(r"[\s。:()\[\]{}]+", _VERB.sub(" ", bare))
        if len(word := one.strip("的时了并者")) >= _LEAST
    ]


def _is_place(word: str) -> bool:
    return word.endswith(("科", "中心", "病区"))


@cache
def _any(names: Iterable[str]) -> str:
    """A pattern of these names: whole Latin words, no diseases (高血压, 肾功能不全)."""
    found = any_of(
        f"(?<![a-z]){re.escape(fold(one))}" + ("(?![a-z])" if len(one) <= 4 else "")
        if one.isascii()
        else f"(?<![高低降调]){re.escape(fold(one))}"
        for one in names
    )
    return f"(?:{found})(?!能?(?:不全|衰竭|减退|亢进|症|病))"
