"""What the patient may be allergic to: substances beside a word of allergy or a reaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.allergies.reactions import shows
from agents.records.allergies.words import REACH, TESTED, TESTS
from agents.records.terms import Found
from schemas.records import Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_NAME = r"[^\s,;。、:()\[\]【】!?“”\"无否未有后]"
_TO = re.compile(
    rf"(?:对|于)[\"“”]?({_NAME}{{1,14}}(?:[、及和与,]{_NAME}{{1,14}}){{0,4}}?)[\"“”]?(?:等|药物|类药物)?"
    r"(?:曾|有|均|都|无|不|确|可疑|疑似|严重|产生|存在|既往|发生)*(?:过敏|皮试)"
)
_ENGLISH = re.compile(
    r"allerg(?:y|ic|ies) to ([a-z][a-z -]{2,30}?)(?=[,;.()\n]| and | with | caus|$)"
)
_SPLIT = re.compile(r"[、,/+]|及|和|与|\band\b|\bor\b|以及")
_USED = re.compile(
    r"类?(?:药物|眼药水)?(?:以前|既往|从来|本次|一直|曾|均|都|也|倒)*(?:[能可]?(?:以前)?[用吃打服喝输点碰种喂](?:过|了|着)?)?"
    r"(?:在用)?(?:多|两|几|好几)?次?(?:均|都|也|倒)?(?:没事|没问题|无反应|无异常|无不适|没有?反应|没有过敏|无过敏|正常|不过敏|均?无碍|可?耐受)"
)
_JUNK = re.compile(
    r"不|非|了|至|也|是|说|下列|第|他|她|其|并|而|属|上述|那次|\d|[☑□√]|[a-z]$|一|自称|考虑|全身"
)
_TAKEN = re.compile(
    rf"(?:服用|使用|口服|静滴|注射|食用|进食|接触|吃|服|用|碰|输注|打过一次|喂|抹|涂|贴|佩戴|戴)(?:过|了)?({_NAME}{{2,8}}?)"
    r"(?=后|起|曾|出现|引起|就|致)"
)
_LISTED = re.compile(rf"({_NAME}{{1,12}}(?:、{_NAME}{{1,10}}){{0,3}})$")
_APART = re.compile(
    r"治疗|控制|抗$|氯雷他定|西替利嗪|改善|缓解|\d\s?(?:mg|g|ml|片|iu|u|μg)|昨日|静滴|次/|qd|bid|tid|\(.*\).*[,;]"
)
_BOX = re.compile(r"\s?(?:史)?[:]?\s?[☑☐□√✓■]")
_CONSTITUTION = re.compile(r"过敏体质\(([^()]{1,40})\)")
_MARKED = re.compile(r"过敏标识[^,;。]{0,6}$|药品:\s?$|备注:\s?$")
_LAID = re.compile(r"(?:类|片|注射液)?(?:所致|引起|导致|诱发|相关)")
_DISEASES = re.compile(
    r"过敏性(?:鼻炎|紫癜|皮炎|结膜炎|哮喘|咳嗽|肺炎|疾病|体质)|过敏体质|过敏原|抗过敏|过敏科"
)


def substances_of(pack: Pack, sentence: Span, words: str, listed: bool) -> list[Span]:
    """The words for substances beside a word of allergy, without overlaps."""
    spans: list[Span] = []
    for find_them in (_named_to, _known_ones, _taken, _constitution):
        for start, end in find_them(pack, words, listed):
            _add(spans, start, end)
    if listed and not _DISEASES.search(words):
        for start, end in _named_before(pack, words, spans):
            _add(spans, start, end)
    return sorted(Span(sentence.start + one.start, sentence.start + one.end) for one in spans)


def _add(spans: list[Span], start: int, end: int) -> None:
    if all(end <= one.start or one.end <= start for one in spans):
        spans.append(Span(start, end))


def _named_to(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """对…过敏, allergic to …: whatever stands there."""
    del listed
    for pattern in (_TO, _ENGLISH):
        for match in pattern.finditer(words):
            yield from _pieces(pack, words, match.start(1), match.end(1))


def _known_ones(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """Substances of the tables in a list of allergies, or with allergy or reaction beside."""
    for found in _known(pack, words):
        used = _USED.match(words, found.end)
        if (
            listed
            or used
            or (("过敏" in words) and _BOX.match(words, found.end))
            or _MARKED.search(words, max(0, found.start - 12), found.start)
            or (TESTS.search(words) and TESTED.match(words, found.end))
            or _caused(pack, words, found)
            or _beside(words, found)
            or shows(pack, words, found.end)
        ):
            yield found.start, found.end


def _caused(pack: Pack, words: str, found: Found) -> bool:
    """Whether a reaction is laid to a substance: DRESS由拉莫三嗪引起."""
    if not _LAID.match(words, found.end):
        return False
    before = words[max(0, found.start - 20) : found.start]
    return re.search(r"(?:由|系|因|为|与|考虑|\()$", before) is not None and (
        pack.reactions.pattern.search(before) is not None
    )


def _taken(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """What was taken and was followed by a reaction: 用…后起皮疹."""
    del listed
    for match in _TAKEN.finditer(words):
        if shows(pack, words, match.end(1)):
            yield from _pieces(pack, words, match.start(1), match.end(1))


def _constitution(pack: Pack, words: str, listed: bool) -> Iterator[tuple[int, int]]:
    """过敏体质(鱼虾、花粉)."""
    del listed
    for match in _CONSTITUTION.finditer(words):
        yield from _pieces(pack, words, match.start(1), match.end(1))


def _named_before(pack: Pack, words: str, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """…过敏 in a section of allergies: whatever stands there."""
    for match in re.finditer("过敏", words):
        base = max(0, match.start() - REACH)
        before = _LISTED.search(words[base : match.start()])
        if before is None or _DISEASES.match(words, match.start()):
            continue
        start = base + before.start(1)
        if all(match.start() <= one.start or one.end <= start for one in spans):
            yield from _pieces(pack, words, start, base + before.end(1))


def _pieces(pack: Pack, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The single names of a list of substances."""
    edges = [start]
    for match in _SPLIT.finditer(words, start, end):
        edges += [match.start(), match.end()]
    edges.append(end)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        piece = words[left:right]
        # 认 is what is left of 否认.
        trimmed = re.sub(
            r"^(?:认|曾|因|患者|服用|使用|口服|静滴|静脉滴注|注射|既往|食用|进食|接触|吃|药物|食物)+",
            "",
            piece.strip(),
        )
        trimmed = re.sub(
            r"(?:类?药物|眼药水|不过敏|过敏|等|药物史|不|无|有|均|都|曾|可疑|疑似|严重|产生|存在|发生)+$",
            "",
            trimmed,
        )
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
    )


def _known(pack: Pack, words: str) -> Iterator[Found]:
    yield from pack.allergens.find(words)
    for one in pack.drugs.find(words):
        if not one.weak:
            yield Found(one.start, one.end, one.term)


def _beside(words: str, found: Found) -> bool:
    """Whether a known substance stands in a clause that speaks of allergy."""
    clause = re.split(r"[;。]", words[found.end : found.end + REACH], maxsplit=1)[0]
    near = re.search(r"过敏(?!性(?:鼻炎|结膜炎|哮喘|紫癜|皮炎))|皮试|allerg", clause)
    if near:
        between = clause[: near.start()]
        return between.count(",") <= 1 and not _APART.search(between)
    before = words[max(0, found.start - 16) : found.start]
    return bool(
        re.search(
            r"(?:过敏(?:史|药物|原)?(?:[:(为]|是|有)|过敏史[:,]?\s?|allerg\w+:?\s?(?:to )?)"
            r"[^,;。]{0,10}$",
            before,
        )
    )
