"""Whose a disease is, told by a small encoder of the characters around its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.models.card import read
from agents.models.classifier import Floats, session_of
from agents.models.encoded import pooled
from agents.models.errors import BadModel
from agents.models.intents import OUTPUT
from agents.models.mentions import own_of

CARD = "contexts.json"
BEFORE, BEHIND = 72, 48
"""Characters on either side of a name that the model sees."""
NAMED = 16
"""Characters of the name itself."""
INPUTS = ("characters", "place")
"""int64: numbers of the characters, and which of them opens the name."""
PADDING, _UNKNOWN, _FIRST, _LAST, _OPEN, _CLOSE = range(6)
SIGNS = 6
"""Numbers below that of the first character of the vocabulary."""

Numbers = npt.NDArray[np.int64]


class Context(NamedTuple):
    """A name in its note: the words before it, it, and the words behind it, folded."""

    before: str
    name: str
    behind: str


class Contexts:
    """The encoder of a pack; one thread."""

    def __init__(self, folder: Path | Traversable) -> None:
        """Raises BadModel."""
        self.card = read(folder / CARD, "contexts")
        self._own = own_of(self.card)
        self._numbers = numbers_of(self.card.vocabulary)
        self._session = session_of(self.card, folder)
        self._told(Context("", "高血压", ""))

    def denied(self, contexts: Sequence[Context], first: Floats) -> Floats:
        """How probable it is that each is not the patient's, or not so.

        `first`: what `Mentions` says of the same. Raises BadModel if the model fails.
        """
        own = np.asarray([self._told(one)[self._own] for one in contexts], np.float64)
        both = pooled(_sides(first), _sides(1 - own), self.card.weights)
        found: Floats = both[:, 1]
        return found

    def _told(self, context: Context) -> Floats:
        """One by one: the scale of an INT8 model is that of what runs together."""
        characters, place = numbered(context, self._numbers)
        given = {INPUTS[0]: characters, INPUTS[1]: np.asarray([place], np.int64)}
        try:
            found = np.asarray(self._session.run([OUTPUT], given)[0], np.float64)
        except Exception as error:  # onnxruntime has no error of its own to name
            raise BadModel(f"{self.card.file} fails: {error}") from None
        if found.shape != (len(self.card.labels),) or not np.isfinite(found).all():
            raise BadModel(f"{self.card.file}: {OUTPUT} is of shape {found.shape}, or no numbers")
        return found


def numbers_of(vocabulary: str) -> dict[str, int]:
    """The number of each of these characters."""
    return {one: number for number, one in enumerate(vocabulary, SIGNS)}


def numbered(context: Context, numbers: Mapping[str, int]) -> tuple[Numbers, int]:
    """What the model reads, and the place of the sign that opens the name; spaces say nothing."""

    def of(words: str) -> list[int]:
        return [numbers.get("|" if one == "\n" else one, _UNKNOWN) for one in words if one != " "]

    before = of(context.before[-BEFORE:])
    name, behind = of(context.name[:NAMED]), of(context.behind[:BEHIND])
    told = [_FIRST, *before, _OPEN, *name, _CLOSE, *behind, _LAST]
    return np.asarray(told, np.int64), len(before) + 1


def _sides(denied: Floats) -> Floats:
    return np.stack([1 - denied, denied], axis=1)
