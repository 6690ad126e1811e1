"""The page of a patient beside what a person says that it must and must not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import NamedTuple

import msgspec

from agents.records.extraction import Extractor
from agents.records.pack import Pack
from agents.records.parsed import Note
from agents.records.summary import summarise
from schemas.records import Document, Item, Line, Patient, Sex, Summary
from streams.errors import OperatorError
from streams.evaluation.row import Row

TASK = "records-summary"
SECTIONS = (
    "allergies", "changes", "contradictions", "problems", "medication", "results", "procedures",
    "precautions", "family",
)  # fmt: skip
_FOUND = 0.95
_PATIENT = re.compile(r"patient \| name=(.+?) \| sex=(\w+) \| birth=(\S*)")
_BLOCK = re.compile(
    r"^=== (\S+) \| date=(\S*) \| department=(.*?) \| title=(.*?)\n(.*?)(?=^=== |\Z)", re.M | re.S
)


class BadHistory(OperatorError):
    """Correct the file of a history."""


class Rule(NamedTuple):
    """What a section must say, or never; `section` "*": all that are the patient's own."""

    must: bool
    section: str
    words: str


class History(NamedTuple):
    """A patient with their documents, and what is said of the page."""

    name: str
    patient: Patient
    documents: tuple[Document, ...]
    rules: tuple[Rule, ...]


def histories() -> list[History]:
    """Our own, by name. Raises BadHistory."""
    folder = files("streams.evaluation") / "sets" / "records" / "histories"
    places = sorted(folder.iterdir(), key=lambda place: place.name)
    return [
        parse(place.name.removesuffix(".txt"), place.read_text(encoding="utf-8"))
        for place in places
        if place.name.endswith(".txt")
    ]


def parse(name: str, content: str) -> History:
    """One file. Raises BadHistory."""
    body, _, said = content.partition("\n---\n")
    head = _PATIENT.match(body)
    if head is None:
        raise BadHistory(f"{name}: the first line is: patient | name=… | sex=… | birth=…")
    patient = Patient(name, head[1], msgspec.convert(head[2], Sex), head[3])
    documents = tuple(
        Document(
            f"{name}/{block[1]}", name, block[2], block[4], block[5].strip(), "",
            department=block[3],
        )
        for block in _BLOCK.finditer(body)
    )  # fmt: skip
    return History(name, patient, documents, tuple(_rules(name, said)))


def _rules(name: str, said: str) -> Iterator[Rule]:
    for number, row in enumerate(filter(None, said.splitlines()), 1):
        kind, section, words = [*map(str.strip, row.split("|", 2)), "", ""][:3]
        if kind not in ("must", "never") or section not in (*SECTIONS, "*") or not words:
            raise BadHistory(f"{name}, line {number} after ---: must|never, section, words")
        yield Rule(kind == "must", section, words)


def evaluate(*, misses: bool = False, detail: Callable[[str], None] = lambda _: None) -> list[Row]:
    """Rows over all histories; `detail` is told each rule that does not hold, if `misses`."""
    pack = Pack.load()
    extractor = Extractor(pack)
    done = [(one, *_made(one, pack, extractor)) for one in histories()]
    if misses:
        for history, summary, _ in done:
            for rule in broken(history, summary):
                told = "missed" if rule.must else "UNSAFE"
                detail(f"{history.name}: {told}: {rule.section} | {rule.words}")
    return list(_rows(done))


Read = Sequence[tuple[Document, tuple[Item, ...]]]


def _made(history: History, pack: Pack, extractor: Extractor) -> tuple[Summary, Read]:
    patient = history.patient
    read = [
        (one, extractor.read(Note(one.text, one.date, patient.sex, patient.birth)))
        for one in history.documents
    ]
    return summarise(patient, read, pack), read


def broken(history: History, summary: Summary) -> list[Rule]:
    """The rules that do not hold. What must be said may be in a line's text, detail or source."""
    texts = {one.id: one.text for one in history.documents}
    return [one for one in history.rules if one.must != _says(summary, one, texts)]


def _says(summary: Summary, rule: Rule, texts: dict[str, str]) -> bool:
    wanted = rule.words.lower()
    return any(
        wanted in text.lower()
        for section in (SECTIONS if rule.section == "*" else (rule.section,))
        for text in _texts(summary, section, texts, wide=rule.must)
    )


def _texts(summary: Summary, section: str, texts: dict[str, str], *, wide: bool) -> Iterator[str]:
    """`wide`: with what is said smaller, and the words of the document that a reader is shown."""
    if section == "problems":
        yield from (problem.name for problem in summary.problems)
    for one in lines(summary, section):
        yield one.text
        if wide:
            yield one.detail
            yield from (texts[o.document][o.span.start : o.span.end] for o in one.sources)


def lines(summary: Summary, section: str) -> tuple[Line, ...]:
    """Of a section; of problems, those of all of them."""
    if section == "problems":
        return tuple(one for problem in summary.problems for one in problem.lines)
    found: tuple[Line, ...] = getattr(summary, section)
    return found


def unowned(summary: Summary, read: Read) -> list[str]:
    """Problems none of whose own statements is of a disease that the patient has."""
    held = {
        (document.id, item.span)
        for document, items in read
        for item in items
        if item.__struct_config__.tag == "diagnosis"
        and getattr(item, "certainty", "") in ("confirmed", "uncertain")
    }
    return [
        problem.name
        for problem in summary.problems
        if not any(
            (one.document, one.span) in held for line in problem.lines for one in line.sources
        )
    ]


def _rows(done: Sequence[tuple[History, Summary, Read]]) -> Iterator[Row]:
    where = f"own histories, {len(done)} patients"

    def row(measure: str, value: float, goal: float | None, higher: bool, counted: str) -> Row:
        return Row(TASK, where, measure, value, goal, higher, "", counted)

    failed = [(rule, one[0]) for one in done for rule in broken(one[0], one[1])]
    every = [rule for history, _, _ in done for rule in history.rules]
    for section in ("", *SECTIONS):
        musts = [one for one in every if one.must and section in ("", one.section)]
        missed = [one for one, _ in failed if one.must and section in ("", one.section)]
        if musts:
            yield row(
                f"{section or 'all'}: what must be said", 1 - len(missed) / len(musts),
                None if section else _FOUND, True, f"{len(musts) - len(missed)} of {len(musts)}",
            )  # fmt: skip
    nevers = sum(not one.must for one in every)
    shown = sum(not one.must for one, _ in failed)
    yield row("said that must not be", float(shown), 0.0, False, f"of {nevers} rules")
    unsafe = sum(not rule.must and rule.section == "problems" for rule, _ in failed)
    unsafe += sum(len(unowned(summary, read)) for _, summary, read in done)
    yield row("refuted, or a relative's, as the patient's problem", float(unsafe), 0.0, False, "")
    told = [
        one for _, summary, _ in done for section in SECTIONS for one in lines(summary, section)
    ]
    sourced = sum(bool(one.sources) for one in told)
    yield row("lines with a source", sourced / len(told), 1.0, True, f"{sourced} of {len(told)}")
