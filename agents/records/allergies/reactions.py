"""How an allergy shows itself."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from agents.records.allergies.telling import Telling
from agents.records.allergies.words import REACH
from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Parsed
from agents.records.patterns import any_of, any_word
from schemas.records import Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_THEN = re.compile(
    r"[”\"]?(?:类|片|注射液|眼药?水|滴眼液|软膏|味|烟味)?[:(—-]{0,2}\s?(?:[轻中重]度,)?(?:\d{4}年)?(?:耳环|项链|手链|手镯|戒指|表带|手表|皮带扣?|扣子?|首饰|气球|手套|镜框|拉链|制品|消毒|换药|冲洗|湿敷|包扎|点眼|滴眼|散瞳|雾化|肌注|静注|静推|亦|也|都|均|皆|一|生|曾|有|既往|上次|首次|静滴|口服|输注|使用|接触|外用|外敷|佩戴|吃|用|服|打|注射|贴|涂|抹|擦|戴|闻|点|滴|接种|喂|慎用|禁用|勿用|忌用)*(?:了|过)?[(]?曾?"
    r"(?:等)?(?:输快了)?(?:约?\d+\s?(?:分钟|小时|天|日|h|min|ml)(?:左右)?内?)?(?:以?后|时|曾|就|会|那次)?"
    r"(?:第.天)?(?:约?\d+\s?(?:分钟|小时|天|h|min))?(?:曾|便|即|就|会)?(?:局部|皮肤|身上|周围|一圈)?(?:出现|引起|诱发|发生|有|起|长|导致|致|出|全身|过|发)?(?:过)?"
)
_LAID = re.compile(r"(?:类|片|注射液)?(?:过敏(?!史)|所致|引起|导致|诱发|相关)")
_IT_IS = re.compile(
    r"(?:说|讲|查|考虑|怀疑|疑似?|估计|八成|可能|多半|应该)[^,;。]{0,3}[是为系][^,;。]{0,4}$"
)
_TESTED = re.compile(r"皮试(?:结果)?(?:呈|为)?(?:强?阳性|\(\+\))")
_PARTED = re.compile(r"[,;(]")
_OTHERWISE = re.compile(r"否认|无|未出现|治疗|;")
_DENIED = re.compile(r"否认|无|未|没有")
_LISTS = ("words", "before", "signs", "generic", "fill", "brief")
_PATTERNS = (
    "used", "usable", "untried", "denied", "denied_after", "taken_back", "maybe", "maybe_after",
    "bears", "short",
)  # fmt: skip


class Reactions(NamedTuple):
    """The words for reactions as one pattern; `generic`: words that name no substance.

    `hint`: one of it is in every reaction, and soon looked for. `alone`: words that are one by
    themselves; `beside`: where it is seen with its sign.
    `places`: what a reaction is seen on. `bears`: one of it is in all that is `used`, and soon
    looked for. `short`: what substances are called in rows of signs, and `brief` what reactions
    are. The others are what is said behind a substance.
    """

    hint: re.Pattern[str]
    pattern: re.Pattern[str]
    alone: re.Pattern[str]
    beside: re.Pattern[str]
    places: re.Pattern[str]
    generic: frozenset[str]
    used: re.Pattern[str]
    usable: re.Pattern[str]
    untried: re.Pattern[str]
    denied: re.Pattern[str]
    denied_after: re.Pattern[str]
    taken_back: re.Pattern[str]
    maybe: re.Pattern[str]
    maybe_after: re.Pattern[str]
    bears: re.Pattern[str]
    short: re.Pattern[str]
    brief: frozenset[str]
    telling: Telling

    @classmethod
    def read(cls, content: str, place: str) -> Reactions:
        """Raises BadPack."""
        try:
            table = tomllib.loads(content)
            said = {key: re.compile(any_of(table.get(key, []))) for key in _PATTERNS}
        except (tomllib.TOMLDecodeError, re.error, TypeError) as error:
            raise BadPack(f"{place}: {error}") from None
        words, before, signs, generic, fill, brief = (table.get(key, []) for key in _LISTS)
        if not all(isinstance(one, list) for one in (words, before, signs, generic, fill, brief)):
            raise BadPack(f"{place}: {', '.join(_LISTS)} are lists")
        sites, shown = _any(before), _any(words)
        seen = rf"{sites}{{1,2}}(?:{_any(fill)}){{0,3}}{_any(signs)}"
        one = rf"(?:(?:{sites}){{0,2}}{shown}|{seen})"
        return cls(
            re.compile(_any([*words, *signs])),
            re.compile(rf"{one}(?:(?:[、,及和伴与+]|\s?and\s?){one}){{0,3}}"),
            re.compile(shown),
            re.compile(seen),
            re.compile(sites),
            frozenset(map(fold, generic)),
            **said,
            brief=frozenset(map(fold, brief)),
            telling=Telling.read(content, place),
        )

    def tells(self, words: str) -> bool:
        """Whether a reaction is told there."""
        return self.hint.search(words) is not None and (
            self.alone.search(words) is not None or self.beside.search(words) is not None
        )

    def first(self, words: str, start: int, end: int) -> re.Match[str] | None:
        """The first reaction between two places."""
        if self.hint.search(words, start, end) is None:
            return None
        return self.pattern.search(words, start, end)


def _any(words: list[str]) -> str:
    return any_word(map(fold, words))


def reaction_of(parsed: Parsed, pack: Pack, span: Span, substances: list[Span], limit: int) -> str:
    """The words of the reaction behind a substance, before the next one's clause; or before it."""
    end = min(span.end + REACH, limit)
    match = pack.reactions.first(parsed.folded, span.end, end)
    if match is None:
        tested = _TESTED.match(parsed.folded, span.end, span.end + 12)
        if tested:
            return parsed.text[span.end : tested.end()]
        return _reaction_before(parsed, pack, span, substances)
    others = [one for one in substances if span.end <= one.start < match.start()]
    if others and _PARTED.search(parsed.folded, span.end, others[0].start):
        return _reaction_before(parsed, pack, span, substances)
    if _OTHERWISE.search(parsed.folded, span.end, match.start()):
        return _reaction_before(parsed, pack, span, substances)
    return parsed.text[match.start() : match.end()].lstrip("就")


def _reaction_before(parsed: Parsed, pack: Pack, span: Span, substances: list[Span]) -> str:
    """皮疹,考虑青霉素过敏: what is laid to it stands before."""
    start = max(parsed.sentence(span.start).start, span.start - REACH)
    if not _LAID.match(parsed.folded, span.end) and not _IT_IS.search(
        parsed.folded, start, span.start
    ):
        return ""
    if substances[0] != span:
        return ""
    found = [*pack.reactions.pattern.finditer(parsed.folded, start, span.start)]
    if not found or _DENIED.search(parsed.folded, start, span.start):
        return ""
    return parsed.text[found[-1].start() : found[-1].end()].lstrip("就")


def shows(pack: Pack, words: str, end: int, *, alone: bool) -> bool:
    """Whether a reaction is said to have followed what was taken; `alone`: no word of allergy
    says so too."""
    if alone and words[end : end + 1] in ("(", ":"):
        return False
    match = pack.reactions.first(words, end, end + 24)
    if match is None or pack.reactions.telling.eased.match(words, match.end()):
        return False
    if alone and pack.reactions.telling.strong.search(match[0]) is None:
        return False
    return _THEN.fullmatch(words, end, match.start()) is not None
