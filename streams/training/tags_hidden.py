"""What teaches the tag model who is meant: notes with their identifiers, and records without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from agents.models.tags import GROUPS
from agents.records.folding import fold
from agents.records.patterns import HANS
from agents.records.redaction import Redactor, Tables
from streams.evaluation.redaction_notes.notes import HiddenNote
from streams.training.tags_texts import UNTOLD, Named, Told

_IDENTITY: Final = "identity"
_ROW: Final = tuple(GROUPS).index(_IDENTITY)
_BESIDE: Final = 1
"""Characters around what may be an identifier of which nobody says anything either."""
_DAYS: Final = -40


def hidden(notes: Iterable[HiddenNote], tables: Tables) -> Iterator[Told]:
    """Of each Chinese note that chose rules, by the file it stands in, what identifies.

    In today's signs, as the redactor has it read.
    """
    for note in notes:
        if note.half == "tune" and HANS.search(note.text):
            yield _hidden(note, fold(note.text).translate(tables.variants))


def _hidden(note: HiddenNote, text: str) -> Told:
    labels = np.full((len(GROUPS), len(note.text)), UNTOLD, np.int8)
    labels[_ROW] = 0
    names = []
    for one in note.truth:
        start, end = one.span.start, one.span.end
        if one.kind == "age":
            labels[_ROW, start:end] = UNTOLD
            continue
        label = label_of(one.kind)
        labels[_ROW, start:end] = GROUPS[_IDENTITY].index(label)
        names.append(Named(start, end, f"{_IDENTITY}: {one.kind}"))
    return Told(note.hand, text, labels, tuple(sorted(set(names))))


def label_of(kind: str) -> str:
    """Of a kind of identifier."""
    if kind == "birth":
        return "date"
    return kind if kind in GROUPS[_IDENTITY] else "number"


def nobodys(told: Told, text: str, rules: Redactor) -> Told:
    """A record, whose identifiers nobody marked: but for what rules suspect it has none.

    `text`: as it was written.
    """
    labels = told.labels.copy()
    labels[_ROW] = 0
    for one in rules.redact(text, days=_DAYS).removed:
        labels[_ROW, max(0, one.span.start - _BESIDE) : one.span.end + _BESIDE] = UNTOLD
    return told._replace(labels=labels)
