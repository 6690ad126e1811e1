"""The clauses behind a mention, as far as they may speak of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import NamedTuple

from agents.records.assertion import Assertion
from agents.records.parsed import Parsed
from agents.records.turns import Turns
from schemas.records import Span

STOPS = frozenset("。.!?\n;")
"""Marks that end a sentence."""
# One of the characters in front is taken first: the search skips all others at once.
_END = re.compile(
    r"[ ,;。!?\n:.…—](?:(?<=[,;。!?\n])|(?<=:)(?=\D)|(?<=\.)(?=\s|$)"
    r"|(?:(?<=\.)\.|(?<=[…—]))(?:\.\.|…|—)*|(?<=[一-鿿] )(?=[一-鿿]))"
)
_BLANK = " "
_BEFORE = re.compile(r"(?s:.*)[,;。!?\n:]")
"""All up to the last mark."""
_JOINTS = re.compile(r"[\s、/]|以及|还有|[和及与跟或]|\b(?:and|or)\b")
_COUNTED = re.compile(r"([两二三四五2345])(?:样|个|项|种|者|条)")
_NUMBERS = {"两": 2, "二": 2, "2": 2, "三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
_PARTED = re.compile(r"[、和及与]")
_MOST, _FAR = 12, 200
"""Clauses and characters behind a mention that are looked at."""


class Clause(NamedTuple):
    """Words up to a mark, and the mark."""

    start: int
    end: int
    mark: str


def clause_start(folded: str, floor: int, place: int) -> int:
    """Where the clause begins that a place is in."""
    before = _BEFORE.match(folded, floor, place)
    return before.end() if before else floor


def clauses_from(folded: str, place: int, sentence: int) -> Iterator[Clause]:
    """The clauses from a place on, the first of them cut. `sentence`: where that one ends."""
    ceiling = min(len(folded), place + _FAR)
    start = place
    for _ in range(_MOST):
        match = _END.search(folded, start, ceiling)
        end = match.start() if match else ceiling
        if start < sentence < end or start == place == sentence:  # the next number of a list
            yield Clause(start, sentence, "\n")
            start, sentence = sentence, -1
        yield Clause(start, end, match[0][:1].replace(_BLANK, ",") if match else "")
        if match is None:
            return
        start = match.end()


class Behind:
    """At least one clause; the others are cut only as far as somebody looks."""

    def __init__(self, clauses: Iterator[Clause]) -> None:
        self.first = next(clauses)
        self._rest = clauses
        self._cut = [self.first]

    def at(self, place: int) -> Clause | None:
        """None: there are not so many."""
        while len(self._cut) <= place:
            one = next(self._rest, None)
            if one is None:
                return None
            self._cut.append(one)
        return self._cut[place]

    def since(self, place: int) -> Iterator[Clause]:
        """From this one on."""
        while (one := self.at(place)) is not None:
            yield one
            place += 1


def exceeds(between: str) -> bool:
    """Whether a mention stands in a clause before the two, three, … that are counted behind it."""
    counted = _COUNTED.search(between)
    if counted is None:
        return False
    _, comma, names = between[: counted.start()].rpartition(",")
    return bool(comma and names) and len(_PARTED.findall(names)) + 1 >= _NUMBERS[counted[1]]


_start = attrgetter("start")


class Reading(NamedTuple):
    """A mention in its note. `topics`: diseases, lesions and symptoms that the note names, in
    order; `judge`: how another mention is meant; `walks`: also look at the clauses behind;
    `family`: it stands behind a relative."""

    parsed: Parsed
    span: Span
    topics: list[Span]
    turns: Turns
    judge: Callable[[Span], Assertion]
    walks: bool
    family: bool

    def has_topic(self, clause: Clause) -> bool:
        """Whether a clause names another disease or symptom."""
        return bool(self._inside(clause))

    def _inside(self, clause: Clause) -> list[Span]:
        first, last = (
            bisect_left(self.topics, place, key=_start) for place in (clause.start, clause.end)
        )
        return self.topics[first:last]

    def is_list(self, clause: Clause) -> bool:
        """Whether a clause is no more than the next names of a list."""
        named = sum(one.end - one.start for one in self._inside(clause))
        words = self.parsed.folded[clause.start : clause.end]
        return len(_JOINTS.sub("", words)) - named <= 0

    def namesake(self, clause: Clause) -> Span | None:
        """The name in a clause, or the longer one that it is a part of."""
        name = self.parsed.folded[self.span.start : self.span.end]
        place = self.parsed.folded.find(name, clause.start, clause.end)
        if place < 0:
            return None
        return next(
            (
                Span(min(place, one.start), max(one.end, place + len(name)))
                for one in self.topics
                if one.start <= place + len(name) - 1 < one.end
            ),
            None,
        )
