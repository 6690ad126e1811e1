"""Who, where, when and which number, as the tag model of the pack reads a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, cast

from agents.models.tags import Stretch, Tags
from agents.records.redaction.numbers import DRUG_APPROVAL
from agents.records.redaction.removal import Kind, Place, beside
from agents.records.redaction.repeated import repeated
from agents.records.redaction.tables import Tables
from agents.records.redaction.terms import Terms

_GROUP: Final = "identity"
_PERHAPS: Final = 0.08
"""How probable what is shown as perhaps an identifier must be (docs/quality.md, redaction)."""
_LATIN: Final = 0.5
"""The same of Latin names, to be taken or shown: the model was taught few."""
_DOUBTED: Final[frozenset[Kind]] = frozenset({"name", "hospital", "ward", "address", "employer"})
_LONG: Final = frozenset({"hospital", "address", "employer"})
"""Nothing of these is one character by itself."""
_LETTER: Final = re.compile("[a-z]")
_SIGN: Final = re.compile("[a-z0-9]")


class TaggedText:
    """A folded text as the model has it."""

    def __init__(self, text: str, tags: Tags, tables: Tables, terms: Terms) -> None:
        """Raises BadModel if the model fails."""
        self._tables = tables
        self._text = text.translate(tables.variants)
        self._tagged = tags.read(self._text)
        self._terms = terms.long(self._text)
        self._taken = tags.card.taken[_GROUP]
        self._left = tags.card.left.get(_GROUP, 0.0)
        self._nobody = {
            "name": tables.never,
            "address": frozenset(tables.no_address),
            "employer": frozenset(tables.no_employer),
        }

    def sure(self) -> Iterator[Place]:
        """What is probable enough, and where who is named is named again."""
        found = list(self._fit(self._taken))
        yield from found
        names = [(one.start, one.end) for one in found if one.kind == "name"]
        chinese = [span for span in names if not _SIGN.search(self._text[slice(*span)])]
        for start, end in repeated(self._text, chinese, self._tables):
            yield Place(start, end, "name")

    def perhaps(self, taken: Sequence[Place]) -> Iterator[Place]:
        """What is less probable, beside what is taken; one sign alone is noise."""
        return beside(self._text, self._fit(_PERHAPS), taken)

    def is_none(self, found: Place) -> bool:
        """Whether a Chinese name or place that a rule found is most likely none."""
        words = self._text[found.start : found.end]
        if found.kind not in _DOUBTED or not words or _SIGN.search(words):
            return False
        return self._tagged.probable(_GROUP, found.start, found.end) < self._left

    def _fit(self, least: float) -> Iterator[Place]:
        """No part of a term of medicine; a stretch that touches another may be a part of that."""
        found = list(self._tagged.stretches(_GROUP, least))
        starts, ends = {one.start for one in found}, {one.end for one in found}
        for one in found:
            start, end = self._trimmed(one)
            alone = one.start not in ends and one.end not in starts
            nobodys = alone and self._is_nobodys(start, end, one.label)
            term = any(first <= one.start and one.end <= last for first, last in self._terms)
            if start < end and not term and not nobodys:
                yield Place(
                    start, end, "record" if one.label == "number" else cast(Kind, one.label)
                )

    def _is_nobodys(self, start: int, end: int, label: str) -> bool:
        words = self._text[start:end]
        if words in self._nobody.get(label, ()) or (label in _LONG and len(words) == 1):
            return True
        if label == "number":
            return DRUG_APPROVAL.search(self._text, max(0, start - 12), start) is not None
        return label == "name" and _LETTER.search(words) is not None and self._is_cut(start, end)

    def _trimmed(self, one: Stretch) -> tuple[int, int]:
        """Of a name without what begins and ends nobody's."""
        start, end = one.start, one.end
        if one.label == "name":
            while start < end and self._text[start] in self._tables.never_first:
                start += 1
            while start < end and self._text[end - 1] in self._tables.never_last:
                end -= 1
        return start, end

    def _is_cut(self, start: int, end: int) -> bool:
        """Whether Latin letters are part of a word, or are no name too probably."""
        around = self._text[max(0, start - 1) : start + 1], self._text[end - 1 : end + 1]
        cut = any(len(_LETTER.findall(pair)) > 1 for pair in around)
        return cut or self._tagged.probable(_GROUP, start, end) < _LATIN
