"""Who speaks where: a note that is a talk, or questions and their answers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container
from typing import NamedTuple

_LABEL = re.compile(
    r"(?<![^。!?;\n])[ \t]*"
    r"(?P<who>[a-z]{1,8}|[^\s,。:;!?()\[\]【】、/]{1,6})"
    r"(?:\([^()\n]{0,10}\))?[ \t]?:"
)
_LONGEST_UNKNOWN = 3
"""Characters of a speaker whom no table knows: 小段, 唐."""


class Turn(NamedTuple):
    """What one says, from the label to the next one; `body`: where the label ends."""

    who: str
    start: int
    body: int
    end: int


class Turns:
    """The turns of a note; none if it is not a talk. `headings`: where headings begin."""

    def __init__(
        self, folded: str, speakers: frozenset[str], headings: Container[int] = ()
    ) -> None:
        asked = "?" in folded
        labels = list(_LABEL.finditer(folded))
        often = Counter(match["who"] for match in labels)
        known = [
            match
            for match in labels
            if match["who"] in speakers
            or (
                asked
                and often[match["who"]] > 1
                and len(match["who"]) <= _LONGEST_UNKNOWN
                and match["who"].isalpha()
                and match.start("who") not in headings
            )
        ]
        if len(known) < 2:
            known = []
        ends = [*(match.start("who") for match in known), len(folded)][1:]
        self.turns = tuple(
            Turn(match["who"], match.start("who"), match.end(), end)
            for match, end in zip(known, ends, strict=True)
        )
        self._starts = [one.start for one in self.turns]

    def at(self, place: int) -> int:
        """Which turn a character lies in; -1 before the first."""
        return bisect_right(self._starts, place) - 1
