"""Substances that are named without the word for allergy: by what came of them, or by a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.allergies.names import (
    NAME,
    About,
    is_allergen,
    known_in,
    list_end,
    pieces,
)
from agents.records.allergies.telling import stops

if TYPE_CHECKING:
    from agents.records.pack import Pack

_TESTING = re.compile(r"过敏原|变应原|点刺|斑贴|皮内试验|ige|spt")
_ALLERGIC = re.compile(r"过敏过?,")
_GRADE = re.compile(
    rf"(?:^|[,;:、\s])({NAME}{{2,8}}?)(?:皮试|点刺|spt)?\s?[:]?\s?(?:[0-6]\s?级|\((?:\+{{1,4}}|-)\)|[弱强]?阳性|阴性)"
)
_NO_ALLERGEN = re.compile(r"ige|对照|激发|查|结果|今日|本次|术前|检测|[总均都]$")
_RESULT = re.compile(r"皮试|阴性|\d")
_PLAIN_LIST = re.compile(rf"{NAME}{{1,10}}(?:、{NAME}{{1,10}})+(?=[,;。]|$)")


def told(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """What was taken, and a reaction came of it, or none, told at length."""
    known, said = about.known, pack.reactions
    if not known:
        return
    whole, asked = _onward(words, about)
    for at, found in enumerate(known):
        end = list_end(words, known, at)
        stop = _stop(pack, words, about, at)
        met = len(words) if asked and stop > len(words) else end
        if said.telling.follows(whole, found.start, met, max(stop, end), said.pattern) or (
            said.denied_after.match(words[found.end : stop])
        ):
            yield found.start, found.end


def _onward(words: str, about: About) -> tuple[str, bool]:
    """The words with those beyond as one sentence; whether they are an answer."""
    if not about.beyond:
        return words, False
    return words.rstrip()[:-1].ljust(len(words), ",") + about.beyond, words.rstrip()[-1:] == "?"


def _stop(pack: Pack, words: str, about: About, at: int) -> int:
    """Where what is told of a substance ends."""
    stop = stops(about.known, at, len(words))
    if stop < len(words) or not about.beyond:
        return stop
    after = known_in(pack, about.beyond)
    return len(words) + (after[0].start if after else len(about.beyond))


def blamed(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """What a reaction told before it is laid to: …喘不上来,护士说是头孢."""
    for match in pack.reactions.telling.blames.finditer(words):
        start, end = match.span(match.lastindex or 0)
        inside = [one for one in about.known if start <= one.start and one.end <= end]
        before = words[: match.start()]
        seen = pack.reactions.pattern
        if inside and (_ALLERGIC.search(before) or pack.reactions.telling.shown_in(before, seen)):
            yield from ((one.start, one.end) for one in inside)


def shunned(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """What one cannot touch, and what one met and reacted to: 沾不得…, 一吃…就."""
    known = about.known
    for start, end, shown in pack.reactions.telling.shunned(words, pack.reactions.pattern):
        inside = [one for one in known if start <= one.start and one.end <= end]
        if inside:
            yield from ((one.start, one.end) for one in inside if shown or is_allergen(one))
        elif shown:
            yield from pieces(pack, words, start, end)


def unnamed(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """What no table knows, told by how it was met and what came of it."""
    for start, end in pack.reactions.telling.unnamed(words, pack.reactions.pattern):
        if all(one.end <= start or end <= one.start or one.start < start for one in about.known):
            yield from pieces(pack, words, start, end)


def graded(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """Whatever is tested for: 狗上皮3级, 顺阿曲库铵皮试阴性."""
    del about
    if _TESTING.search(words):
        for match in _GRADE.finditer(words):
            if _NO_ALLERGEN.search(match[1]):
                continue
            yield from pieces(pack, words, match.start(1), match.end(1))


def in_list(pack: Pack, words: str, about: About) -> Iterator[tuple[int, int]]:
    """Whatever stands in a list of allergies beside a substance of the tables."""
    if not (about.listed and about.known):
        return
    known = about.known
    for match in _PLAIN_LIST.finditer(words):
        inside = [one for one in known if match.start() <= one.start and one.end <= match.end()]
        if inside and not _RESULT.search(match[0]):
            for start, end in pieces(pack, words, match.start(), match.end()):
                if all(end <= one.start or one.end <= start for one in inside):
                    yield start, end
