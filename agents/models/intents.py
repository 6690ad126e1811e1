"""One model for many classes, run by onnxruntime: which of its labels a text has."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from agents.models.card import Card
from agents.models.classifier import BATCH, GRAM_INPUTS, Floats, gram_inputs, session_of
from agents.models.errors import BadModel

OUTPUT = "probabilities"
OUT_OF_SCOPE = ""
"""The label of what is none of the others."""


class Intents:
    """Says how probable each label of the card is; one thread."""

    def __init__(self, card: Card, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = card
        if card.recipe is None or card.reads != "grams" or not card.labels:
            raise BadModel(f"{card.name}: a model of intents reads grams and has labels")
        self._recipe = card.recipe
        self._session = session_of(card, folder)
        inputs = {one.name for one in self._session.get_inputs()}
        outputs = [one.name for one in self._session.get_outputs()]
        if inputs != set(GRAM_INPUTS) or outputs != [OUTPUT]:
            raise BadModel(
                f"{card.file} reads {', '.join(sorted(inputs))} and gives {', '.join(outputs)}, "
                f"not {', '.join(GRAM_INPUTS)} and {OUTPUT}"
            )
        self.probabilities(["ok", ""])

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Of each label of the card, in rows of clean texts. Raises BadModel if the model fails."""
        if 0 < len(texts) <= BATCH:
            return self._run(texts)
        parts = [self._run(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.card.labels)))

    def _run(self, texts: Sequence[str]) -> Floats:
        asked = gram_inputs(texts, self._recipe, self.card.slot_bits)
        try:
            found = np.asarray(self._session.run([OUTPUT], asked)[0], np.float64)
        except Exception as error:  # onnxruntime has no error of its own to name
            raise BadModel(f"{self.card.file} fails: {error}") from None
        if found.shape != (len(texts), len(self.card.labels)) or not np.isfinite(found).all():
            raise BadModel(f"{self.card.file}: {OUTPUT} is of shape {found.shape}, or no numbers")
        return found
