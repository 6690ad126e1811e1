"""English phrases right before or behind a mention that say whether it is so."""

from __future__ import annotations

import re

import msgspec

from agents.records.parsed import Parsed
from agents.records.patterns import any_of
from schemas.records import Certainty, Span

_FAR = 80
"""Characters on either side of a mention that are looked at."""


class Sides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Patterns: `before` ends at a mention, `behind` begins there."""

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


class PhraseWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What each certainty is said with, the first that fits holds; `listed`: what may stand
    between a mention and what is said of it, other names."""

    hypothetical: Sides = Sides()
    uncertain: Sides = Sides()
    refuted: Sides = Sides()
    listed: str = ""
    states: str = "(?!)"


class Phrases:
    """The words as patterns."""

    def __init__(self, words: PhraseWords) -> None:
        said: tuple[tuple[Certainty, Sides], ...] = (
            ("hypothetical", words.hypothetical),
            ("uncertain", words.uncertain),
            ("refuted", words.refuted),
        )
        self._said = [
            (
                certainty,
                re.compile(rf"(?:{any_of(sides.before)})\s*$"),
                re.compile(rf"(?:{words.listed})(?:{any_of(sides.behind)})"),
            )
            for certainty, sides in said
        ]

    def of(self, parsed: Parsed, span: Span) -> Certainty | None:
        """None: they say nothing."""
        line = parsed.folded.rfind("\n", 0, span.start) + 1
        floor = max(line, span.start - _FAR)
        ceiling = min(len(parsed.folded), span.end + _FAR)
        for certainty, before, behind in self._said:
            if before.search(parsed.folded, floor, span.start):
                return certainty
            if behind.match(parsed.folded, span.end, ceiling):
                return certainty
        return None
