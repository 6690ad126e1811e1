"""How far the cues around a mention reach: to a turn, a comma, another cue or another person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agents.records.clauses import exceeds
from agents.records.cue import Cue, Kind, Mark
from schemas.records import Span

_CERTAINTY: tuple[Kind, ...] = ("refuted", "hypothetical", "uncertain", "planned", "undone")
# One of the characters in front is taken first: the search skips all others at once.
_BREAK = re.compile(
    r"[,;。!?\s](?:(?<=[,;。!?\n])|(?<=[^\x00-\x7f]\s)\s*(?=\S)|(?<=\s)\s*(?=[^\x00-\x7f]))"
)
_CLOSED = re.compile(r"[,;。!?:()\]】、\n]|$")
_JOINED = re.compile(r"\b(?:or|nor)\b")
_CLAUSE_END = re.compile(r"[,;。!?\n]")
_NO_CUE: frozenset[Kind] = frozenset({"turn", "weak turn", "patient", "none"})
_MOST_NAMES, _LONGEST_TAIL = 6, 12
"""Of a list whose tail tells that it is one, and characters of a tail."""
_BESIDE = 2
"""Characters between two cues that speak together (否认曾患, 未见可疑): neither ends the other."""
_SOFT = {"目前", "患者", "患儿", "本人", "近期", "及时", "立即", "自述", "自诉", "此次", "本次"}
"""Turns that may stand between a mention and what is said of it: 心肌病目前依据不足."""
_ACTS = frozenset({"行", "予", "予以", "给予", "请", "需", "应", "因", "后", "建议"})
"""Turns that a plan reaches across: 拟急诊行阑尾切除术."""
_LABELS = (":", ",")  # 妻子:他…
_SPOKEN = 6
"""Characters within which a relative's own verb of speech stands."""
_OF_SELF = re.compile(
    r"[说讲][她他](?:当年|年轻|小时候|那会|那时|自己)|(?:[说讲称诉]|提到)过?[她他]?自己(?!家|孩|的?娃|的孩)|自[述诉称](?!患[儿者]|[其孩她他老])"
)
_RUMOUR = re.compile(r"[们都老也还就]*(?:说|讲|传|以为|怀疑|认定|断定)[^,;。!?]*$")
"""What strangers say of the patient."""
_OF_PATIENT = re.compile(r"[其他她患送陪扶]|发现|带[来其入]")
_FAR = 90
"""Characters on either side of a mention that are looked at."""


class Words(NamedTuple):
    """Of the table: who only tells, what a list ends with, what makes of a name a statement.

    `longest`: characters of a name; `wide`: how many times as far a cue reaches as is written;
    `is_open`: a list needs no end that tells that it is one.
    """

    narrates: re.Pattern[str]
    tails: tuple[str, ...]
    states: re.Pattern[str]
    longest: int = 20
    wide: int = 1
    is_open: bool = False


class Scope:
    """The cues that reach one mention. `found`: the nearest of each kind."""

    def __init__(
        self, text: str, marks: Sequence[Mark], sentence: Span, span: Span, words: Words
    ) -> None:
        self._text = text
        self._marks = marks
        self._end = sentence.end
        self._span = span
        self._words = words
        self._turned = self._acted = self._weak = self._spoken = False
        self._settled: Mark | None = None
        self.found: dict[Kind, Mark] = {}

    def look_back(self, before: int) -> None:
        """Cues before the mention, the nearest first; `before`: how many marks begin there."""
        for place in range(before - 1, -1, -1):
            mark = self._marks[place]
            if mark.end > self._span.start:  # 未见明显, where 明显 belongs to the name too
                if mark.end > self._span.end:
                    continue
                mark = mark._replace(end=self._span.start)
            if self._span.start - mark.end > _FAR * self._words.wide:
                break
            for cue in mark.cues:
                if cue.kind in ("turn", "weak turn", "patient"):
                    self._turn(cue.kind, place)
                elif cue.kind in ("family", "other"):
                    self._meet(cue, mark)
                elif cue.kind != "none" and self._holds(cue, mark):
                    self.found.setdefault(cue.kind, mark)
                    if cue.kind in _CERTAINTY:
                        self._settled = mark

    def _turn(self, kind: Kind, place: int) -> None:
        mark = self._marks[place]
        if kind == "patient":
            self._spoken = self._spoken or not self._of_relative(place)
        elif self._follows_cue(place):
            return
        elif kind == "turn":
            self._turned = True
            self._acted = self._acted or self._text[mark.start : mark.end] not in _ACTS
        else:
            self._weak = True

    def _meet(self, cue: Cue, mark: Mark) -> None:
        """Another person: whose it is, unless the patient was spoken of since."""
        if self._spoken or not self._reaches(cue, mark):
            return
        if not self._only_tells(cue, mark):
            self.found.setdefault(cue.kind, mark)
            self._spoken = True
        elif cue.kind == "other" and _RUMOUR.match(self._text, mark.end, self._span.start):
            self.found.setdefault("uncertain", mark)

    def _only_tells(self, cue: Cue, mark: Mark) -> bool:
        """Whether a person tells of the patient; strangers only if they bring or name them."""
        if cue.kind == "other" and not _OF_PATIENT.search(self._text, mark.end, mark.end + _SPOKEN):
            return False
        return self._tells(mark.end) and not _OF_SELF.search(self._text, mark.end, self._span.start)

    def _holds(self, cue: Cue, mark: Mark) -> bool:
        """Whether a cue before the mention holds for it."""
        turned = self._acted if cue.kind in ("planned", "undone") else self._turned
        if cue.side == "before" or turned:
            return False
        if cue.side == "either" and self._closes(mark):
            return False
        if self._weak and cue.over != "plain" and cue.kind == "refuted":
            return False
        ended = self._settled is not None and self._settled.start - mark.end > _BESIDE
        return not (ended and cue.kind in _CERTAINTY) and self._reaches(cue, mark)

    def look_ahead(self, first: int) -> None:
        """Cues behind the mention, the nearest first; `first`: of the marks."""
        for mark in self._marks[first : first + _FAR]:
            if mark.start < self._span.end:
                continue
            if mark.start - self._span.end > _FAR:
                break
            for cue in mark.cues:
                if self._said(cue, mark):
                    if cue.kind == "refuted" and self.found.get("uncertain", mark) != mark:
                        del self.found["uncertain"]
                    self.found.setdefault(cue.kind, mark)
            if self._breaks(mark):
                break

    def _said(self, cue: Cue, mark: Mark) -> bool:
        """Whether a cue behind the mention is said of it."""
        if cue.kind in _NO_CUE or cue.side == "after":
            return False
        if (cue.side == "either" or cue.final) and not self._closes(mark):
            return False
        return self._answers(cue, mark)

    def _breaks(self, mark: Mark) -> bool:
        """Whether another statement begins."""
        return (
            any(cue.kind in ("turn", "patient") for cue in mark.cues)
            and mark.end - mark.start > 1
            and self._text[mark.start : mark.end] not in _SOFT
            and not any(cue.side != "after" and _certain(cue) for cue in mark.cues)
        )

    def _reaches(self, cue: Cue, mark: Mark) -> bool:
        """Whether a cue that stands before a mention reaches it."""
        start = self._span.start
        if start - mark.end > cue.reach * self._words.wide:
            return False
        between = self._text[mark.end : start]
        if cue.kind == "family":
            between = between.removeprefix(")")
        if _leaves_bracket(between):
            return False
        if cue.over == "near":
            return not between.strip() or between == "曾"
        if cue.over == "sentence":
            return True
        if ":" in between.strip(" :") and cue.kind == "refuted":
            return False
        cuts = [match.start() for match in _BREAK.finditer(self._text[mark.end : start + 1])]
        if cue.over == "clause":
            return all(cut >= len(between) or between[cut].isspace() for cut in cuts)
        if not cuts or (cuts == [0] and between[:1].isspace()):
            return True
        return self._lists(cue, mark.end, cuts)

    def _lists(self, cue: Cue, origin: int, cuts: list[int]) -> bool:
        """Whether what follows each comma is no more than the next name of a list."""
        last = self._clause_end(self._span.end)
        edges = [*(origin + cut for cut in cuts), last]
        if not all(map(self._is_name, edges, edges[1:])):
            return False
        if cue.over == "plain" or self._words.is_open:
            return True
        for _ in range(_MOST_NAMES):
            clause = self._text[max(origin, last - _LONGEST_TAIL) : last].rstrip()
            if clause.endswith(self._words.tails) or _JOINED.search(clause):
                return True
            if self._text[last : last + 1] != ",":
                return False
            start, last = last, self._clause_end(last + 1)
            if not self._is_name(start, last):
                return False
        return False

    def _is_name(self, start: int, end: int) -> bool:
        """Whether a clause only names something."""
        clause = self._text[start + 1 : end]
        return len(clause) <= self._words.longest and not self._words.states.search(clause)

    def _answers(self, cue: Cue, mark: Mark) -> bool:
        """Whether a cue that stands after a mention speaks of it."""
        if mark.start - self._span.end > cue.reach:
            return False
        between = self._text[self._span.end : mark.start]
        if cue.over == "sentence":
            names = between[: between.rfind(",") + 1]
            return cue.kind != "refuted" or not (
                self._words.states.search(names) or exceeds(between)
            )
        if cue.over == "near":
            return not re.search(r"[\s,、;:。!?)]", between)
        closed = self._text[mark.end : mark.end + 1] == ")"
        if "(" in between.rstrip("(") or (between.endswith("(") and not closed):
            return False
        if re.search(r"[,;。!?]", between):
            return False
        if cue.kind in ("uncertain", "past", "hypothetical") or self._text[mark.start] in "(:":
            return not re.search(r"[、\s]\S", between)
        return True

    def _tells(self, end: int) -> bool:
        """Whether a person named before `end` only tells of the patient."""
        ceiling = min(end + _SPOKEN, max(end, self._span.start))
        return self._words.narrates.match(self._text, end, ceiling) is not None

    def _follows_cue(self, place: int) -> bool:
        """Whether a turn stands right behind a cue (否认有, 否认父母有) and so belongs to it."""
        for at in range(place, max(0, place - 4), -1):
            if self._marks[at].start - self._marks[at - 1].end >= _BESIDE:
                return False
            if any(_certain(cue) for cue in self._marks[at - 1].cues):
                return True
        return False

    def _of_relative(self, place: int) -> bool:
        """Whether 本人 or 患者 stands right behind a relative and means that one."""
        before = self._marks[place - 1] if place else None
        if before is None or self._marks[place].start - before.end >= _BESIDE:
            return False
        if self._text[before.end : self._marks[place].start] in _LABELS:
            return False
        kinds = {cue.kind for cue in before.cues}
        return bool(kinds & {"family", "other"}) or (
            "patient" in kinds and self._of_relative(place - 1)
        )

    def _closes(self, mark: Mark) -> bool:
        """Whether a cue ends its clause. Behind a blank a name may follow: denies diabetes."""
        after = self._text[mark.end : min(self._end, mark.end + 6)]
        if not after[:1].isspace():
            return not after or _CLOSED.match(after) is not None
        if _CLOSED.match(after.lstrip()[:1]):
            return True
        before = self._text[max(0, mark.start - 1) : mark.start]
        return not self._text[mark.end - 1].isascii() and "一" <= before <= "鿿"

    def _clause_end(self, place: int) -> int:
        last = self._end if self._words.is_open else len(self._text)
        match = _CLAUSE_END.search(self._text, place, last)
        return match.start() if match else last


def _certain(cue: Cue) -> bool:
    return cue.kind in _CERTAINTY or cue.kind == "past"


def _leaves_bracket(between: str) -> bool:
    """Whether a bracket that was open at the beginning is closed."""
    if ")" not in between and "]" not in between and "】" not in between:
        return False
    depth = 0
    for character in between:
        if character in "([【":
            depth += 1
        elif character in ")]】":
            depth -= 1
            if depth < 0:
                return True
    return False
