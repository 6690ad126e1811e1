"""Where topics are: faded term weights per cluster, an inverted index, and the nearest one."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from windows.vocabulary import Vocabulary

TERMS_KEPT = 64
"""Heaviest terms kept per centroid; a few more may wait for the next pruning."""

ONE_WORD = 0.8
"""Factor on the cosine when a text of several terms shares one only: that may be chance."""

IDLE_SHARE = 0.5
"""Share of the cosine that a centroid loses in the long run while no text joins it."""

IDLE_HALF_LIFE = 1440
"""Minutes until half of that is lost."""

_PRUNE_ABOVE = TERMS_KEPT + 32
_YOUNG, _EXACT_EVERY = 8, 16
"""Texts until norms are no longer exact, and between exact ones: they follow the changes."""
_LONG_MINIMUM = 50
_LONG_SHARE = 0.05
"""A posting list of more clusters than both is long: such words are looked up last."""


class Centroid:
    """One topic: faded term counts of `learnt` texts and the square of their tf-idf length."""

    __slots__ = ("last_minute", "learnt", "period", "square", "weights")

    def __init__(self, minute: int, period: int) -> None:
        self.last_minute = minute
        self.period = period
        self.learnt = 0
        self.square = 0.0
        self.weights: dict[str, float] = {}


class Centroids:
    """Centroids by id, found by the terms that they share with a text.

    A word weighs sqrt(idf icf): idf = ln(1 + n / (1 + df)) / ln(1 + n) with n documents of which df
    hold the word, and icf the same over clusters. A word that one big topic made common still
    tells topics apart; one that all topics share does not. Without the divisors all weights would
    grow with the stream, and a length computed long ago would be too small today.
    """

    def __init__(self, half_life: int) -> None:
        self.vocabulary = Vocabulary(half_life)
        self.minute = 0
        """The latest minute seen, from which idleness is measured."""
        self._centroids: dict[int, Centroid] = {}
        self._norms: dict[int, float] = {}
        self._postings: dict[str, dict[int, float]] = {}

    def __len__(self) -> int:
        return len(self._centroids)

    def __getitem__(self, key: int) -> Centroid:
        return self._centroids[key]

    def weights(self, words: Iterable[str]) -> list[float]:
        """How telling each word is, in (0, 1]; 1 for a word never seen."""
        documents, df = self.vocabulary.documents, self.vocabulary.df
        clusters, postings = len(self._centroids), self._postings
        if not documents or not clusters:
            return [1.0 for _ in words]
        log, root = math.log1p, math.sqrt
        most = log(documents) * log(clusters)
        return [
            root(
                log(documents / (1.0 + df.get(word, 0.0)))
                * log(clusters / (1 + len(postings.get(word, ()))))
                / most
            )
            for word in words
        ]

    def heaviest(self, key: int, n: int) -> list[str]:
        """The `n` heaviest terms of a centroid. Raises KeyError if it is not there."""
        return heaviest(self.vector(key), n)

    def vector(self, key: int) -> dict[str, float]:
        """The tf-idf vector of a centroid. Raises KeyError if it is not there."""
        counts = self._centroids[key].weights
        weights = self.weights(counts)
        return {word: n * w for (word, n), w in zip(counts.items(), weights, strict=True)}

    def sharing(self, words: Iterable[str]) -> Iterator[int]:
        """The ids of the centroids that hold each of the words, once per word."""
        for word in words:
            yield from self._postings.get(word, ())

    def advance(self, minute: int) -> None:
        """Move event time on; an older minute does not turn it back."""
        self.minute = max(self.minute, minute)
        self.vocabulary.advance(minute)

    def add(self, key: int) -> None:
        """Start an empty centroid."""
        self._centroids[key] = Centroid(self.minute, self.vocabulary.period)
        self._norms[key] = 0.0

    def nearest(
        self, terms: Mapping[str, float], enough: float, *, without: int | None = None
    ) -> tuple[int | None, float]:
        """The most similar centroid (lowest id on ties), (None, 0.0) if no term is shared.

        The similarity is the cosine, less for a single shared word (`ONE_WORD`) and for a centroid
        that has been idle (`IDLE_SHARE`). Words of long posting lists count for centroids that
        share another one; what shares nothing else is looked up only if no other is similar
        `enough`. `without` leaves a centroid out, the one asked for: being idle is no matter then.
        """
        words = sorted(terms)
        weights = self.weights(words)
        vector = [terms[word] * w for word, w in zip(words, weights, strict=True)]
        length = math.sqrt(math.fsum([x * x for x in vector]))
        if not length:
            return None, 0.0
        factors = {word: x * w / length for word, x, w in zip(words, vector, weights, strict=True)}
        long = max(_LONG_MINIMUM, _LONG_SHARE * len(self._centroids))
        rare = [word for word in factors if len(self._postings.get(word, ())) <= long]
        frequent = [word for word in factors if len(self._postings.get(word, ())) > long]
        dots = self._dots(rare, factors)
        for word in frequent:
            posting, factor = self._postings[word], factors[word]
            for key in dots:
                if key in posting:
                    dots[key] += posting[key] * factor
        found = self._best(dots, factors, without)
        if frequent and found[1] < enough:
            other = self._best(self._dots(frequent, factors), factors, without)
            if other[1] > found[1]:
                found = other
        return found

    def _dots(self, words: Iterable[str], factors: Mapping[str, float]) -> dict[int, float]:
        dots: dict[int, float] = {}
        for word in words:
            factor = factors[word]
            for key, weight in self._postings.get(word, {}).items():
                dots[key] = dots.get(key, 0.0) + weight * factor
        return dots

    def _best(
        self, dots: Mapping[int, float], words: Mapping[str, float], without: int | None
    ) -> tuple[int | None, float]:
        idle_share = IDLE_SHARE if without is None else 0.0
        nearest, most = None, 0.0
        for key, dot in dots.items():
            similarity = dot / self._norms[key]
            if similarity < most or key == without:  # what follows only takes away
                continue
            centroid = self._centroids[key]
            if idle_share and centroid.last_minute < self.minute:
                idle = (self.minute - centroid.last_minute) / IDLE_HALF_LIFE
                similarity *= 1.0 - idle_share * (1.0 - 0.5**idle)
            if len(words) > 1 and sum(word in centroid.weights for word in words) < 2:
                similarity *= ONE_WORD
            if similarity > most or (similarity == most and nearest is not None and key < nearest):
                nearest, most = key, similarity
        return nearest, min(1.0, most)

    def learn(self, key: int, terms: Mapping[str, int], share: float) -> None:
        """Add a text to a centroid, its term counts times `share`, and to the vocabulary."""
        words = sorted(terms)
        self.vocabulary.learn(words)
        self._fade(key)
        centroid = self._centroids[key]
        centroid.learnt += 1
        for word, weight in zip(words, self.weights(words), strict=True):
            old = centroid.weights.get(word, 0.0)
            new = centroid.weights[word] = old + terms[word] * share
            self._postings.setdefault(word, {})[key] = new
            centroid.square += (new * new - old * old) * weight * weight
        if len(centroid.weights) > _PRUNE_ABOVE:
            self._prune(key)
        elif centroid.learnt <= _YOUNG or centroid.learnt % _EXACT_EVERY == 0:
            self._measure(key)
        else:
            self._norms[key] = math.sqrt(centroid.square)

    def merge(self, into: int, gone: int) -> None:
        """Make one centroid of two, under the id of the first."""
        self._fade(into)
        self._fade(gone)
        target, source = self._centroids[into], self._centroids[gone]
        for word, weight in source.weights.items():
            target.weights[word] = target.weights.get(word, 0.0) + weight
            self._postings[word][into] = target.weights[word]
        target.learnt += source.learnt
        target.last_minute = max(target.last_minute, source.last_minute)
        self.drop(gone)
        self._prune(into)

    def drop(self, key: int) -> None:
        """Forget a centroid."""
        for word in self._centroids.pop(key).weights:
            self._unpost(word, key)
        del self._norms[key]

    def _fade(self, key: int) -> None:
        centroid = self._centroids[key]
        fade = 0.5 ** (self.vocabulary.period - centroid.period)
        centroid.period = self.vocabulary.period
        if fade == 1.0:
            return
        for word in centroid.weights:
            centroid.weights[word] *= fade
            self._postings[word][key] *= fade
        centroid.square *= fade * fade

    def _prune(self, key: int) -> None:
        centroid = self._centroids[key]
        if len(centroid.weights) > TERMS_KEPT:
            kept = set(self.heaviest(key, TERMS_KEPT))
            for word in [word for word in centroid.weights if word not in kept]:
                del centroid.weights[word]
                self._unpost(word, key)
        self._measure(key)

    def _measure(self, key: int) -> None:
        centroid = self._centroids[key]
        centroid.square = math.fsum([x * x for x in self.vector(key).values()])
        self._norms[key] = math.sqrt(centroid.square)

    def _unpost(self, word: str, key: int) -> None:
        posting = self._postings[word]
        del posting[key]
        if not posting:
            del self._postings[word]

    def state(self) -> dict[str, Any]:
        """Plain JSON values, see `restore`."""
        return {
            "minute": self.minute,
            "vocabulary": self.vocabulary.state(),
            "centroids": [
                [
                    key,
                    c.last_minute,
                    c.period,
                    c.learnt,
                    c.square,
                    [*c.weights],
                    [*c.weights.values()],
                ]
                for key, c in self._centroids.items()
            ],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`."""
        self.minute = state["minute"]
        self.vocabulary.restore(state["vocabulary"])
        self._centroids, self._norms, self._postings = {}, {}, {}
        for key, minute, period, learnt, square, words, weights in state["centroids"]:
            centroid = self._centroids[key] = Centroid(minute, period)
            centroid.learnt, centroid.square = learnt, square
            centroid.weights = dict(zip(words, weights, strict=True))
            self._norms[key] = math.sqrt(square)
            for word, weight in centroid.weights.items():
                self._postings.setdefault(word, {})[key] = weight


def heaviest(vector: Mapping[str, float], n: int) -> list[str]:
    """The `n` words of the largest values, heaviest first, then by the alphabet."""
    return heapq.nsmallest(n, vector, key=lambda word: (-vector[word], word))
