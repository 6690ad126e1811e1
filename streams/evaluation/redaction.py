"""What is taken out of notes before a question leaves, beside what stands in them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence, Set
from typing import NamedTuple, get_args

from agents.records.pack import Pack
from agents.records.redaction import Kind, Redactor
from schemas.records import Span
from streams.evaluation.redaction_notes.notes import Half, HiddenNote, TrueSpan, own_notes
from streams.evaluation.row import Row

TASK = "redaction"
_RECALL, _NEEDLESS, _MARKS = 0.995, 0.02, 1.0
_DAYS = -137
_ORDINARY = "ordinary"
"""Who wrote what is not made to be hard."""


class Judged(NamedTuple):
    """`missed`: with a letter or digit left; `needless`: characters of no identifier, removed.

    `unmarked`: of those missed, what is not shown as perhaps one either; `marks`: how often what is
    shown so has nothing of what was missed.
    """

    note: HiddenNote
    missed: tuple[TrueSpan, ...]
    needless: tuple[Span, ...]
    others: int
    unmarked: tuple[TrueSpan, ...]
    marks: int


def evaluate(
    *,
    quick: bool = False,
    misses: Half | None = None,
    detail: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Recall per kind and what is removed needlessly; the half "test" chose no rule."""
    pack = Pack.load()
    redactor = Redactor(pack.redaction, pack.tags)
    done = [judge(note, redactor) for note in own_notes()]
    for one in done:
        if one.note.half == misses:
            for line in told(one):
                detail(line)
    rows: list[Row] = []
    known = {one.note.hand for one in done if one.note.half == "tune"}
    for half in ("test", "tune"):
        if not (quick and half == "test"):
            some = [one for one in done if one.note.half == half]
            for where, by in _apart(some, known):
                rows += _rows(f"own notes {where}, {half} half", by, half == "test")
    return rows


def _apart(done: Sequence[Judged], known: Set[str]) -> Iterator[tuple[str, list[Judged]]]:
    """From moulds, ordinary ones, and hard ones by hands of whom more is known or nothing."""
    yield "from moulds", [one for one in done if not one.note.written]
    if ordinary := [one for one in done if one.note.hand == _ORDINARY]:
        yield "of an ordinary day", ordinary
    written = [one for one in done if one.note.written and one.note.hand != _ORDINARY]
    yield "written by hand", [one for one in written if one.note.hand in known]
    if fresh := [one for one in written if one.note.hand not in known]:
        yield "written by fresh hands", fresh


def judge(note: HiddenNote, redactor: Redactor) -> Judged:
    """An identifier is removed when none of its letters and digits is left."""
    made = redactor.redact(note.text, note.known, days=_DAYS)
    gone = {at for one in made.removed for at in range(one.span.start, one.span.end)}
    missed = _left(note, note.truth, gone)
    shown = {at for one in made.perhaps for at in range(*_ends(one.span))}
    open_to_all = {at for true in missed for at in range(*_ends(true.span))}
    marks = sum(open_to_all.isdisjoint(range(*_ends(one.span))) for one in made.perhaps)
    wanted = {at for true in note.truth for at in range(*_ends(true.span))}
    lost = sorted(at for at in gone - wanted if note.text[at].isalnum())
    others = sum(c.isalnum() and at not in wanted for at, c in enumerate(note.text))
    needless = tuple(Span(at, at + 1) for at in lost)
    return Judged(note, missed, needless, others, _left(note, missed, gone | shown), marks)


def _left(
    note: HiddenNote, truth: Sequence[TrueSpan], gone: Container[int]
) -> tuple[TrueSpan, ...]:
    """Those with a letter or digit that is not gone."""
    return tuple(
        true
        for true in truth
        if any(note.text[at].isalnum() and at not in gone for at in range(*_ends(true.span)))
    )


def told(one: Judged) -> Iterator[str]:
    """A line for each identifier that is left, and for each stretch removed needlessly."""
    text = one.note.text
    for true in one.missed:
        start, end = _ends(true.span)
        around = text[max(0, start - 10) : end + 8].replace("\n", " ")
        yield f"{one.note.id}: left: {true.kind} {text[start:end]} in …{around}…"
    at = 0
    while at < len(one.needless):
        end = at
        while end + 1 < len(one.needless) and one.needless[end + 1].start == one.needless[end].end:
            end += 1
        first, last = one.needless[at].start, one.needless[end].end
        around = text[max(0, first - 8) : last + 8].replace("\n", " ")
        yield f"{one.note.id}: needless: {text[first:last]} in …{around}…"
        at = end + 1


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _rows(where: str, done: Sequence[Judged], goals: bool) -> Iterator[Row]:
    total: dict[str, int] = defaultdict(int)
    missed: dict[str, int] = defaultdict(int)
    unmarked: dict[str, int] = defaultdict(int)
    for one in done:
        for true in one.note.truth:
            total[true.kind] += 1
        for true in one.missed:
            missed[true.kind] += 1
        for true in one.unmarked:
            unmarked[true.kind] += 1
    for kind in get_args(Kind):
        for left, measure, goal in (
            (missed, "recall", _RECALL if goals else None),
            (unmarked, "found or marked", None),
        ):
            right = total[kind] - left[kind]
            value = right / total[kind] if total[kind] else math.nan
            counted = f"{right} of {total[kind]}"
            yield Row(TASK, where, f"{kind}: {measure}", value, goal, True, "", counted)
    lost, others = sum(len(one.needless) for one in done), sum(one.others for one in done)
    yield Row(
        TASK, where, "removed needlessly", lost / others if others else math.nan,
        _NEEDLESS if goals else None, False, "", f"{lost} of {others} characters",
    )  # fmt: skip
    marks = sum(one.marks for one in done)
    yield Row(
        TASK, where, "needless marks a text", marks / len(done) if done else math.nan,
        _MARKS if goals else None, False, "", f"{marks} in {len(done)} texts",
    )  # fmt: skip
