"""Whose a disease is that words around it name, and whether so: the pack's mention model."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from agents.models.card import Card, read
from agents.models.classifier import Floats
from agents.models.errors import BadModel
from agents.models.intents import Intents

CARD = "mentions.json"
OWN = "own"
"""The label of what the patient has, or may have."""


class Mentions:
    """The model of a pack; one thread."""

    def __init__(self, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = read(folder / CARD, "mentions")
        self._own = own_of(self.card)
        self._model = Intents(self.card, folder)

    def denied(self, contexts: Sequence[str]) -> Floats:
        """How probable it is that each is not the patient's, or not so.

        Raises BadModel if the model fails.
        """
        told = self._model.probabilities([one.replace("\n", " ") for one in contexts])
        found: Floats = 1 - told[:, self._own]
        return found


def own_of(card: Card) -> int:
    """The place of that label among those of a card. Raises BadModel."""
    if OWN not in card.labels:
        raise BadModel(f"{card.name} has no label {OWN!r}")
    return card.labels.index(OWN)
