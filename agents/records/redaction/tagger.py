"""Names that no rule finds: by a model that was taught what stands in names and around them."""

from __future__ import annotations

from importlib.resources.abc import Traversable
from pathlib import Path

from agents.models.names import CARD, Names
from agents.records.redaction.candidates import CandidateFinder
from agents.records.redaction.tables import Tables
from agents.records.redaction.tagged import Tagged


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

    def tag(self, text: str, folded: str) -> Tagged | None:
        """None: nothing in it can be a name. `folded` is as long as the text. Raises BadModel."""
        if self._loaded is None:
            self._loaded = Names(self._folder), CandidateFinder(self._tables)
        names, candidates = self._loaded
        made = candidates.find(text, folded)
        if not made.starts.size:
            return None
        told = folded.translate(self._tables.variants)
        return Tagged(told, made, names.probabilities(made.slots), names.card.known, self._tables)
