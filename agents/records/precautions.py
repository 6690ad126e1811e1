"""What a note tells the patient to heed or to do, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.records.due import COMES, due_days, until
from agents.records.parsed import Parsed, Section
from schemas.records import Precaution, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
_WATER = re.compile(r"水|饮|尿量")
_OPEN = frozenset({"advice", "treatment"})
_NARRATED = re.compile(r"经过|course|抢救")
_NEVER = frozenset(
    {
        "complaint",
        "family",
        "allergy",
        "exam",
        "results",
        "personal",
        "past",
        "differential",
    }
)
_BY_OTHERS = re.compile(r"(?:医生|外院|当地|门诊|医师).{0,6}建议")
_IF = re.compile(r"(?:\d{1,2}[.、)])?\s?(?:如|若|一旦|出现|倘|当|if\b)")
_TOLD = re.compile(
    r"(?:^|[,;。\s:])(?:医?嘱|建议|告知|叮嘱|嘱咐|交代|嘱其|嘱患者|宣教|劝|advised|instructed)[:,]?"
)
_CUT = re.compile(
    r"[,;。!\n]+|\s+(?=[\u4e00-\u9fff]\S{2})"
    r"|、(?=(?:避免|禁|忌|戒|注意|定期|监测|低|清淡|适当|多|少|勿|不)\S{2})"
)
_NUMBERED = re.compile(
    r"\s?(?:[(]?\d{1,2}\s?[、.)](?!\d(?!\d?(?:个|周|天|年|日|月)))|[①-⑳]|[-*·•])\s?"
)
_LEAD = re.compile(
    r"(?:医?嘱(?:其|患者|家属|咐)?|建议(?:患者)?|告知(?:患者|家属)?|请|并|同时|另|及|以及|患者(?:应|需)?|且|平时"
    r"|但?[须应](?=每)|[叫让][他她]|我?先?[叫让][他她]|注意:|出院后|叮嘱(?:患者)?|交代(?:患者)?|嘱托|宣教){1,4}(?=\S{2})"
)
_OF = re.compile(r"[^:,\d]{1,16}:\s?(?=\S{3})")
"""What the advice is about: 告知粒缺风险：出现发热立即停药."""
_DOSED = re.compile(
    r"\d\s?(?:mg|g|ml|片|粒|丸|支|袋|u|iu|μg|ug|mcg)\b|\d(?:mg|g|片|粒|丸|支|袋|u)"
    r"|\b(?:bid|tid|qd|qid|qn|prn|po)\b|每[日天晚次]\d?[一二三]?次"
)
_LONGEST = 80
_LEAST = 2


def find(parsed: Parsed, pack: Pack) -> Iterator[Precaution]:
    """Clauses of sections of advice; elsewhere only what is plainly said to the patient."""
    spoken = (-2, False)
    for sentence in parsed.sentences:
        section = parsed.section(sentence.start)
        if sentence.start < section.body or section.kind in _NEVER:
            continue
        words = parsed.folded[sentence.start : sentence.end]
        told = None if _BY_OTHERS.match(words) else _TOLD.search(words)
        first = sentence.start if _speaks(parsed, section) else sentence.end
        if told:
            first = min(first, sentence.start + told.end())
        spans = list(_joined(parsed, _clauses(parsed, sentence)))
        line = parsed.folded.rfind("\n", 0, sentence.start)
        if line != spoken[0]:
            spoken = (line, False)
        if not spoken[1]:
            spoken = (line, _speaks_in(parsed, pack, spans))
        for span in spans:
            item = _item(parsed, pack, span, told=span.end > first, beside=spoken[1])
            if item is not None:
                yield item


def _speaks(parsed: Parsed, section: Section) -> bool:
    """Whether a section speaks to the patient; 诊疗经过 tells what was done."""
    heading = parsed.folded[section.start : section.body]
    return section.kind in _OPEN and not _NARRATED.search(heading)


def _clauses(parsed: Parsed, sentence: Span) -> list[Span]:
    edges = [sentence.start]
    for match in _CUT.finditer(parsed.folded, sentence.start, sentence.end):
        edges += [match.start(), match.end()]
    edges.append(sentence.end)
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _joined(parsed: Parsed, clauses: list[Span]) -> Iterator[Span]:
    """A condition goes with what it asks for: 如有胸痛，及时就诊."""
    held: Span | None = None
    for span in clauses:
        words = parsed.folded[span.start : span.end].strip()
        if held is not None:
            span = Span(held.start, span.end)
            held = None
        if _IF.match(words) and not COMES.search(words):
            held = span
            continue
        yield span
    if held is not None:
        yield held


def _speaks_in(parsed: Parsed, pack: Pack, spans: list[Span]) -> bool:
    """Whether one of the clauses is plainly advice, so that the others may be."""
    return any(_item(parsed, pack, span, told=False, beside=False) is not None for span in spans)


def _item(parsed: Parsed, pack: Pack, span: Span, *, told: bool, beside: bool) -> Precaution | None:
    words = parsed.folded[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    if start < span.end and parsed.text[start] in _CIRCLED:
        start += 1
    for pattern in (_NUMBERED, _LEAD):
        match = pattern.match(parsed.folded, start, span.end)
        if match:
            start = match.end()
    about = _OF.match(parsed.folded, start, span.end)
    if told and about and not COMES.search(about[0]):
        start = about.end()
    said = parsed.folded[start : span.end].rstrip(" 。.,;\n")
    if said.endswith(")") and "(" not in said:
        said = said[:-1]
    if not _LEAST <= len(said) <= _LONGEST or (_DOSED.search(said) and not _WATER.search(said)):
        return None
    if not pack.advice.is_advice(said, told=told, beside=beside):
        return None
    if any(not one.weak for one in pack.drugs.find(said)) and not (
        pack.advice.is_advice(said) or COMES.search(said) or "疫苗" in said
    ):
        return None
    place = Span(start, start + len(said))
    return Precaution(
        span=place,
        sentence=parsed.sentence(place.start),
        name=parsed.text[place.start : place.end],
        due_days=until(parsed.note.date, said) or due_days(said),
    )
