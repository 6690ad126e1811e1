"""Which documents hold a term, and how much it says of each; a query sums over its terms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Weights = Mapping[str, float]

_K1 = 1.2
_B = 0.4


class Postings:
    """Made by `bm25` or `cosine`; `rarity` is what a term says that few documents hold."""

    def __init__(self, documents: Sequence[Weights], rarity: Mapping[str, float]) -> None:
        rows: dict[str, list[int]] = {}
        weights: dict[str, list[float]] = {}
        for row, document in enumerate(documents):
            for term, weight in document.items():
                rows.setdefault(term, []).append(row)
                weights.setdefault(term, []).append(weight)
        self._lists = {
            term: (np.asarray(at, np.int64), np.asarray(weights[term], np.float64))
            for term, at in rows.items()
        }
        self._size = len(documents)
        self._rarity = rarity
        self._rarest = max(rarity.values(), default=1.0)

    @classmethod
    def bm25(cls, documents: Sequence[Weights]) -> Postings:
        """Of counts, which may be weighted by field."""
        rarity = _rarity(documents)
        lengths = [sum(one.values()) for one in documents]
        usual = sum(lengths) / len(lengths) if documents else 1.0
        return cls(
            [
                {
                    term: rarity[term] * n / (n + _K1 * (1 - _B + _B * length / usual))
                    for term, n in one.items()
                }
                for one, length in zip(documents, lengths, strict=True)
            ],
            rarity,
        )

    @classmethod
    def cosine(cls, documents: Sequence[Sequence[str]]) -> Postings:
        """Of terms in any order; a query must be given through `unit`."""
        counts = [Counter(one) for one in documents]
        rarity = _rarity(counts)
        return cls([_unit(one, rarity, 0.0) for one in counts], rarity)

    def scores(self, query: Weights) -> Scores:
        """One number a document."""
        found = [(self._lists[t], weight) for t, weight in query.items() if t in self._lists]
        if not found:
            return np.zeros(self._size)
        rows = np.concatenate([at for (at, _), _ in found])
        weights = np.concatenate([values * weight for (_, values), weight in found])
        summed: Scores = np.bincount(rows, weights, self._size).astype(np.float64)
        return summed

    def unit(self, query: Sequence[str]) -> dict[str, float]:
        """The terms of a query as a vector of length one."""
        return _unit(Counter(query), self._rarity, self._rarest)

    def rarity(self, term: str) -> float:
        """A term that nothing holds is as rare as can be."""
        return self._rarity.get(term, self._rarest)


def _rarity(documents: Sequence[Weights]) -> dict[str, float]:
    """The root of the usual logarithm: in a bank's articles the telling words are the frequent ones
    too, and a rare word is often there by chance.
    """
    held = Counter(term for one in documents for term in one)
    size = len(documents)
    return {term: math.sqrt(math.log(1 + (size - n + 0.5) / (n + 0.5))) for term, n in held.items()}


def _unit(
    counts: Mapping[str, int], rarity: Mapping[str, float], unknown: float
) -> dict[str, float]:
    values = {t: (1 + math.log(n)) * rarity.get(t, unknown) for t, n in counts.items()}
    length = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {term: value / length for term, value in values.items()}
