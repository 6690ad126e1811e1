"""What is said of a whole list behind it: denials that sum up, and answers to questions."""

from __future__ import annotations

import itertools
import re
from typing import Literal

import msgspec

from agents.records.clauses import (
    STOPS,
    Behind,
    Clause,
    Reading,
    clause_start,
    clauses_from,
    exceeds,
)
from agents.records.frames import Place
from agents.records.patterns import any_of
from schemas.records import Span

Kind = Literal["denied", "affirmed", "unknown", "plain", "asked", "searched", "else"]

_QUOTES = "\"'”’」』)]"
_LONGEST = 40
"""Characters of a clause that is understood."""
_REPLIES = 3
"""Turns behind a question in which its answer may stand."""


class StatementWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As patterns. `lead`, `trail`: may stand around a bare denial; `deny`: denials and
    corrections; `strong`: without a name, it was excluded; `sums`: with one of them before a
    denial anything may stand before it; `searched`: how one looks for a disease; `affirm`,
    `unknown`: answers; `ask`: ends a question; `asks`: opens one; `doubts`: a question that
    wonders at what is written; `presumes`: one that takes it for known; `corrected`: it was
    written wrongly, and `mixed` what was; `suffix`: behind a list; `joint`: within it; `states`:
    make of a name a statement; `says`: a clause with it asserts something; `owns`: before a name,
    it is had;
    `hearsay`: so others say; `turns`: another statement begins; `again`: a sentence that goes on
    with the list; `except_before`, `except_behind`: around an exception."""

    lead: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    affirm: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    hearsay: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    presumes: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    except_before: tuple[str, ...] = ()
    except_behind: tuple[str, ...] = ()


class Statements:
    """The words as patterns."""

    def __init__(self, words: StatementWords) -> None:
        lead, trail, look = any_of(words.lead), any_of(words.trail), any_of(words.searched)
        says, excepting = any_of(words.says), any_of(words.except_before)
        denial = rf"(?:{lead})*(?:{any_of(words.deny)})(?:{trail})*\s*"
        found = rf"[^、,;。!?]{{0,14}}(?:{look})[^、,;。!?]{{0,6}}?"
        word = rf"(?:(?!{any_of(words.states)})[^\s、,;。:!?]){{1,12}}?|[a-z]+(?: [a-z]+){{0,2}}"
        item = rf"(?:{any_of(words.joint)})(?:{word})"
        listed = rf"[{re.escape(_QUOTES)}]?(?:{item}|{any_of(words.suffix)})*"
        done = rf"(?:(?:{look})[^,;。!?]{{0,3}})?"
        # Behind a mention one of these is in what any pattern but `plain` matches; soon looked for.
        self._telling = re.compile(
            any_of((*words.deny, *words.ask, *words.corrected, *words.searched))
        )
        self._denied = re.compile(rf"{listed}(?:{found})?{denial}")
        self._plain = re.compile(rf"{listed}\s*")
        self._asked = re.compile(rf"{listed}(?:{lead})*(?:{any_of(words.ask)})\s*")
        self._query = re.compile(
            rf"{listed}(?:{lead})*{done}(?:(?:得?过)?没有?|吗|么|吧)?[啊呀呢的]?\s*"
        )
        self._looked = re.compile(rf"{listed}(?:(?!{says})[^;])*?(?:{look})[^;]*")
        self._miswritten = re.compile(
            rf"[^药量名床期间]*(?:{any_of(words.corrected)})[了的掉过]*(?:{any_of(words.mixed)})?\s*"
        )
        self._strong = re.compile(
            rf"\s*(?:{found})?(?:{lead})*(?:{any_of(words.strong)})(?:{trail})*\s*"
        )
        self._asks = re.compile(rf"(?:{any_of(words.asks)})[^,;。!?]*$")
        self._doubts = re.compile(any_of(words.doubts))
        self._presumes = re.compile(any_of(words.presumes))
        self._corrected = re.compile(any_of(words.corrected))
        self._owns = re.compile(rf"(?:{any_of(words.owns)})[^,;。!?]*$")
        self._hearsay = re.compile(any_of(words.hearsay))
        self._again = re.compile(rf"\s*(?:{any_of(words.again)})")
        self._except_before = re.compile(rf"(?:{excepting})[^,;。!?]*$")
        self._except_behind = re.compile(rf"[^\s,;。]{{0,12}}(?:{any_of(words.except_behind)})")
        self._whole: tuple[tuple[Kind, re.Pattern[str]], ...] = (
            ("denied", re.compile(rf"\s*{denial}(?:{denial})?$")),
            ("affirmed", re.compile(rf"\s*(?:{lead})*(?:{any_of(words.affirm)})\s*$")),
            (
                "unknown",
                re.compile(rf"\s*[^,;。]{{0,6}}(?:{any_of(words.unknown)})[^,;。]{{0,4}}$"),
            ),
            ("plain", re.compile(rf"\s*(?:{excepting})")),
        )
        self._within: tuple[tuple[Kind, re.Pattern[str]], ...] = (
            ("denied", re.compile(rf"[^、]{{0,16}}(?:{any_of(words.sums)}){denial}$")),
            ("denied", re.compile(rf"{found}{denial}$")),
            ("else", re.compile(any_of(words.turns))),
            ("searched", re.compile(rf".*?(?:{look})")),
            ("else", re.compile(rf".*?(?:{says})")),
        )

    def of(self, reading: Reading) -> Place | None:
        """What the words behind a mention say of it; None if they say nothing of their own."""
        parsed, span = reading.parsed, reading.span
        folded = parsed.folded
        sentence = parsed.sentence(span.start)
        floor = max(sentence.start, span.start - _LONGEST)
        start = clause_start(folded, floor, span.start)
        head = folded[start : span.start]
        if self._except_before.search(head):
            return "confirmed" if self._except_behind.match(folded, span.end) else None
        clauses = Behind(clauses_from(folded, span.end, sentence.end))
        own = clauses.first
        rest = folded[span.end : own.end]
        kind = self._own(rest)
        if own.mark == "?" and kind in ("denied", "else"):
            return self._queried(reading, clauses, rest)
        if kind == "denied":
            return "refuted"
        if kind == "else" and (not reading.walks or reading.family):
            return None
        if kind == "plain" and self._is_retorted(reading, clauses):
            return "refuted"
        if kind != "else" and self._is_asked(reading, head, kind, clauses):
            if self._doubts.search(head):
                return self._wondered_at(reading)
            return self._answer(reading, clauses, of_it=True)
        if not reading.walks or reading.family:
            return None
        if kind == "else" or (self._owns.search(head) and not self._hearsay.search(head)):
            return self._overturned(reading, clauses)
        return self._summed_up(reading, clauses)

    def _queried(self, reading: Reading, clauses: Behind, rest: str) -> Place | None:
        """A mention with a question about it behind: if one has it, or since when."""
        of_it = self._query.fullmatch(rest) is not None
        if not of_it and not reading.turns.turns:
            return None
        said = self._answer(reading, clauses, of_it=of_it)
        presumed = said == "uncertain" and not of_it and self._presumes.search(rest)
        return "confirmed" if presumed else said

    def _is_retorted(self, reading: Reading, clauses: Behind) -> bool:
        """Whether one asks it only to deny it: 甲亢?压根没得过."""
        if clauses.first.mark != "?" or reading.turns.turns:
            return False
        said = clauses.at(1)
        return said is not None and self._kind(reading, said) == "denied"

    def _own(self, rest: str) -> Kind:
        """What stands behind a mention in its own clause."""
        if len(rest) > _LONGEST:
            return "else"
        if not rest:
            return "plain"
        told = self._telling.search(rest) is not None
        if told and self._denied.fullmatch(rest):
            return "denied"
        if self._plain.fullmatch(rest):
            return "plain"
        if not told:
            return "else"
        if self._asked.fullmatch(rest):
            return "asked"
        if self._miswritten.fullmatch(rest):
            return "denied"
        return "searched" if self._looked.fullmatch(rest) else "else"

    def _is_asked(self, reading: Reading, head: str, kind: Kind, clauses: Behind) -> bool:
        if kind == "asked" or self._asks.search(head):
            return True
        if reading.family or reading.parsed.section(reading.span.start).kind == "diagnosis":
            return False
        for clause in clauses.since(0):
            if clause.mark == "?":
                spoken = reading.turns.at(clause.start) >= 0
                words = reading.parsed.folded[clause.start : clause.end]
                return spoken or (clause is not clauses.first and bool(self._asked.search(words)))
            if clause.mark in STOPS:
                return False
        return False

    def _kind(self, reading: Reading, clause: Clause) -> Kind:
        words = reading.parsed.folded[clause.start : clause.end]
        if len(words) > _LONGEST:
            return "else"
        known = next((kind for kind, pattern in self._whole if pattern.match(words)), None)
        if known is not None:
            return known
        if reading.has_topic(clause):
            return "plain" if reading.is_list(clause) else "else"
        return next((kind for kind, pattern in self._within if pattern.match(words)), "plain")

    def _overturned(self, reading: Reading, clauses: Behind) -> Place | None:
        """Whether a clause soon behind is no more than that it was excluded or corrected."""
        for before, clause in itertools.pairwise(clauses.since(0)):
            if before.mark != "," or reading.has_topic(clause):
                return None
            if self._strong.fullmatch(reading.parsed.folded, clause.start, clause.end):
                return "refuted"
            if self._kind(reading, clause) not in ("plain", "searched"):
                return None
        return None

    def _summed_up(self, reading: Reading, clauses: Behind) -> Place | None:
        """A denial behind the clause of a mention: in its sentence, or as the next one's whole."""
        for before, clause in itertools.pairwise(clauses.since(0)):
            if before.mark in STOPS:
                again = self._again.match(reading.parsed.folded, clause.start, clause.end)
                if before.mark == ";" or not again:
                    return None
                return "refuted" if self._kind(reading, clause) == "denied" else None
            kind = self._kind(reading, clause)
            if kind == "denied":
                names = reading.parsed.folded[reading.span.end : clause.end]
                return None if exceeds(names) else "refuted"
            if kind in ("else", "affirmed", "unknown"):
                return None
        return None

    def _answer(self, reading: Reading, clauses: Behind, *, of_it: bool) -> Place:
        """What the clauses behind a question say of what was asked.

        `of_it`: whether it was asked if one has it; else only its name in the answer counts.
        """
        turns, first = reading.turns, reading.turns.at(reading.span.start)
        aside = False
        for clause in clauses.since(1):
            if first >= 0 and turns.at(clause.start) > first + _REPLIES:
                break
            place = reading.namesake(clause)
            other = clause.mark == "?" and turns.at(clause.start) > first
            if place is None and other and reading.has_topic(clause):
                break
            if place is not None:
                said = reading.judge(place)
                if not (said.family or said.other):
                    longer = place.end - place.start > reading.span.end - reading.span.start
                    return "unsaid" if longer else said.certainty
                aside = True
                continue
            kind = self._kind(reading, clause) if of_it and clause.mark != "?" else "plain"
            if kind == "denied":
                return "refuted"
            if kind == "affirmed" and (clause is clauses.at(1) or turns.at(clause.start) > first):
                said = reading.judge(Span(clause.end - 1, clause.end))
                if not (said.family or said.other):
                    return "confirmed"
                aside = True
            if kind == "unknown":
                break
        return "unsaid" if aside else "uncertain"

    def _wondered_at(self, reading: Reading) -> Place:
        """A name that somebody wonders to find written; soon it is said that it is wrong."""
        first = reading.turns.at(reading.span.start)
        for one in reading.turns.turns[first + 1 : first + 4] if first >= 0 else ():
            if self._corrected.search(reading.parsed.folded, one.body, one.end):
                return "refuted"
        return "uncertain"
