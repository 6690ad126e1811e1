"""The stretches of one text with how probably each is somebody's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from agents.models.classifier import Floats
from agents.records.redaction.candidates import Candidates
from agents.records.redaction.removal import Place
from agents.records.redaction.repeated import repeated
from agents.records.redaction.tables import Tables

PERHAPS: Final = 0.02
"""How probable a stretch must be to be shown as perhaps a name (docs/quality.md, redaction)."""


class Tagged:
    """Of a folded text in today's signs."""

    def __init__(
        self, text: str, made: Candidates, probable: Floats, known: float, tables: Tables
    ) -> None:
        """`known`: how probable a name must be to be taken."""
        self._text = text
        self._made = made
        self._probable = probable
        self._known = known
        self._tables = tables

    def names(self) -> Iterator[Place]:
        """What is taken for a name, and where it is named again."""
        found = self._fit(likely(self._made, self._probable, self._known))
        for start, end in (*found, *repeated(self._text, found, self._tables)):
            yield Place(start, end, "name")

    def perhaps(self, taken: Sequence[Place]) -> Iterator[Place]:
        """What is less probable, beside what is taken."""
        held = np.zeros(len(self._text) + 1, np.int64)
        for one in taken:
            held[one.start + 1 : one.end + 1] = 1
        before = np.cumsum(held)
        free = before[self._made.ends] == before[self._made.starts]
        least = min(PERHAPS, self._known)
        for span in self._fit(likely(self._made, np.where(free, self._probable, 0.0), least)):
            yield Place(*span, "name")

    def _fit(self, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Without words that are nobody's name."""
        return [
            (start, end)
            for start, end in found
            if self._text[start:end] not in self._tables.never
            and self._text[start] not in self._tables.never_first
            and self._text[end - 1] not in self._tables.never_last
        ]


def likely(made: Candidates, probable: Floats, least: float) -> list[tuple[int, int]]:
    """The most probable of those that overlap, if it is probable enough."""
    found: list[tuple[int, int]] = []
    for at in np.argsort(-probable, kind="stable").tolist():
        if probable[at] < least:
            break
        start, end = int(made.starts[at]), int(made.ends[at])
        if all(end <= one[0] or start >= one[1] for one in found):
            found.append((start, end))
    return sorted(found)
