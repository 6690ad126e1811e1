"""Clauses of documents that tell what was done: not advice, not plans, not what was refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from agents.records.folding import fold
from agents.records.overlaps import Overlaps
from agents.records.parsed import Note, Parsed
from agents.records.summary.facts import Facts, Said
from agents.records.times import when
from schemas.records import DateText, Document, Precaution, Span

_NOT_DONE = re.compile(
    r"建议|拟|预约|择期|定期|每年|随访|下次|待|嘱|准备|计划|申请|改期|推迟|取消|延期|暂[缓不]|[需应须][行做查复]"
    r"|未(?!见|发现|示|提示|及|探|触|闻|愈|查[见出]|检出|明显|再)|没(?!事|问题|什么|有?异常|发现|见)|否认|告知|通知|提醒|交代"
    r"|拒|不[愿肯想做查]|不同意"
    r"|plan|schedul|advise|refus|declin|deni|pending|postpon|cancel|never|\bnot\b|will "
)
_AGAIN = re.compile(r"复[查诊]|repeat|recheck|follow")
"""Advice, unless something is said that was found."""
_FOUND = re.compile(
    r"[示见显愈已]|今(?!后)|正常|异常|[阴阳]性|较前|好转|稳定|结果|复查[^:]{0,20}:\s*\S"
    r"|show|reveal|normal|negative|positive|stable|today"
)
_BEFORE = re.compile(r"既往|曾|[上前]次|当时|以往|previous|prior|history of|last ")
"""Of another time, which is not said."""


@dataclass(frozen=True, slots=True, repr=False)
class Deed:
    """A folded clause of a document, and where in it it begins."""

    document: Document
    text: str
    start: int

    @property
    def date(self) -> DateText:
        """Of the visit."""
        return self.document.date

    def day(self, words: str) -> DateText:
        """When what matches the pattern was so; empty if it was at another time."""
        found = re.search(words, self.text)
        if found is None:
            return ""
        span = Span(self.start + found.start(), self.start + found.end())
        parsed = Parsed(Note(self.document.text, self.date), ())
        told = when(parsed, span).time
        return told or ("" if _BEFORE.search(self.text) else self.date)


def deeds(told: Facts) -> tuple[Deed, ...]:
    """Of all documents with a date that are not another person's, in order of time."""
    strangers = {one.document.id for one in told.strangers if one.named}
    advised = {
        name: Overlaps((one.item.span, one) for one in said)
        for name, said in groupby(told.precautions, key=lambda one: one.document.id)
    }
    none: Overlaps[Said[Precaution]] = Overlaps(())
    return tuple(
        Deed(document, clause, start)
        for document in told.documents
        if document.date and document.id not in strangers
        for start, clause in _clauses(fold(document.text))
        if not advised.get(document.id, none).of(Span(start, start + len(clause)))
        and not _NOT_DONE.search(clause)
        and (_FOUND.search(clause) or not _AGAIN.search(clause))
    )


def _clauses(folded: str) -> Iterator[tuple[int, str]]:
    return ((one.start(), one[0]) for one in re.finditer(r"[^。;\n,]+", folded))
