"""A second reader of intents: what an encoder takes a text to mean, and what n-grams said of it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from agents.models.card import Card
from agents.models.classifier import Floats, session_of
from agents.models.encoder import Encoder
from agents.models.errors import BadModel
from agents.models.intents import OUTPUT

INPUT = "vectors"
_LEAST = 1e-6


class EncodedIntents:
    """Says how probable each label of the card is, to those who know what n-grams say; one thread."""  # noqa: E501

    def __init__(self, card: Card, folder: Path | Traversable, encoder: Encoder) -> None:
        """Raises BadModel, also if the card was made with another encoder."""
        self.card = card
        if card.reads != "vectors" or not card.labels:
            raise BadModel(f"{card.name}: a second reader of intents reads vectors and has labels")
        if card.encoder != encoder.sha256:
            raise BadModel(
                f"{card.name} was made with another encoder (SHA-256 {card.encoder[:12]}…, not"
                f" {encoder.sha256[:12]}…): fetch that one, or train the model with yours"
            )
        self._encoder = encoder
        self._session = session_of(card, folder)
        self.probabilities(["ok"], np.full((1, len(card.labels)), 1 / len(card.labels)))

    def probabilities(self, texts: Sequence[str], first: Floats) -> Floats:
        """Of each label, in rows; `first`: what `Intents` with the same labels says of these texts.

        A weighted product of both (a logarithmic opinion pool). Raises BadModel.
        """
        given = {INPUT: self._encoder.vectors(texts)}
        try:
            second = np.asarray(self._session.run([OUTPUT], given)[0], np.float64)
        except Exception as error:  # onnxruntime has no error of its own to name
            raise BadModel(f"{self.card.file} fails: {error}") from None
        if second.shape != first.shape or not np.isfinite(second).all():
            raise BadModel(f"{self.card.file}: {OUTPUT} is of shape {second.shape}, or no numbers")
        return pooled(first, second, self.card.weights)


def pooled(first: Floats, second: Floats, weights: tuple[float, float]) -> Floats:
    """Probabilities of the shape of both, of which each counts by the power of its weight."""
    of_first, of_second = weights
    logits = of_first * np.log(first + _LEAST) + of_second * np.log(second + _LEAST)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = powers / powers.sum(axis=1, keepdims=True)
    return found
