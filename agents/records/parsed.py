"""A document cut into sections and sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from agents.records.folding import fold
from agents.records.patterns import HANS
from schemas.records import DateText, Sex, Span

if TYPE_CHECKING:
    from agents.models.tags import Tagged

SectionKind = Literal[
    "complaint", "present", "past", "personal", "family", "allergy", "exam", "results",
    "diagnosis", "medication", "treatment", "procedure", "advice", "differential", "risk", "other",
]  # fmt: skip

# One of the characters in front is taken first: the search skips all others at once.
_END = re.compile(
    r"[。!?;.\n](?:(?<=[。!?;])[。!?;]*|(?<=\.)(?:(?<![\d.]\.)(?=\s|$)|(?=\s+[A-Z]))|(?<=\n)\n*)"
)
# The characters in front say at once that nothing begins at most others.
_NUMBERED = re.compile(
    r"(?=[\d①-⑳])(?:(?<![\da-z./×~^-])(\d{1,2})(?:[.、)](?![\d.])|\.(?=\d{1,2}(?:型|个?月|周|天|年|日)))(?=\s*[^\s,、.)])|[①-⑳])",
    re.ASCII,
)
_ENGLISH_END = re.compile(r"(?<=\d)\.(?=\s+[A-Z])")
_WRAPPED = re.compile(r"[、,(和及与或]\s*")
_WIDE = 24
"""Characters of a line that may have been broken by a printer, not by the writer."""
_LONGEST = 2_000
"""Characters of a sentence: nobody writes so long a one, and reading takes the square of it."""
_LISTING: frozenset[SectionKind] = frozenset(
    {"diagnosis", "results", "medication", "advice", "other", "procedure"}
)
"""Sections whose lines stand for themselves."""


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

    def __init__(
        self,
        note: Note,
        sections: tuple[Section, ...],
        folded: str = "",
        tagged: Tagged | None = None,
    ) -> None:
        """`folded`: the text, where it is folded already; `tagged`: what a model says of it.

        `is_english`: no Chinese sign stands in it.
        """
        self.tagged = tagged
        self.note = note
        self.text = note.text
        self.folded = folded or fold(note.text)
        self.is_english = HANS.search(self.folded) is None
        self.sections = sections
        self._section_starts = [one.start for one in sections]
        self._heads = frozenset(self._section_starts)
        self.sentences = tuple(self._cut())
        self._sentence_starts = [one.start for one in self.sentences]

    def section(self, place: int) -> Section:
        """The section that a character lies in."""
        at = bisect_right(self._section_starts, place) - 1
        return self.sections[at] if at >= 0 else Section("other", 0, 0, len(self.text))

    def sentence(self, place: int) -> Span:
        """The sentence that a character lies in."""
        at = bisect_right(self._sentence_starts, place) - 1
        return self.sentences[at] if at >= 0 else Span(0, len(self.text))

    def _cut(self) -> list[Span]:
        """Up to an end mark, a line's end, a heading or the next number of a list; trimmed."""
        folded = self.folded
        cuts = {0, len(folded)}
        for match in _END.finditer(folded):
            if folded[match.start()] != "\n" or not self._wrapped(match.start(), match.end()):
                cuts.add(match.end())
        if self.is_english:
            cuts.update(match.end() for match in _ENGLISH_END.finditer(self.text))
        for one in self.sections:
            cuts.update((one.start, one.body))
            if one.kind != "exam":
                cuts.update(self._numbered(one))
        spans = []
        for start, end in pairwise(sorted(cuts | self._too_long(sorted(cuts)))):
            inside = folded[start:end]
            if inside.strip():
                left = len(inside) - len(inside.lstrip())
                spans.append(Span(start + left, start + len(inside.rstrip())))
        return spans

    def _too_long(self, cuts: list[int]) -> set[int]:
        """Where what has no end for too long is cut: behind its last comma, if there is one."""
        more = set()
        for start, end in pairwise(cuts):
            while end - start > _LONGEST:
                comma = self.folded.rfind(",", start + _LONGEST // 2, start + _LONGEST) + 1
                start = comma or start + _LONGEST
                more.add(start)
        return more

    def _numbered(self, section: Section) -> list[int]:
        """Where numbers of a list stand: each one more than the last, or 1 again."""
        places = []
        last = 0
        for match in _NUMBERED.finditer(self.folded, section.body, section.end):
            number = int(match[1]) if match[1] else ord(match[0]) - ord("①") + 1
            if number == 1 or number == last + 1:
                last = number
                opened = self.folded.endswith("(", section.body, match.start())
                places.append(match.start() - opened)
        return places

    def _wrapped(self, start: int, end: int) -> bool:
        """Whether a sentence goes on in the next line: after a comma, or as its line is full."""
        folded = self.folded
        if end - start > 1 or end >= len(folded):
            return False
        before, after = folded[max(0, start - 1)], folded[end]
        if end in self._heads or _NUMBERED.match(folded, end):
            return False
        if _WRAPPED.fullmatch(before):
            return True
        width = start - (folded.rfind("\n", 0, start) + 1)
        kind = self.section(start).kind
        return width >= _WIDE and kind not in _LISTING and _word(before) and _word(after)


def _word(character: str) -> bool:
    return "一" <= character <= "鿿"
