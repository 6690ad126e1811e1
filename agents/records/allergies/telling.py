"""Allergies that are told without the word: what was taken, and what came of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agents.records.errors import BadPack
from agents.records.patterns import any_of
from agents.records.terms import Found

_NAME = r"[^\s,;。、:()\[\]【】!?“”\"无否未有后就一过了着到]"
_FAR, _NEAR, _BEFORE = 48, 14, 40
"""Characters behind a substance to its reaction; before it, to how it was taken; before what a
reaction is laid to."""
_CLOSED = re.compile("[;。!?]")
_CLAUSE_END = re.compile("[,;。:!?]")
_WORDS = (
    "taking", "strong", "then", "blocked", "eased", "undone", "treats", "expected",
    "avoided", "asserted", "named", "shunning", "naming", "meeting", "reporters",
    "goes_on", "blames", "opened", "sure", "unlike", "no", "yes",
)  # fmt: skip


class Telling(NamedTuple):
    """The words of the pack's table for what is told, as patterns on folded words.

    `taking`: how one meets a substance; `strong`: what only an allergy shows; `then`: that one
    came of the other; `blocked`: between them, that it did not; `eased`: behind a reaction that
    went away; `undone`: before a substance that was not taken; `treats`: given for a reaction;
    `expected`: with what a rash is no allergy. `avoided`, `asserted`: who shuns what, whose first
    group is the name: the one needs a reaction or a known substance, the other a reaction.
    `named`: nothing else is needed. `shunning`, `naming`, `meeting`: one of it is in all that is
    avoided, named or asserted, and soon looked for. `reporters`: relatives that only
    tell of the patient. `goes_on`: begins a sentence that tells what came of the one before;
    `blames`: what a reaction is laid to. `opened`: how one met what no table knows, if it is not
    `unlike` a substance and the reaction is `sure`. `no`, `yes`: begin an answer.
    """

    taking: re.Pattern[str]
    strong: re.Pattern[str]
    then: re.Pattern[str]
    blocked: re.Pattern[str]
    eased: re.Pattern[str]
    undone: re.Pattern[str]
    treats: re.Pattern[str]
    expected: re.Pattern[str]
    avoided: re.Pattern[str]
    asserted: re.Pattern[str]
    named: re.Pattern[str]
    shunning: re.Pattern[str]
    naming: re.Pattern[str]
    meeting: re.Pattern[str]
    reporters: re.Pattern[str]
    goes_on: re.Pattern[str]
    blames: re.Pattern[str]
    opened: re.Pattern[str]
    sure: re.Pattern[str]
    unlike: re.Pattern[str]
    no: re.Pattern[str]
    yes: re.Pattern[str]

    @classmethod
    def read(cls, content: str, place: str) -> Telling:
        """Raises BadPack."""
        try:
            table = tomllib.loads(content).get("telling", {})
            verb = "|".join(table.get("taking", []))
            return cls(
                *(
                    re.compile(
                        any_of(table.get(key, []))
                        .replace("{name}", _NAME)
                        .replace("{verb}", f"(?:{verb})")
                    )
                    for key in _WORDS
                )
            )
        except (tomllib.TOMLDecodeError, re.error, TypeError, AttributeError) as error:
            raise BadPack(f"{place}: telling: {error}") from None

    def follows(self, words: str, start: int, end: int, stop: int, seen: re.Pattern[str]) -> bool:
        """Whether a reaction, a word of `seen`, came of what stands from `start` to `end`."""
        behind = words[end : min(stop, end + _FAR)]
        if closed := _CLOSED.search(behind):
            behind = behind[: closed.start()]
        if self.strong.search(behind) is None or self.treats.match(words, start):
            return False
        before = _clause_before(words, start)
        if self.undone.search(before):
            return False
        shown = self._strong_in(behind, seen)
        if shown is None or self.eased.match(behind, shown.end()):
            return False
        between = behind[: shown.start()]
        taken = self.taking.search(before + words[start:end]) or self.taking.search(between)
        if taken is None or self.blocked.search(between):
            return False
        if self.expected.match(words, start):
            return False
        return self.then.search(between + shown[0]) is not None

    def shuns(self, words: str) -> bool:
        """Whether something is avoided or named there."""
        if self.shunning.search(words) and self.avoided.search(words):
            return True
        return self.naming.search(words) is not None and self.named.search(words) is not None

    def shunned(self, words: str, seen: re.Pattern[str]) -> Iterator[tuple[int, int, bool]]:
        """Names of what is shunned or was met; whether a reaction is told behind them."""
        patterns = [self.named] if self.naming.search(words) else []
        if self.shunning.search(words):
            patterns.append(self.avoided)
        if self.strong.search(words) and self.meeting.search(words):
            patterns.append(self.asserted)
        for pattern in patterns:
            for match in pattern.finditer(words):
                start, end = match.span(match.lastindex or 0)
                shown = pattern is self.named or self._shown(words[end : end + _FAR], seen)
                if shown or pattern is self.avoided:
                    yield start, end, shown

    def unnamed(self, words: str, seen: re.Pattern[str]) -> Iterator[tuple[int, int]]:
        """Names of what was met, and surely a reaction came of it at once."""
        if self.sure.search(words) is None:
            return
        for match in self.opened.finditer(words):
            start, end = match.span(1)
            if self.unlike.search(match[1]):
                continue
            behind = _CLOSED.split(words[end : end + _BEFORE], maxsplit=1)[0]
            shown = next((one for one in seen.finditer(behind) if self.sure.search(one[0])), None)
            if (
                shown is not None
                and not self.blocked.search(behind[: shown.start()])
                and not self.eased.match(behind, shown.end())
            ):
                yield start, end

    def shown_in(self, before: str, seen: re.Pattern[str]) -> bool:
        """Whether a reaction is told in the last words."""
        told = seen.finditer(before, max(0, len(before) - _BEFORE))
        return any(self.strong.search(one[0]) for one in told)

    def _shown(self, behind: str, seen: re.Pattern[str]) -> bool:
        """Whether the first reaction that is told came, and did not go."""
        shown = self._strong_in(behind, seen)
        return shown is not None and not self.eased.match(behind, shown.end())

    def _strong_in(self, words: str, seen: re.Pattern[str]) -> re.Match[str] | None:
        """The first reaction that only an allergy shows."""
        return next((one for one in seen.finditer(words) if self.strong.search(one[0])), None)


def _clause_before(words: str, start: int) -> str:
    """The words of a clause before a place."""
    before = words[max(0, start - _NEAR) : start]
    return _CLAUSE_END.split(before)[-1]


def stops(known: Sequence[Found], at: int, length: int) -> int:
    """Where what is told of a substance ends: at the next one that is not of its list."""
    return known[at + 1].start if at + 1 < len(known) else length
