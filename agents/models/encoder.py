"""A small pretrained sentence encoder, run by onnxruntime: what a text means, as a vector."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agents.models.classifier import opened
from agents.models.errors import BadModel

Vectors = npt.NDArray[np.float32]
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
_MOST_TOKENS = 128
"""What is beyond says little more of what somebody wants, and costs."""
_FEEDS = ("input_ids", "attention_mask", "token_type_ids")


class Encoder:
    """A BERT-like model as sentence-transformers exports it; one thread."""

    def __init__(self, folder: Path) -> None:
        """Of `model.onnx` and `tokenizer.json`. Raises BadModel."""
        try:
            from tokenizers import Tokenizer
        except ImportError:
            raise BadModel("an encoder needs a tokenizer: install groundswell[encoder]") from None
        self._folder = folder
        try:
            content = (folder / MODEL).read_bytes()
            self._session = opened(content)
            self._tokenizer = Tokenizer.from_str((folder / TOKENIZER).read_text("utf-8"))
        except Exception as error:  # neither library has an error of its own to name
            raise BadModel(f"no encoder in {folder}: {error}") from None
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._feeds = [one.name for one in self._session.get_inputs()]
        if not set(self._feeds) <= set(_FEEDS):
            raise BadModel(f"the encoder in {folder} reads {', '.join(self._feeds)}")
        self.dimensions = self.vectors(["ok"]).shape[1]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Of shape (texts, dimensions) and length 1: the mean of a text's tokens.

        One by one: the scale of an INT8 model is that of what runs together, and no text may change
        what another one means. Raises BadModel if the model fails.
        """
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        tokens = np.asarray([self._tokenizer.encode(text).ids], np.int64)
        given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens)}
        given["token_type_ids"] = np.zeros_like(tokens)
        try:
            told = self._session.run(None, {name: given[name] for name in self._feeds})[0]
        except Exception as error:  # onnxruntime has no error of its own to name
            raise BadModel(f"the encoder in {self._folder} fails: {error}") from None
        if told.ndim != 3 or not np.isfinite(told).all():
            raise BadModel(f"the encoder in {self._folder} gives {told.shape}, or no numbers")
        mean = told[0].mean(axis=0, dtype=np.float64)
        found: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
        return found
