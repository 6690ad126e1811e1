"""Fits a linear model of many classes on hashed n-grams and pairs of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize_scalar
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from agents.models.classifier import BATCH
from agents.models.ngrams import Hashes, Recipe, Rows, grams
from streams.training.classes_graph import Weights
from streams.training.fitting import counts_of, settled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_FOLDS = 5
SLOPE = 6.3
_UNSEEN = -2.0
"""Score of a class of which a fold has no text."""

RECIPE = Recipe(characters=(2, 3, 4, 5), pairs=6, stem=4)


@dataclass(frozen=True)
class Settings:
    """How to fit; `most`: n-grams that are kept, those that tell most."""

    recipe: Recipe = RECIPE
    slot_bits: int = 18
    most: int = 65_000
    cost: float = 1.0
    balanced: bool = False
    seed: int = 7


def fit(texts: Sequence[str], labels: Ints, settings: Settings) -> Weights:
    """Fit clean texts; every class has some. The slope is `SLOPE`, that of BANKING77."""
    counts, keys = _kept(texts, labels, settings)
    return _fitted(counts, keys, labels, SLOPE, settings)


def fit_held_out(
    texts: Sequence[str], labels: Ints, groups: Ints, classes: int, settings: Settings
) -> tuple[Weights, Floats]:
    """The same with a slope of its own, and the logits of every text by a model that has not seen
    its group."""
    counts, keys = _kept(texts, labels, settings)
    told = np.zeros((len(texts), classes))
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=settings.seed)
    for train, test in folds.split(told, labels, groups):
        rarity = _rarity(counts[train])
        machine = _machine(_seen(counts[train], rarity), labels[train], settings)
        told[test] = _UNSEEN
        found = machine.decision_function(_seen(counts[test], rarity))
        told[np.ix_(test, machine.classes_)] = found
    slope = slope_of(told, labels)
    return _fitted(counts, keys, labels, slope, settings), slope * told


def _kept(texts: Sequence[str], labels: Ints, settings: Settings) -> tuple[sp.csr_matrix, Hashes]:
    """The n-grams that tell most, one a slot."""
    counts, keys = counts_of(texts, settings.recipe)
    counts, keys = settled(counts, keys, settings.slot_bits)
    if keys.size <= settings.most:
        return counts, keys
    first = _machine(_seen(counts, _rarity(counts)), labels, settings)
    telling = np.abs(first.coef_).max(axis=0) * np.sqrt(np.asarray(counts.sum(axis=0)).ravel())
    kept = np.sort(np.argsort(-telling, kind="stable")[: settings.most])
    return counts[:, kept], keys[kept]


def _fitted(
    counts: sp.csr_matrix, keys: Hashes, labels: Ints, slope: float, settings: Settings
) -> Weights:
    rarity = _rarity(counts)
    machine = _machine(_seen(counts, rarity), labels, settings)
    values = machine.coef_.T * rarity[:, None]
    return Weights(keys, rarity, values, machine.intercept_, slope, settings.slot_bits)


def scores(weights: Weights, texts: Sequence[str], recipe: Recipe) -> Floats:
    """What the graph computes before its slope, in doubles."""
    rows, keys = grams_of(texts, recipe)
    at = np.minimum(np.searchsorted(weights.keys, keys), weights.keys.size - 1)
    known = weights.keys[at] == keys
    shape = (len(texts), weights.keys.size)
    counts = sp.csr_matrix((np.ones(known.sum()), (rows[known], at[known])), shape=shape)
    norms = np.sqrt(np.asarray(counts @ weights.rarity**2).ravel() + 1e-6)
    found: Floats = (counts @ weights.values) / norms[:, None] + weights.offsets
    return found


def slope_of(scores: Floats, labels: Ints) -> float:
    """What scores are multiplied by for their softmax to be the most likely."""

    def loss(slope: float) -> float:
        logits = slope * scores
        top = logits.max(axis=1)
        every = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
        return float(np.mean(every - logits[np.arange(labels.size), labels]))

    return round(float(minimize_scalar(loss, bounds=(0.5, 30), method="bounded").x), 2)


def _machine(seen: sp.csr_matrix, labels: Ints, settings: Settings) -> LinearSVC:
    return LinearSVC(
        C=settings.cost,
        class_weight="balanced" if settings.balanced else None,
        random_state=settings.seed,
    ).fit(seen, labels)


def _rarity(counts: sp.csr_matrix) -> Floats:
    held = np.asarray(counts.sum(axis=0)).ravel()
    rare: Floats = np.log((1 + counts.shape[0]) / (1 + held)) + 1
    # What stands in one text only tells no class from the others.
    return np.where(held < 2, 0.0, rare)


def _seen(counts: sp.csr_matrix, rarity: Floats) -> sp.csr_matrix:
    weighed = counts @ sp.diags(rarity)
    norms = np.sqrt(np.asarray(counts @ rarity**2).ravel() + 1e-6)
    return (sp.diags(1 / norms) @ weighed).tocsr()


def grams_of(texts: Sequence[str], recipe: Recipe) -> tuple[Rows, Hashes]:
    """The n-grams of any number of texts."""
    found = [grams(texts[at : at + BATCH], recipe) for at in range(0, len(texts), BATCH)]
    rows = [row + at * BATCH for at, (row, _) in enumerate(found)]
    return np.concatenate(rows), np.concatenate([keys for _, keys in found])
