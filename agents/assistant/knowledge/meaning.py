"""How near articles are to a question in meaning, by an encoder's vectors."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agents.assistant.knowledge.postings import Scores
from agents.models.encoder import Encoder

Ints = npt.NDArray[np.int64]


class Meaning:
    """Of what articles are called and asked: `first` of `texts` is where each article's begin."""

    def __init__(self, encoder: Encoder, texts: Sequence[str], first: Ints) -> None:
        """Raises BadModel."""
        self._encoder = encoder
        # What articles share is encoded once.
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        self._vectors = encoder.vectors(list(rows))[[rows[text] for text in texts]]
        self._first = first
        of = np.repeat(np.arange(first.size), np.diff(np.append(first, len(texts))))
        alike = (self._vectors @ self._vectors.T)[of[:, None] != of[None, :]]
        # Encoders differ in how alike they find what has nothing in common.
        self._strangers = float(alike.mean()) if alike.size else 0.0

    def scores(self, question: str) -> Scores:
        """A cosine for each article: 0 that of strangers, 1 of the same text. Raises BadModel."""
        alike = self._vectors @ self._encoder.vectors([question])[0].astype(np.float64)
        best = np.maximum.reduceat(alike, self._first)
        found: Scores = np.maximum(0.0, (best - self._strangers) / (1 - self._strangers))
        return found
