"""Passages of notes in which names are marked where they stand: `passages-*.txt`, `marked-*.txt`.

A passage a line, ` / ` for its line breaks, `[name|label]` for each name: in `passages-*` every
disease; in `marked-*` also allergies, drugs and procedures, and every clause of advice stands in
braces. `sets/records/GUIDE.md` says what the labels mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.parsed import Note
from schemas.records import MOST_TEXT, Span
from streams.evaluation.record_sets import BadNotes, Fact, GoldNote, Half

DISEASES_ONLY: Final = "passages-"
PREFIXES: Final = (DISEASES_ONLY, "marked-")
"""How the names of their files begin; they end with the half."""
LABELS: Final = {
    "own": ("diagnosis", ""),
    "maybe": ("diagnosis", "uncertain"),
    "no": ("diagnosis", "refuted"),
    "warn": ("diagnosis", "hypothetical"),
    "kin": ("family", ""),
    "other": ("other", ""),
}
"""Of diseases: the kind of fact and its certainty, if not the default."""
MORE: Final = {
    "allergic": ("allergy", ""),
    "notallergic": ("allergy", "refuted"),
    "drug": ("medication", ""),
    "notdrug": ("medication", "refuted"),
    "done": ("procedure", ""),
    "planned": ("procedure", "hypothetical"),
    "notdone": ("procedure", "refuted"),
}
"""Of what else is marked where all is."""
_NAME: Final = re.compile(rf"(?:{'|'.join(PREFIXES)})(.+-(tune|test))\.txt")
_MARK: Final = re.compile(
    r"\[(?P<name>[^\[\]{}|\s][^\[\]{}|]*)\|(?P<label>[a-z]+)\]|(?P<opens>\{)|(?P<closes>\})"
)
_LEFT: Final = re.compile(r"[\[\]|]")
_BREAK: Final = " / "


def parse(content: str, file: str) -> Iterator[GoldNote]:
    """The passages of one file, each with the number of its line. Raises BadNotes."""
    named = _NAME.search(file)
    if named is None:
        raise BadNotes(
            f"{file}: passages are in {DISEASES_ONLY}NAME-tune.txt or {DISEASES_ONLY}NAME-test.txt"
        )
    half: Half = "tune" if named[2] == "tune" else "test"
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            text, facts = _told(line.strip(), f"{file}, line {number}")
            yield GoldNote(f"{named[1]}-{number}", half, "zh", Note(text), facts, whole=False)


def _told(line: str, where: str) -> tuple[str, tuple[Fact, ...]]:
    """A passage without its marks, and what they say."""
    text, done = "", 0
    facts: list[Fact] = []
    opened: list[int] = []
    for mark in _MARK.finditer(line):
        text += _plain(line[done : mark.start()], where)
        done = mark.end()
        if mark["opens"]:
            opened.append(len(text))
        elif mark["closes"]:
            if len(opened) != 1 or opened[0] == len(text):
                raise BadNotes(f"{where}: a clause of advice is {{words}}, none within another")
            facts.append(_fact("precaution", "", Span(opened.pop(), len(text)), text))
        else:
            kind, certainty = _meant(mark["label"], where)
            text += mark["name"]
            place = Span(len(text) - len(mark["name"]), len(text))
            facts.append(_fact(kind, certainty, place, text))
    text += _plain(line[done:], where)
    if opened:
        raise BadNotes(f"{where}: {{ is never closed")
    if not facts or len(text) > MOST_TEXT:
        raise BadNotes(
            f"{where}: a passage has a mark [name|label] and at most {MOST_TEXT} letters"
        )
    return text, tuple(facts)


def _plain(words: str, where: str) -> str:
    if stray := _LEFT.search(words):
        raise BadNotes(f"{where}: {stray[0]} is no part of a mark [name|label]")
    return words.replace(_BREAK, "\n")


def _meant(label: str, where: str) -> tuple[str, str]:
    known = LABELS | MORE
    if label not in known:
        raise BadNotes(f"{where}: {label!r} is no label: {', '.join(known)}")
    return known[label]


def _fact(kind: str, certainty: str, place: Span, text: str) -> Fact:
    name = text[place.start : place.end]
    return Fact(kind, (name,), (place,), {"certainty": certainty} if certainty else {}, False)
