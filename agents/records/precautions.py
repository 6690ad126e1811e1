"""What a note tells the patient to heed or to do, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from agents.records.due import COMES, due_days, until
from agents.records.parsed import Parsed, Section
from schemas.records import Precaution, Span

if TYPE_CHECKING:
    from agents.records.pack import Pack

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
_WATER = re.compile(r"水|饮|尿量|入量|口量|流食|每[日天]蛋白")
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
    r"|(?:^|[,;。\s])(?:途中)?注意:|医[生师]要求:|护士[^,;。]{0,4}叮嘱:"
)
_TELLS = re.compile(r"[嘱劝]|建议|告知|交代|宣教|注意|要求|advised|instructed")
"""One of it is in all that `_TOLD` finds, and is soon looked for."""
_ORDER = re.compile(
    r"(?:^|[,;。\s])(?:再[次三]?|反复)?(?:医嘱|叮嘱|嘱咐?)(?!托)(?:其|患者|家属|她|他)?[:]?"
)
_CUT = re.compile(
    r"(?=[,;。!\s、嘱一二三四五六七八九十])(?:[,;。!\n]+|\s+(?=[\u4e00-\u9fff]\S{2})"
    r"|(?=嘱咐?[他她其])|(?=[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[号日](?:来|复|住))"
    r"|、(?=(?:避免|禁|忌|戒|注意|定期|监测|低|清淡|适当|多|少|勿|不)\S{2}))"
)
_OF = re.compile(r"[^:,\d]{1,16}:\s?(?=\S{3})")
"""What the advice is about: 告知粒缺风险：出现发热立即停药."""
_DOSED = re.compile(
    r"\d\s?(?:mg|g|ml|片|粒|丸|支|袋|u|iu|μg|ug|mcg)\b|\d(?:mg|g|片|粒|丸|支|袋|u)"
    r"|\b(?:bid|tid|qd|qid|qn|prn|po)\b|每[日天晚次]\d?[一二三]?次"
)
_LONGEST = 80
_LEAST = 2
_ENOUGH, _OTHERS = 2, 0.5
"""Clauses of advice that make advice of a line, and the share of others that makes none."""
_NEAR = 400
"""Characters before a sentence in which 嘱 is looked for."""
_FREE = frozenset({"advice", "treatment", "other", "complaint", "present"})


class _Told(NamedTuple):
    """Of a sentence: from where it is read, from where it speaks to the patient, and whether
    nothing but advice is told there."""

    start: int
    first: int
    only: bool


class _Clause(NamedTuple):
    """What a clause says, from `start` on, without what leads to it.

    `plain`: it is advice wherever it stands.
    """

    start: int
    said: str
    plain: bool


class _Clauses:
    """The clauses of a note, each looked at once however often somebody asks."""

    def __init__(self, parsed: Parsed, pack: Pack) -> None:
        self._parsed = parsed
        self._pack = pack
        self._starts: dict[Span, int] = {}
        self._untold: dict[Span, _Clause | None] = {}
        self._lines: dict[int, bool] = {}

    def advice(
        self, span: Span, *, told: bool = False, beside: bool = False, only: bool = False
    ) -> _Clause | None:
        """None: it is none. `told`: the patient is spoken to; `beside`: advice stands beside it;
        `only`: nothing but advice is told there."""
        clause = self._read(span, told)
        if clause is None:
            return None
        advice, said = self._pack.advice, clause.said
        if not (
            clause.plain
            or (told and advice.is_meant(said))
            or (beside and not told and advice.goes_on(said))
            or (only and len(said) > _LEAST and advice.is_told(said))
        ):
            return None
        if _DOSED.search(said) and not _WATER.search(said):
            return None
        heeded = clause.plain or COMES.search(said) or "疫苗" in said
        if not heeded and any(not one.weak for one in self._pack.drugs.find(said)):
            return None
        return clause

    def speak(self, spans: list[Span]) -> bool:
        """Whether one of the clauses is plainly advice, so that the others may be."""
        return any(self.advice(span) is not None for span in spans)

    def all_advice(self, line: int) -> bool:
        """Whether most clauses of a line are plainly advice, so that the others are too."""
        known = self._lines.get(line)
        if known is None:
            known = self._lines[line] = self._mostly_advice(line)
        return known

    def _mostly_advice(self, line: int) -> bool:
        folded = self._parsed.folded
        end = folded.find("\n", line + 1)
        whole = _clauses(self._parsed, Span(line + 1, end if end >= 0 else len(folded)))
        spans = [one for one in _joined(self._parsed, whole) if one.end - one.start > _LEAST]
        if len(spans) < _ENOUGH:
            return False
        others = 0
        for span in spans:
            others += self.advice(span, beside=True) is None
            if others >= _OTHERS * len(spans):
                return False
        return len(spans) - others >= _ENOUGH

    def _read(self, span: Span, told: bool) -> _Clause | None:
        if span not in self._untold:
            start = self._starts[span] = self._led(span)
            self._untold[span] = self._weighed(start, span.end)
        about = _OF.match(self._parsed.folded, self._starts[span], span.end) if told else None
        if about is None or COMES.search(about[0]):
            return self._untold[span]
        return self._weighed(about.end(), span.end)

    def _led(self, span: Span) -> int:
        """Where a clause begins behind its number, its speaker and words that lead to it."""
        words = self._parsed.folded[span.start : span.end]
        start = span.start + len(words) - len(words.lstrip())
        if start < span.end and self._parsed.text[start] in _CIRCLED:
            start += 1
        lead = self._pack.advice.lead.match(self._parsed.folded, start, span.end)
        return lead.end() if lead else start

    def _weighed(self, start: int, end: int) -> _Clause | None:
        said = self._parsed.folded[start:end].rstrip(" 。.,;\n")
        if said.endswith(")") and "(" not in said:
            said = said[:-1]
        if not _LEAST <= len(said) <= _LONGEST:
            return None
        return _Clause(start, said, self._pack.advice.is_plain(said))


def find(parsed: Parsed, pack: Pack) -> Iterator[Precaution]:
    """Clauses of sections of advice; elsewhere only what is plainly said to the patient."""
    spoken = (-2, False)
    clauses = _Clauses(parsed, pack)
    for sentence in parsed.sentences:
        line = parsed.folded.rfind("\n", 0, sentence.start)
        told = _told(parsed, pack, sentence, line, clauses)
        if told is None or told.start >= sentence.end:
            continue
        spans = list(_joined(parsed, _clauses(parsed, Span(told.start, sentence.end))))
        if line != spoken[0]:
            spoken = (line, False)
        if not spoken[1]:
            spoken = (line, clauses.speak(spans))
        if not (spoken[1] or told.only or told.first < sentence.end):
            continue
        for span in spans:
            clause = clauses.advice(
                span, told=span.end > told.first, beside=spoken[1], only=told.only
            )
            if clause is not None:
                yield _item(parsed, clause)


def _told(parsed: Parsed, pack: Pack, sentence: Span, line: int, clauses: _Clauses) -> _Told | None:
    """None: nothing there is advice. A line's own head goes before its section's."""
    section = parsed.section(sentence.start)
    head = pack.advice.heads.match(parsed.folded, line + 1, sentence.end)
    begun = head or pack.advice.plans.match(parsed.folded, line + 1, sentence.end)
    ordered = _ordered(parsed, line, sentence)
    never = sentence.start < section.body or section.kind in _NEVER
    if never and not (begun or ordered):
        return None
    start = max(sentence.start, begun.end()) if begun else sentence.start
    if never and ordered and not begun:
        start = max(start, ordered)
    first = sentence.start if begun or _speaks(parsed, section) else sentence.end
    if ordered:
        first = min(first, max(sentence.start, ordered))
    words = parsed.folded[sentence.start : sentence.end]
    asked = _TOLD.search(words) if _TELLS.search(words) else None
    if asked and not _BY_OTHERS.match(words):
        first = min(first, sentence.start + asked.end())
    only = head is not None or (section.kind in _FREE and clauses.all_advice(line))
    return _Told(start, first, only)


def _ordered(parsed: Parsed, line: int, sentence: Span) -> int:
    """Where 嘱 ends on the sentence's line, not far, if no other sentence began since; else 0."""
    last = 0
    floor = max(line + 1, sentence.start - _NEAR)
    start = max(floor, *(parsed.folded.rfind(mark, floor, sentence.start) for mark in "。!?"))
    if parsed.folded.find("嘱", start, sentence.end) < 0:
        return 0
    for found in _ORDER.finditer(parsed.folded, start, sentence.end):
        last = found.end()
    return last


def _speaks(parsed: Parsed, section: Section) -> bool:
    """Whether a section speaks to the patient; 诊疗经过 tells what was done."""
    heading = parsed.folded[section.start : section.body]
    return section.kind in _OPEN and not _NARRATED.search(heading)


def _clauses(parsed: Parsed, sentence: Span) -> list[Span]:
    spans = []
    start = sentence.start
    for match in _CUT.finditer(parsed.folded, start, sentence.end):
        end, behind = match.span()
        spans.append(Span(start, end))
        start = behind
    spans.append(Span(start, sentence.end))
    return spans


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


def _item(parsed: Parsed, clause: _Clause) -> Precaution:
    place = Span(clause.start, clause.start + len(clause.said))
    return Precaution(
        span=place,
        sentence=parsed.sentence(place.start),
        name=parsed.text[place.start : place.end],
        due_days=until(parsed.note.date, clause.said) or due_days(clause.said),
    )
