"""Where topics are: faded term weights per cluster, an inverted index, and the nearest one."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import mul
from sys import intern
from typing import Any, NamedTuple

from windows.postings import Postings
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
_LARGE = TERMS_KEPT // 2
"""A centroid of more terms does without those that the vocabulary forgets."""
_YOUNG, _EXACT_EVERY = 8, 16
"""Texts until norms are no longer exact, and between exact ones: they follow the changes."""
_LONG_MINIMUM = 50
_LONG_SHARE = 0.05
"""A posting list of more clusters than both is long: such words are looked up last."""

_Lookup = tuple[str, Sequence[int], float]
"""A word, the centroids that hold it, and what its count there is multiplied by."""


class Centroid:
    """One topic: faded term counts of `learnt` texts, and their tf-idf length and its square."""

    __slots__ = ("last_minute", "learnt", "norm", "period", "square", "weights")

    def __init__(self, minute: int, period: int) -> None:
        self.last_minute = minute
        self.period = period
        self.learnt = 0
        self.square = 0.0
        self.norm = 0.0
        self.weights: dict[str, float] = {}


class Weighed(NamedTuple):
    """The words of a text, sorted, how often each is in it, and how telling each is today."""

    words: Sequence[str]
    counts: Sequence[float]
    weights: Sequence[float]


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
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self._centroids)

    def __contains__(self, key: int) -> bool:
        return key in self._centroids

    def __getitem__(self, key: int) -> Centroid:
        return self._centroids[key]

    def weights(self, words: Iterable[str]) -> list[float]:
        """How telling each word is, in (0, 1]; 1 for a word never seen."""
        documents, df = self.vocabulary.documents, self.vocabulary.df
        clusters = len(self._centroids)
        if not documents or not clusters:
            return [1.0 for _ in words]
        log, root, count, holders = math.log1p, math.sqrt, df.get, self._postings.get
        most = log(documents) * log(clusters)
        return [
            root(
                log(documents / (1.0 + count(word, 0.0)))
                * log(clusters / (1 + len(holders(word, ()))))
                / most
            )
            for word in words
        ]

    def weigh(self, terms: Mapping[str, float]) -> Weighed:
        """A text as `nearest` and `learn` take it."""
        words = sorted(terms)
        return Weighed(words, [terms[word] for word in words], self.weights(words))

    def learnt(self, keys: Iterable[int]) -> int:
        """Texts that centroids have learnt."""
        return sum([self._centroids[key].learnt for key in keys])

    def counts(self, keys: Iterable[int]) -> dict[str, float]:
        """The term counts of centroids, added up. Raises KeyError if one is not there."""
        counts: dict[str, float] = {}
        for key in keys:
            centroid = self._centroids[key]
            fade = 0.5 ** (self.vocabulary.period - centroid.period)
            for word, n in centroid.weights.items():
                counts[word] = counts.get(word, 0.0) + n * fade
        return counts

    def vector(self, keys: Iterable[int]) -> dict[str, float]:
        """The tf-idf vector of centroids, added up. Raises KeyError if one is not there."""
        counts = self.counts(keys)
        weights = self.weights(counts)
        return {word: n * w for (word, n), w in zip(counts.items(), weights, strict=True)}

    def holding(self, word: str) -> Sequence[int]:
        """The ids of the centroids that hold a word."""
        return self._postings.get(word, ())

    def advance(self, minute: int) -> None:
        """Move event time on; an older minute does not turn it back."""
        if minute > self.minute:
            self.minute = minute
            self.vocabulary.advance(minute)

    def add(self, key: int) -> None:
        """Start an empty centroid."""
        self._centroids[key] = Centroid(self.minute, self.vocabulary.period)

    def nearest(
        self, text: Weighed, enough: float, *, without: Collection[int] = ()
    ) -> tuple[int | None, float]:
        """The most similar centroid (lowest id on ties), (None, 0.0) if no term is shared.

        The similarity is the cosine, less for a single shared word (`ONE_WORD`) and for a centroid
        that has been idle (`IDLE_SHARE`). Words of long posting lists count for centroids that
        share another one; what shares nothing else is looked up only if no other is similar
        `enough`. `without` leaves centroids out, those asked for: being idle is no matter then.
        """
        words, counts, weights = text
        vector = [n * weight for n, weight in zip(counts, weights, strict=True)]
        length = math.sqrt(math.fsum([x * x for x in vector]))
        if not length:
            return None, 0.0
        long = max(_LONG_MINIMUM, _LONG_SHARE * len(self._centroids))
        rare: list[_Lookup] = []
        frequent: list[_Lookup] = []
        holders = self._postings.get
        for word, x, weight in zip(words, vector, weights, strict=True):
            posting = holders(word)
            if posting is not None:
                found = rare if len(posting) <= long else frequent
                found.append((word, posting, x * weight / length))
        dots = self._dots(rare)
        for word, _, factor in frequent:
            for key in dots:
                dots[key] += self._centroids[key].weights.get(word, 0.0) * factor
        best = self._best(dots, words, without)
        if frequent and best[1] < enough:
            other = self._best(self._dots(frequent), words, without)
            if other[1] > best[1]:
                best = other
        return best

    def _dots(self, lookups: Iterable[_Lookup]) -> dict[int, float]:
        dots: dict[int, float] = {}
        centroids = self._centroids
        for word, posting, factor in lookups:
            for key in posting:
                dots[key] = dots.get(key, 0.0) + centroids[key].weights[word] * factor
        return dots

    def _best(
        self, dots: Mapping[int, float], words: Sequence[str], without: Collection[int]
    ) -> tuple[int | None, float]:
        idle_share = 0.0 if without else IDLE_SHARE
        nearest, most = None, 0.0
        for key, dot in dots.items():
            centroid = self._centroids[key]
            similarity = dot / centroid.norm
            if similarity < most or key in without:  # what follows only takes away
                continue
            if idle_share and centroid.last_minute < self.minute:
                idle = (self.minute - centroid.last_minute) / IDLE_HALF_LIFE
                similarity *= 1.0 - idle_share * (1.0 - 0.5**idle)
            if len(words) > 1 and sum(map(centroid.weights.__contains__, words)) < 2:
                similarity *= ONE_WORD
            if similarity > most or (similarity == most and nearest is not None and key < nearest):
                nearest, most = key, similarity
        return nearest, min(1.0, most)

    def learn(self, key: int, text: Weighed, share: float) -> None:
        """Add a text to a centroid, its term counts times `share`, and to the vocabulary."""
        words = [intern(word) for word in text.words]  # kept once, whoever learns them
        for word in self.vocabulary.learn(words):
            self._forget(word)
        self._fade(key)
        centroid = self._centroids[key]
        centroid.learnt += 1
        held, gained = centroid.weights, 0.0
        for word, n, weight in zip(words, text.counts, text.weights, strict=True):
            new = share if n == 1 else n * share  # most are one, and share the number
            old = held.get(word)
            if old is None:
                self._postings.post(word, key)
                held[word] = new
                gained += (new * weight) ** 2
            else:
                held[word] = old + new
                gained += new * (old + old + new) * weight * weight
        centroid.square += gained
        if len(held) > _PRUNE_ABOVE:
            self._prune(key)
        elif centroid.learnt <= _YOUNG or centroid.learnt % _EXACT_EVERY == 0:
            self._measure(key)
        else:
            centroid.norm = math.sqrt(centroid.square)

    def drop(self, key: int) -> None:
        """Forget a centroid."""
        for word in self._centroids.pop(key).weights:
            self._postings.unpost(word, key)
        self._postings.forget(key)

    def _fade(self, key: int) -> None:
        centroid = self._centroids[key]
        fade = 0.5 ** (self.vocabulary.period - centroid.period)
        centroid.period = self.vocabulary.period
        if fade != 1.0:
            for word in centroid.weights:
                centroid.weights[word] *= fade
            centroid.square *= fade * fade

    def _forget(self, word: str) -> None:
        """Take a rare word from large centroids; it adds so little that their norms can wait."""
        for key in tuple(self._postings.get(word, ())):
            held = self._centroids[key].weights
            if len(held) > _LARGE:
                del held[word]
                self._postings.unpost(word, key)

    def _prune(self, key: int) -> None:
        centroid = self._centroids[key]
        if len(centroid.weights) > TERMS_KEPT:
            kept = set(heaviest(self.vector([key]), TERMS_KEPT))
            for word in [word for word in centroid.weights if word not in kept]:
                del centroid.weights[word]
                self._postings.unpost(word, key)
        self._measure(key)

    def _measure(self, key: int) -> None:
        centroid = self._centroids[key]
        vector = map(mul, centroid.weights.values(), self.weights(centroid.weights))
        centroid.square = math.fsum([x * x for x in vector])
        centroid.norm = math.sqrt(centroid.square)

    def state(self) -> dict[str, Any]:
        """Plain JSON values, see `restore`."""
        return {
            "minute": self.minute,
            "vocabulary": self.vocabulary.state(),
            "centroids": [
                [key, c.last_minute, c.period, c.learnt, c.square, dict(c.weights)]
                for key, c in self._centroids.items()
            ],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`."""
        self.minute = state["minute"]
        self.vocabulary.restore(state["vocabulary"])
        self._centroids, self._postings = {}, Postings()
        for key, minute, period, learnt, square, weights in state["centroids"]:
            centroid = self._centroids[key] = Centroid(minute, period)
            centroid.learnt, centroid.square = learnt, square
            centroid.norm = math.sqrt(square)
            centroid.weights = {intern(word): weight for word, weight in weights.items()}
            for word in centroid.weights:
                self._postings.post(word, key)


def heaviest(vector: Mapping[str, float], n: int) -> list[str]:
    """The `n` words of the largest values, heaviest first, then by the alphabet."""
    return heapq.nsmallest(n, vector, key=lambda word: (-vector[word], word))
