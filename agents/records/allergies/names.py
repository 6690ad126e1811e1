"""Names of substances: those of the tables, and what may be one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from agents.records.terms import Found
from schemas.records import Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

NAME = r"[^\s,;。、:()\[\]【】!?“”\"无否未有后就]"
_SPLIT = re.compile(r"[、,/+]|及|和|与|\band\b|\bor\b|以及")
_JUNK = re.compile(
    r"不|[一二两三四五六几多]种|啥|任何|从来|从没|哪|谁|牌子|非|了|的|孩子|没见|什么|就|到|去年|今年|昨|是否|自己|别人|饭|东西|这|那个|时|至|也|是|说|下列|第|他|她|其|并|而|属|上述|那次|\d|[☑□√]|[a-z]$|一|自称|考虑|全身|我|您|你|皮试|问|首次"
)
_BEFORE_NAME = re.compile(
    r"^(?:[这那]位|大爷|大妈|老太太?|老人家?|宝宝|病人|认|曾|因|患者|服用|使用|口服|静滴|静脉滴注|注射|既往|食用|进食|接触|吃|药物|食物)+"
)
_BEHIND_NAME = re.compile(
    r"(?:类?药物|眼药水|不过敏|过敏|等|药物史|不|无|有|均|都|曾|可疑|疑似|严重|产生|存在|发生|查出来?|测出来?|检出)+$"
)
_JOINS = frozenset({"、", "和", "及", "与", "以及"})


class About(NamedTuple):
    """Where a sentence stands. `listed`: in a list of allergies; `spoken`: of them on its line;
    `worded`: it has a word for allergies itself.

    `known`: the substances of the tables in it, in order; `beyond`: the next sentence, where it
    goes on with what came of them; `rows`: what is read already as rows of signs.
    """

    listed: bool
    spoken: bool
    worded: bool = False
    known: Sequence[Found] = ()
    beyond: str = ""
    rows: Sequence[Span] = ()


def pieces(pack: Pack, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The single names of a list of substances."""
    edges = [start]
    for match in _SPLIT.finditer(words, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        piece = words[left:right]
        # 认 is what is left of 否认.
        trimmed = _BEHIND_NAME.sub("", _BEFORE_NAME.sub("", piece.strip()))
        if _is_name(pack, trimmed):
            at = words.index(trimmed, left)
            yield at, at + len(trimmed)


def _is_name(pack: Pack, words: str) -> bool:
    """Whether a piece may be the name of a substance."""
    return (
        bool(words)
        and words not in pack.reactions.generic
        and len(words) <= 30
        and not _JUNK.match(words)
        and not pack.reactions.places.fullmatch(words)
    )


def known_in(pack: Pack, words: str) -> list[Found]:
    """Of the tables, in order; none that is a part of the name of a test (纤维蛋白原)."""
    found = pack.allergens.find(words)
    # A skin test is no intake, and hides the drug that it is of.
    drugs = pack.drugs.find(words.replace("皮试", "  "))
    taking = pack.reactions.telling.taking
    found += [
        Found(one.start, one.end, one.term)
        for one in drugs
        if not one.weak or taking.search(words, max(0, one.start - 2), one.start)
    ]
    if not found:
        return []
    tests = [
        (one.start, one.end)
        for one in pack.tests.find(words, words)
        if not words.endswith("ige", one.start, one.end)
    ]
    kept: list[Found] = []
    found = [one for one in found if not _is_guess(pack, words, one, found)]
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        inside = tests and any(
            a <= one.start and one.end <= b and b - a > one.end - one.start for a, b in tests
        )
        if not inside and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return kept


def _is_guess(pack: Pack, words: str, one: Found, found: Sequence[Found]) -> bool:
    """Whether no table has a name, and a known one is its end: 小就对青霉素."""
    if len(found) == 1 or not any(
        other.end == one.end and other.start > one.start for other in found
    ):
        return False
    name = words[one.start : one.end]
    return pack.drugs.get(name) is None and pack.allergens.get(name) is None


def list_end(words: str, known: Sequence[Found], at: int) -> int:
    """Where the list ends that a substance stands in: 异烟肼、利福平耐受."""
    while at + 1 < len(known) and words[known[at].end : known[at + 1].start] in _JOINS:
        at += 1
    return known[at].end


def list_start(words: str, known: Sequence[Found], at: int) -> int:
    """Where the list begins that a substance stands in."""
    while at and words[known[at - 1].end : known[at].start] in _JOINS:
        at -= 1
    return known[at].start


def is_allergen(found: Found) -> bool:
    """Whether the table of allergens has it, and no kind of medicine goes before it (表麻药)."""
    return not found.term.code and not found.term.name.startswith("盐酸")
