"""Fits a linear model on hashed n-grams: log-count ratios, a margin, topics, and our own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from agents.models.classifier import BATCH, places
from agents.models.ngrams import Hashes, Recipe, grams
from streams.training.graph import Table
from streams.training.lexicon import prior

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

GROUND = 1.0
"""Squared norm of a text of which nothing is known: keeps a verdict from few words small."""
_FOLDS = 5
_TOPIC_DIMENSIONS = 50


@dataclass(frozen=True)
class Settings:
    """How to fit. `within`: the n-grams whose weights depend on the topic; `topics` 0: none do.

    `prior`: how much more strongly our own words pull than the texts say they do, for of other
    goods the texts know less; `balanced`: both sides weigh the same; `by_length`: how much a text
    says counts, for the content say less.
    """

    recipe: Recipe
    slot_bits: int
    topics: int = 0
    within: Recipe = field(default_factory=Recipe)
    prior: float = 0.0
    smoothing: float = 1.0
    cost: float = 1.0
    balanced: bool = False
    by_length: bool = False
    seed: int = 7


@dataclass(frozen=True)
class Fitted:
    """`held_out`: logit of every text by a model that has not seen it, nor its like."""

    table: Table
    held_out: Floats


def fit(
    texts: Sequence[str],
    sides: Ints,
    groups: Ints,
    words: Mapping[str, float],
    settings: Settings,
) -> Fitted:
    """Fit clean texts; `sides`: 1 positive, 0 negative; texts of a group are held out together."""
    counts, keys = counts_of(texts, settings.recipe)
    counts, keys = settled(counts, keys, settings.slot_bits)
    said, sayings = prior(dict(words), settings.recipe)
    crossed = np.isin(keys, counts_of(texts, settings.within)[1]) if settings.topics else None
    model = _Model(counts, keys, said, sayings, crossed, settings)
    told = np.zeros((len(texts), 3 if settings.by_length else 1))
    for train, test in _folds(sides, groups, settings.seed):
        told[test] = model.fit(train, sides[train]).told(test)[:, : told.shape[1]]
    # No offset: of a text of which nothing is known, nothing is said.
    calibration = LogisticRegression(
        C=1e6, fit_intercept=False, class_weight="balanced" if settings.balanced else None
    ).fit(told, sides)
    slope, *lengths = calibration.coef_[0].tolist()
    model.fit(np.arange(len(texts)), sides)
    return Fitted(model.table(slope, lengths or (0.0, 0.0)), calibration.decision_function(told))


class _Model:
    """The matrices of all texts, and the weights fitted last."""

    def __init__(
        self,
        counts: sp.csr_matrix,
        keys: Hashes,
        said: Hashes,
        sayings: Floats,
        crossed: npt.NDArray[np.bool_] | None,
        settings: Settings,
    ) -> None:
        self._counts = counts
        self._keys = keys
        self._said = said
        self._sayings = sayings
        self._settings = settings
        place = {int(key): column for column, key in enumerate(keys)}
        self._own = np.zeros(keys.size)
        for key, saying in zip(said, sayings, strict=True):
            if int(key) in place:
                self._own[place[int(key)]] = saying
        self._crossed = np.flatnonzero(crossed) if crossed is not None else np.zeros(0, np.int64)

    def fit(self, train: Ints, sides: Ints) -> _Model:
        """Fit the texts in these rows."""
        settings = self._settings
        some = self._counts[train]
        self._ratios = _ratios(some, sides, settings.smoothing)
        self._gate = _Gate(some[:, self._crossed], self._inverse_norms(some), settings)
        self._ratios_within = [
            _ratios(sp.diags(gate) @ some[:, self._crossed], sides, settings.smoothing)
            for gate in self._gate.of(some[:, self._crossed], self._inverse_norms(some)).T
        ]
        machine = LinearSVC(
            C=settings.cost,
            fit_intercept=False,
            class_weight="balanced" if settings.balanced else None,
            random_state=settings.seed,
        )
        machine.fit(self._seen(some), sides)
        self._weights = machine.coef_[0].astype(np.float64)
        return self

    def told(self, rows: Ints) -> Floats:
        """Of the texts in these rows the score, and the two things of `Table.lengths`."""
        seen = self._seen(self._counts[rows])
        own = seen[:, self._keys.size].toarray().ravel()
        squares = self._counts[rows] @ self._ratios**2
        known = squares / (squares + GROUND)
        length = known * np.log(squares + GROUND) / 2
        return np.stack((seen @ self._weights + self._settings.prior * own, known, length), axis=1)

    def table(self, slope: float, lengths: Sequence[float]) -> Table:
        """All of it by slot."""
        settings = self._settings
        topics, n = settings.topics, self._keys.size
        values = np.zeros((1 << settings.slot_bits, 2 + 2 * topics), np.float32)
        prints = np.zeros(1 << settings.slot_bits, np.uint8)
        pull = self._weights[n] + settings.prior
        # Our own words first: what the texts tell of a slot takes it over.
        slots, marks = places(self._said, settings.slot_bits)
        values[slots, 0], prints[slots] = pull * self._sayings, marks
        slots, marks = places(self._keys, settings.slot_bits)
        values[slots], prints[slots] = 0.0, marks
        values[slots, 0] = self._weights[:n] * self._ratios + pull * self._own
        values[slots, 1] = self._ratios**2
        within = slots[self._crossed]
        for topic in range(topics):
            first = n + 1 + topic * within.size
            weights = self._weights[first : first + within.size]
            values[within, 2 + topic] = self._gate.weights[topic]
            values[within, 2 + topics + topic] = weights * self._ratios_within[topic]
        offsets = self._gate.offsets.astype(np.float32)
        return Table(prints, values, offsets, GROUND, slope, lengths)

    def _inverse_norms(self, some: sp.csr_matrix) -> sp.dia_matrix:
        return sp.diags(1 / np.sqrt(some @ self._ratios**2 + GROUND))

    def _seen(self, some: sp.csr_matrix) -> sp.csr_matrix:
        """What the machine sees: all n-grams, our own words, and n-grams by topic."""
        norms = self._inverse_norms(some)
        own = sp.csr_matrix((some @ self._own)[:, None])
        parts = [some @ sp.diags(self._ratios), own]
        inner = some[:, self._crossed]
        for gate, ratios in zip(self._gate.of(inner, norms).T, self._ratios_within, strict=True):
            parts.append(sp.diags(gate) @ inner @ sp.diags(ratios))
        return (norms @ sp.hstack(parts)).tocsr()


class _Gate:
    """Which topic a text is about: clusters of the texts, then a linear model that tells them."""

    def __init__(self, inner: sp.csr_matrix, norms: sp.dia_matrix, settings: Settings) -> None:
        topics = settings.topics
        self.offsets = np.zeros(topics)
        self.weights = np.zeros((topics, inner.shape[1]))
        if not topics:
            return
        seen = np.asarray(inner.sum(axis=0)).ravel()
        telling = (seen >= 10) & (seen < 0.3 * inner.shape[0])
        rare = np.log(inner.shape[0] / np.maximum(seen, 1)) * telling
        dimensions = min(_TOPIC_DIMENSIONS, inner.shape[1] - 1)
        shape = TruncatedSVD(dimensions, random_state=settings.seed)
        flat = normalize(shape.fit_transform(normalize(inner @ sp.diags(rare))))
        found = KMeans(topics, n_init=4, random_state=settings.seed).fit(flat).labels_
        telling_model = LogisticRegression(C=3, max_iter=200).fit(norms @ inner, found)
        self.weights = telling_model.coef_
        self.offsets = telling_model.intercept_

    def of(self, inner: sp.csr_matrix, norms: sp.dia_matrix) -> Floats:
        """Share of each topic in each text."""
        logits = np.asarray(norms @ inner @ self.weights.T) + self.offsets
        if not logits.size:
            return np.asarray(logits)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def counts_of(texts: Sequence[str], recipe: Recipe) -> tuple[sp.csr_matrix, Hashes]:
    """Which n-grams stand in which text, of those that stand in two."""
    rows, keys = [], []
    for at in range(0, len(texts), BATCH):
        row, key = grams(texts[at : at + BATCH], recipe)
        rows.append(row + at)
        keys.append(key)
    every, column, seen = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    kept = seen > 1
    entry = kept[column]
    columns = (np.cumsum(kept) - 1)[column[entry]]
    where = (np.concatenate(rows)[entry], columns)
    shape = (len(texts), int(kept.sum()))
    return sp.csr_matrix((np.ones(columns.size), where), shape=shape), every[kept]


def settled(counts: sp.csr_matrix, keys: Hashes, slot_bits: int) -> tuple[sp.csr_matrix, Hashes]:
    """One n-gram a slot: the one that more texts hold."""
    slots, _ = places(keys, slot_bits)
    seen = np.asarray(counts.sum(axis=0)).ravel()
    order = np.lexsort((keys, -seen, slots))
    first = np.concatenate(([True], np.diff(slots[order]) > 0))
    kept = np.sort(order[first])
    return counts[:, kept], keys[kept]


def _ratios(counts: sp.csr_matrix, sides: Ints, smoothing: float) -> Floats:
    """Log of how much more of the positive than of the negative n-grams each is."""
    good = smoothing + np.asarray(counts[sides == 1].sum(axis=0)).ravel()
    bad = smoothing + np.asarray(counts[sides == 0].sum(axis=0)).ravel()
    ratios: Floats = np.log((good / good.sum()) / (bad / bad.sum()))
    return ratios


def _folds(sides: Ints, groups: Ints, seed: int) -> Iterator[tuple[Ints, Ints]]:
    folds = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed)
    yield from folds.split(np.zeros(sides.size), sides, groups)
