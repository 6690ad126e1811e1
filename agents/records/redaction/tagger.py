"""Names that no rule finds: by a model that was taught what stands in names and around them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from agents.models.names import CARD, Names
from agents.records.redaction.candidates import CandidateFinder, Candidates
from agents.records.redaction.removal import Place
from agents.records.redaction.repeated import repeated
from agents.records.redaction.tables import Tables


class Tagger:
    """Reads its model when it is first asked: most of the time nothing is about to leave."""

    def __init__(self, folder: Path | Traversable, tables: Tables) -> None:
        self._folder = folder
        self._tables = tables
        self._loaded: tuple[Names, CandidateFinder] | None = None

    @classmethod
    def of(cls, folder: Path | Traversable, tables: Tables) -> Tagger | None:
        """None: an older pack has no such model."""
        return cls(folder, tables) if (folder / CARD).is_file() else None

    def find(self, text: str, folded: str) -> Iterator[Place]:
        """Places of names; `folded` is as long as the text. Raises BadModel."""
        if self._loaded is None:
            self._loaded = Names(self._folder), CandidateFinder(self._tables)
        names, candidates = self._loaded
        made = candidates.find(text, folded)
        if not made.starts.size:
            return
        folded = folded.translate(self._tables.variants)
        found = [
            one
            for one in likely(made, names.probabilities(made.slots), names.card.known)
            if folded[slice(*one)] not in self._tables.never
            and folded[one[0]] not in self._tables.never_first
            and folded[one[1] - 1] not in self._tables.never_last
        ]
        for start, end in (*found, *repeated(folded, found, self._tables)):
            yield Place(start, end, "name")


def likely(made: Candidates, probable: np.ndarray, least: float) -> list[tuple[int, int]]:
    """The most probable of those that overlap, if it is probable enough."""
    found: list[tuple[int, int]] = []
    for at in np.argsort(-probable, kind="stable").tolist():
        if probable[at] < least:
            break
        start, end = int(made.starts[at]), int(made.ends[at])
        if all(end <= one[0] or start >= one[1] for one in found):
            found.append((start, end))
    return sorted(found)
