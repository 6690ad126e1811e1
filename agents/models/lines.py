"""What kind of section a line without a heading stands in, as the pack's line model has it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

from agents.models.card import read
from agents.models.intents import Intents

CARD = "lines.json"


class Guess(NamedTuple):
    """A kind of section, and how probable it is."""

    kind: str
    probability: float


class Lines:
    """The model of a pack; one thread."""

    def __init__(self, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = read(folder / CARD, "lines")
        self._model = Intents(self.card, folder)

    def guess(self, lines: Sequence[str]) -> list[Guess]:
        """The most probable kind of each line. Raises BadModel if the model fails."""
        found = self._model.probabilities([" ".join(line.split()) for line in lines])
        best = found.argmax(axis=1)
        return [
            Guess(self.card.labels[at], float(row[at]))
            for at, row in zip(best.tolist(), found, strict=True)
        ]
