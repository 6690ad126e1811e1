"""Our own words for good and bad, as n-grams: what the models are told beforehand."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from agents.models.ngrams import Hashes, Recipe, keys_of
from windows.texts import clean

Floats = npt.NDArray[np.float64]

_NEGATED = -1.5
"""不满意 and "not good" hold the word itself, too: what is negated must outweigh it."""


def lexicon(*parts: str) -> dict[str, float]:
    """Words of `zh`, `en` or `other` languages: 1 for good, -1 for bad; the first part decides."""
    table = tomllib.loads((files("streams.training") / "lexicon.toml").read_text("utf-8"))
    words: dict[str, float] = {}
    for part in parts:
        good, bad = (table[part][side].split() for side in ("positive", "negative"))
        words = dict.fromkeys(good, 1.0) | dict.fromkeys(bad, -1.0) | words
    return words


def prior(words: dict[str, float], recipe: Recipe) -> tuple[Hashes, Floats]:
    """Keys under which a model with this recipe meets the words, and what each says."""
    said: dict[int, float] = {}
    for word, side in sorted(words.items()):
        said |= dict(zip(keys_of(clean(word), recipe), (side, side * _NEGATED), strict=False))
    keys = sorted(said)
    return np.asarray(keys, np.uint64), np.asarray([said[key] for key in keys])
