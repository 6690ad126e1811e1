"""How an allergy shows itself."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from agents.records.allergies.words import REACH, WORD
from agents.records.errors import BadPack
from agents.records.folding import fold
from agents.records.parsed import Parsed
from schemas.records import Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_THEN = re.compile(
    r"[:(]?\s?(?:\d{4}年)?(?:曾|有|既往|上次|静滴|口服|输注|使用|接触|外用|外敷|佩戴|吃|用|服|打|注射|贴|涂|抹|擦|戴|闻|点|滴|接种|喂)*(?:了|过)?"
    r"(?:类|片|注射液|眼水|味|烟味)?(?:等)?(?:输快了)?(?:后|时|曾|就|会|那次)?"
    r"(?:第.天)?(?:曾|便|即|就|会)?(?:出现|引起|诱发|发生|有|起|导致|致|出|全身|过|发)?(?:过)?"
)


class Reactions(NamedTuple):
    """The words for reactions as one pattern; `generic`: words that name no substance."""

    pattern: re.Pattern[str]
    generic: frozenset[str]

    @classmethod
    def read(cls, content: str, place: str) -> Reactions:
        """Raises BadPack."""
        try:
            table = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            raise BadPack(f"{place}: {error}") from None
        words, before, generic = (table.get(key, []) for key in ("words", "before", "generic"))
        if not all(isinstance(one, list) for one in (words, before, generic)):
            raise BadPack(f"{place}: words, before and generic are lists")
        one = rf"(?:{_any(before)}){{0,2}}(?:{_any(words)})"
        return cls(
            re.compile(rf"{one}(?:(?:[、,及和伴与]|\s?and\s?){one}){{0,3}}"),
            frozenset(map(fold, generic)),
        )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))


def reaction_of(parsed: Parsed, pack: Pack, span: Span, substances: list[Span]) -> str:
    """The words of the reaction behind a substance, before the next one's clause."""
    end = min(span.end + REACH, parsed.sentence(span.start).end)
    match = pack.reactions.pattern.search(parsed.folded, span.end, end)
    if match is None:
        tested = re.match(
            r"皮试(?:结果)?(?:呈|为)?(?:强?阳性|\(\+\))", parsed.folded[span.end : span.end + 12]
        )
        return parsed.text[span.end : span.end + tested.end()] if tested else ""
    between = parsed.folded[span.end : match.start()]
    others = [one for one in substances if span.end <= one.start < match.start()]
    if others and re.search(r"[,;(]", parsed.folded[span.end : others[0].start]):
        return ""
    if re.search(r"否认|无|未出现|治疗|;", between):
        return ""
    return parsed.text[match.start() : match.end()]


def shows(pack: Pack, words: str, end: int) -> bool:
    """Whether a reaction is said to have followed what was taken."""
    if words[end : end + 1] in ("(", ":") and not WORD.search(words):
        return False
    return (
        match := pack.reactions.pattern.search(words, end, end + 14)
    ) is not None and _THEN.fullmatch(words[end : match.start()]) is not None
