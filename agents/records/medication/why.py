"""Why a medicine was changed: the words of its note in which the reason stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.records.medication import reasons
from agents.records.medication.around import Around
from agents.records.medication.drugs import Mention
from agents.records.medication.lists import Intake

if TYPE_CHECKING:
    from agents.records.parsed import Parsed

NOWHERE = 1 << 30
"""Where the name behind the last one stands."""
_REASON = 60
"""Characters behind a change in which its reason may stand."""


class Why:
    """Looks for the reasons of one note. `starts`: where its medicines stand."""

    def __init__(self, parsed: Parsed, around: Around) -> None:
        self._parsed = parsed
        self._folded = parsed.folded
        self._around = around
        self.starts: list[int] = []

    def settle(self, made: Intake, left: int, start: int, end: int) -> None:
        """Why, in words before the change, of the same sentence, or right behind it."""
        if made.reason or made.change in ("", "continue"):
            return
        folded, mention = self._folded, made.mention
        sentence = self._parsed.sentence(mention.start)
        ends = made.change in ("stop", "hold", "switch", "decrease", "increase")
        limit = min(sentence.end, end + _REASON) if end <= sentence.end else end
        begin = max(sentence.start, start - 48, min(left, start))
        found = reasons.before(folded[begin:start])
        if found is None:
            begin = end
            found = reasons.in_brackets(folded[end:limit])
        if found is None and start > mention.end and ends:
            begin = max([mention.end, *(one.end for one in made.own if one.end <= start)])
            found = reasons.between(folded[begin:start])
        if found is None:
            begin = end
            found = reasons.behind(folded[end:limit])
            if found and self._around.change(begin + found[1], min(limit, begin + found[1] + 12)):
                found = None
        if found is None and ends and made.change != "switch":
            right = min(limit, self._following(end))
            found = reasons.clause_behind(folded[end:right] + "\n" * (right == sentence.end))
        if found is None and start < mention.start and made.change in ("stop", "hold"):
            found = reasons.clause_before(
                folded[(begin := max(sentence.start, start - 48)) : start]
            )
        made.reason = self.words(begin, found)
        if found is None and start >= mention.end:
            made.reason = self.ahead(mention)

    def ahead(self, mention: Mention) -> str:
        """Why, in words before the name."""
        begin = max(self._parsed.sentence(mention.start).start, mention.start - 48)
        tail = self._folded[mention.end : mention.end + 8]
        return self.words(begin, reasons.ahead(self._folded[begin : mention.start], tail))

    def words(self, begin: int, found: tuple[int, int] | None) -> str:
        """What was found behind a place; empty if nothing was."""
        return self._parsed.text[begin + found[0] : begin + found[1]] if found else ""

    def _following(self, place: int) -> int:
        """Where the next name stands."""
        return next((one for one in self.starts if one >= place), NOWHERE)
