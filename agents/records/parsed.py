"""A document cut into sections and sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import Literal, NamedTuple

from agents.records.folding import fold
from schemas.records import DateText, Sex, Span

SectionKind = Literal[
    "complaint", "present", "past", "personal", "family", "allergy", "exam", "results",
    "diagnosis", "medication", "treatment", "procedure", "advice", "other",
]  # fmt: skip

_END = re.compile(r"[。！？!?；;\n]+|(?<![\d.])\.(?=\s|$)")


class Section(NamedTuple):
    """From its heading to the next one; `body`: where the heading ends."""

    kind: SectionKind
    start: int
    body: int
    end: int


class Note(NamedTuple):
    """What is read. `date`: of the visit; `sex`, `birth`: for ranges and doses."""

    text: str
    date: DateText = ""
    sex: Sex = "unknown"
    birth: DateText = ""


class Parsed:
    """A note with its sections and sentences; all places are characters of `note.text`."""

    def __init__(self, note: Note, sections: tuple[Section, ...]) -> None:
        self.note = note
        self.text = note.text
        self.folded = fold(note.text)
        self.sections = sections
        self.sentences = tuple(_sentences(self.folded, sections))
        self._section_starts = [one.start for one in sections]
        self._sentence_starts = [one.start for one in self.sentences]

    def section(self, place: int) -> Section:
        """The section that a character lies in."""
        at = bisect_right(self._section_starts, place) - 1
        return self.sections[at] if at >= 0 else Section("other", 0, 0, len(self.text))

    def sentence(self, place: int) -> Span:
        """The sentence that a character lies in."""
        at = bisect_right(self._sentence_starts, place) - 1
        return self.sentences[at] if at >= 0 else Span(0, len(self.text))


def _sentences(folded: str, sections: tuple[Section, ...]) -> list[Span]:
    """Stretches up to an end mark, a line's end or a heading; without white space around."""
    cuts = {0, len(folded)}
    cuts.update(match.end() for match in _END.finditer(folded))
    cuts.update(one.start for one in sections)
    cuts.update(one.body for one in sections)
    edges = sorted(cuts)
    spans = []
    for start, end in pairwise(edges):
        inside = folded[start:end]
        if inside.strip():
            left = len(inside) - len(inside.lstrip())
            spans.append(Span(start + left, start + len(inside.rstrip())))
    return spans
