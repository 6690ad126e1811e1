"""Passages of notes in which every disease is marked where it stands: `passages-*.txt`.

A passage a line, ` / ` for its line breaks, `[name|label]` for each disease;
`sets/records/GUIDE.md` says what the labels mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agents.records.parsed import Note
from schemas.records import MOST_TEXT, Span
from streams.evaluation.record_sets import BadNotes, Fact, GoldNote, Half

PREFIX: Final = "passages-"
"""How the names of their files begin; they end with the half."""
LABELS: Final = {
    "own": ("diagnosis", ""),
    "maybe": ("diagnosis", "uncertain"),
    "no": ("diagnosis", "refuted"),
    "warn": ("diagnosis", "hypothetical"),
    "kin": ("family", ""),
    "other": ("other", ""),
}
"""The kind of fact and its certainty, if not the default."""
_NAME: Final = re.compile(rf"{PREFIX}(.+-(tune|test))\.txt")
_MARK: Final = re.compile(r"\[([^\[\]|\s][^\[\]|]*)\|([a-z]+)\]")
_LEFT: Final = re.compile(r"[\[\]|]")
_BREAK: Final = " / "


def parse(content: str, file: str) -> Iterator[GoldNote]:
    """The passages of one file, each with the number of its line. Raises BadNotes."""
    named = _NAME.search(file)
    if named is None:
        raise BadNotes(f"{file}: passages are in {PREFIX}NAME-tune.txt or {PREFIX}NAME-test.txt")
    half: Half = "tune" if named[2] == "tune" else "test"
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            text, facts = _told(line.strip(), f"{file}, line {number}")
            yield GoldNote(f"{named[1]}-{number}", half, "zh", Note(text), facts, whole=False)


def _told(line: str, where: str) -> tuple[str, tuple[Fact, ...]]:
    """A passage without its marks, and what they say."""
    text, done = "", 0
    facts: list[Fact] = []
    for mark in _MARK.finditer(line):
        text += _plain(line[done : mark.start()], where)
        place = Span(len(text), len(text) + len(mark[1]))
        facts.append(_fact(mark[1], mark[2], place, where))
        text += mark[1]
        done = mark.end()
    text += _plain(line[done:], where)
    if not facts or len(text) > MOST_TEXT:
        raise BadNotes(
            f"{where}: a passage has a mark [name|label] and at most {MOST_TEXT} letters"
        )
    return text, tuple(facts)


def _plain(words: str, where: str) -> str:
    if stray := _LEFT.search(words):
        raise BadNotes(f"{where}: {stray[0]} is no part of a mark [name|label]")
    return words.replace(_BREAK, "\n")


def _fact(name: str, label: str, place: Span, where: str) -> Fact:
    if label not in LABELS:
        raise BadNotes(f"{where}: {label!r} is no label: {', '.join(LABELS)}")
    kind, certainty = LABELS[label]
    return Fact(kind, (name,), (place,), {"certainty": certainty} if certainty else {}, False)
