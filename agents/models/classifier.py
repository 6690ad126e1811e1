"""One model for two sides, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from agents.models.card import Card, model_bytes
from agents.models.errors import BadModel
from agents.models.ngrams import KEY_BITS, Hashes, Recipe, Rows, grams, shorten

Floats = npt.NDArray[np.float64]

BATCH = 256
"""Texts a run: what is in flight stays in the processor's cache."""


class Classifier:
    """Says how probably a text is positive; one thread, for a night has a process per core."""

    def __init__(self, card: Card, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = card
        self._session = session_of(card, folder)
        self._check()

    def positive(self, texts: Sequence[str]) -> Floats:
        """The probability of each of these clean texts. Raises BadModel if the model fails."""
        parts = [self._run(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _run(self, texts: Sequence[str]) -> Floats:
        card = self.card
        if card.recipe is not None and card.reads == "grams":
            asked = gram_inputs(texts, card.recipe, card.slot_bits)
        else:
            one = self._session.get_inputs()[0]
            strings = np.asarray([shorten(text) for text in texts], np.object_)
            asked = {one.name: strings.reshape(-1, 1) if len(one.shape) == 2 else strings}
        try:
            answer = np.asarray(self._session.run([card.positive], asked)[0], np.float64)
        except Exception as error:
            raise BadModel(f"{card.file} fails: {error}") from None
        if answer.shape[:1] != (len(texts),) or answer.size not in (len(texts), 2 * len(texts)):
            raise BadModel(
                f"{card.file}: {card.positive} is of shape {answer.shape} for {len(texts)} texts"
            )
        found: Floats = answer.reshape(len(texts), -1)[:, -1]
        if not (np.isfinite(found).all() and (found >= 0).all() and (found <= 1).all()):
            raise BadModel(f"{card.file}: {card.positive} holds what is no probability")
        return found

    def _check(self) -> None:
        card = self.card
        inputs = {one.name: one.type for one in self._session.get_inputs()}
        outputs = [one.name for one in self._session.get_outputs()]
        if card.positive not in outputs:
            raise BadModel(f"{card.file} has no output {card.positive!r}, but {', '.join(outputs)}")
        if card.reads == "text":
            if list(inputs.values()) != ["tensor(string)"]:
                raise BadModel(f"{card.file} reads {inputs}, not one tensor of strings")
        elif set(inputs) != set(GRAM_INPUTS):
            raise BadModel(f"{card.file} reads {', '.join(inputs)}, not {', '.join(GRAM_INPUTS)}")
        self.positive(["ok", ""])


def session_of(card: Card, folder: Path | Traversable) -> onnxruntime.InferenceSession:
    """The model of a card, on one thread. Raises BadModel."""
    content = model_bytes(card, folder)
    try:
        return opened(content)
    except Exception as error:  # onnxruntime has no error of its own to name
        raise BadModel(f"{card.file} cannot be loaded: {error}") from None


def opened(content: bytes) -> onnxruntime.InferenceSession:
    """A model, on one thread. Raises what onnxruntime raises."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


GRAM_INPUTS = ("slots", "prints", "rows", "texts")
"""Of a model that reads n-grams: int64, `prints` int32; `texts` is how many there are."""


def gram_inputs(
    texts: Sequence[str], recipe: Recipe, slot_bits: int
) -> dict[str, npt.NDArray[np.generic]]:
    """What such a model is asked about at most `MOST_TEXTS` clean texts."""
    rows, keys = grams(texts, recipe)
    slots, prints = places(keys, slot_bits)
    return {
        "slots": slots,
        "prints": prints,
        "rows": rows,
        "texts": np.asarray([len(texts)], np.int64),
    }


def places(keys: Hashes, slot_bits: int) -> tuple[Rows, npt.NDArray[np.int32]]:
    """Slot of each key, and a fingerprint from 1 to 255 that tells strangers in its slot."""
    prints = (keys % np.uint64(255)).astype(np.int32)
    prints += 1
    return (keys >> np.uint64(KEY_BITS - slot_bits)).view(np.int64), prints
