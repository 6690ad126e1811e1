"""Words around a mention that no cue explains and that still deny or doubt something.

A reader that takes all for so that nothing speaks against errs on the side of harm: an unknown
way of denying is told as a disease. So what is left of denial in a mention's clause makes it
uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from agents.records.parsed import Parsed
from agents.records.patterns import any_of
from schemas.records import Span

_STOP = re.compile(r"(?=[,;。!?\s])(?:[,;。!?\n]|(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f]))")
_FULL_STOP = re.compile(r"[;。!?\n]")
_NEXT = re.compile(r"、|\s+(?=[^\x00-\x7f(])|[但却而]|以前|既往")
_ASIDE = re.compile(r"\((?![^()]*(?:±|待|诊断|排|除|[?]|可能|疑|考虑))[^()]*\)")
_NEAR = 18
"""Characters behind a mention that speak of it, where no mark ends the clause."""
_QUOTES = ('"', "“", "”", "'", "‘", "「")
_FAR = 60
"""Characters on either side of a mention that are looked at."""


class DoubtWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`before`, `behind`: of a mention in its clause; `group`: behind the list it stands in;
    `then`: with them the next clause begins; `later`: anywhere behind a quoted name;
    `outside`: whose quoted names are hearsay; `turns`: what stands before them says nothing of the
    mention; `harmless`: say nothing; `kept`: doubt, though elsewhere they say nothing."""

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()


class Doubts:
    """The words as patterns."""

    def __init__(self, words: DoubtWords) -> None:
        self._before = re.compile(any_of(words.before))
        self._behind = re.compile(any_of(words.behind))
        self._group = re.compile(any_of(words.group))
        self._then = re.compile(rf"[\s,]*(?:{any_of(words.then)})")
        self._later = re.compile(any_of(words.later))
        self._outside = re.compile(any_of(words.outside))
        self._kept = frozenset(words.kept)
        self._turns = re.compile(any_of(words.turns))
        self._harmless = re.compile(any_of(words.harmless))

    def hold(self, parsed: Parsed, span: Span, known: Iterable[Span]) -> bool:
        """Whether something is left that speaks against a mention.

        `known`: words of its sentence that look like a cue and are none.
        """
        sentence = parsed.sentence(span.start)
        floor, ceiling = max(sentence.start, span.start - _FAR), min(sentence.end, span.end + _FAR)
        words = list(parsed.folded[floor:ceiling])
        for one in known:
            if parsed.folded[one.start : one.end] in self._kept:
                continue
            for place in range(max(one.start, floor), min(one.end, ceiling)):
                words[place - floor] = "_"
        left = self._blank("".join(words[: span.start - floor]))
        right = self._blank("".join(words[span.end - floor :]))
        return self._doubted_before(left) or self._doubted_behind(left, right)

    def _blank(self, words: str) -> str:
        return self._harmless.sub(lambda match: "_" * len(match[0]), words)

    def _doubted_before(self, left: str) -> bool:
        if left[-1:].isspace() and not left.rstrip()[-1:].isascii():
            return False
        clause = left[max((m.end() for m in _STOP.finditer(left)), default=0) :]
        own = clause[max((m.end() for m in self._turns.finditer(clause)), default=0) :]
        return self._before.search(own) is not None

    def _doubted_behind(self, left: str, right: str) -> bool:
        stop = _STOP.search(right)
        clause = right[: stop.start() if stop else len(right)]
        own = _NEXT.split(_ASIDE.sub("", clause), maxsplit=1)[0][:_NEAR]
        if self._behind.search(own) or self._group.search(clause):
            return True
        if stop and stop[0] == "," and self._then.match(right, stop.end()):
            return True
        if not left.endswith(_QUOTES):
            return False
        full = _FULL_STOP.search(right)
        later = right[: full.start() if full else len(right)]
        return bool(self._outside.search(left) or self._later.search(later))
