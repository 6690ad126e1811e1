"""What people talk about: one-pass leader clustering of one product's short texts."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from windows.vocabulary import Vocabulary

THRESHOLD = 0.12
"""Cosine at which a text joins a topic: one value for English words and Chinese bigrams.

.10 to .15 is flat for both, and the middle leans to splitting: two incidents made one do more
harm than one incident made two.
"""

TERMS_KEPT = 64
"""Heaviest terms kept per cluster."""

TEXTS_KEPT = 16
"""Fingerprints remembered per cluster, oldest forgotten first."""

_SMALL = 2
_STATE_VERSION = 1


class Assignment(NamedTuple):
    """Where a local cluster went.

    `similarity` is the cosine to the cluster joined, 1.0 for a text seen before; for a cluster
    just born it is the cosine to the nearest one, which was below the threshold.
    """

    cluster: int
    born: bool
    similarity: float


class _Cluster:
    """One topic. `weights` are term counts of its texts, `norm` their tf-idf length."""

    __slots__ = ("fingerprints", "last_minute", "norm", "period", "size", "weights")

    def __init__(self, minute: int, period: int) -> None:
        self.size = 0
        self.last_minute = minute
        self.period = period
        self.norm = 0.0
        self.weights: dict[str, float] = {}
        self.fingerprints: list[int] = []


class Clusters:
    """Leader clustering with tf-idf cosine, fed with local clusters in a fixed order.

    A local cluster joins the most similar cluster (lowest id on ties) if the cosine reaches
    `threshold`, else it founds a new one. Ids are ordinals and never reused. Old topics fade:
    counts halve every `half_life` minutes of event time. `limit` caps the clusters kept by
    `evict`. Same calls in, same answers out, also across `state` and `restore`.
    """

    def __init__(
        self, *, threshold: float = THRESHOLD, limit: int = 100_000, half_life: int = 7 * 1440
    ) -> None:
        self._threshold = threshold
        self._limit = limit
        self._vocabulary = Vocabulary(half_life)
        self._clusters: dict[int, _Cluster] = {}
        self._postings: dict[str, dict[int, float]] = {}
        self._by_fingerprint: dict[int, int] = {}
        self._next_id = 0

    def __len__(self) -> int:
        return len(self._clusters)

    def assign(
        self, terms: Mapping[str, int], count: int, fingerprint: int, minute: int
    ) -> Assignment:
        """Put a local cluster of `count` texts, with `terms` summed over them, where it belongs.

        `fingerprint` names the most frequent text of the local cluster: while it is remembered, it
        alone decides, and the terms are not learnt again. `minute` is the epoch minute of the
        texts; an older one is counted too, but does not turn time back.
        """
        self._vocabulary.advance(minute)
        known = self._by_fingerprint.get(fingerprint)
        if known is not None:
            self._count(known, count, minute)
            return Assignment(known, False, 1.0)
        nearest, similarity = self._nearest(terms)
        born = nearest is None or similarity < self._threshold
        if nearest is None or born:
            nearest = self._next_id
            self._next_id += 1
            self._clusters[nearest] = _Cluster(minute, self._vocabulary.period)
        self._vocabulary.learn(sorted(terms))
        self._absorb(nearest, terms, count)
        self._remember(nearest, fingerprint)
        self._count(nearest, count, minute)
        return Assignment(nearest, born, similarity)

    def terms(self, cluster: int, n: int) -> list[str]:
        """The `n` heaviest terms of a cluster by tf-idf. Raises KeyError if it is not there."""
        idf = self._vocabulary.idf
        weights = self._clusters[cluster].weights
        return heapq.nsmallest(n, weights, key=lambda word: (-weights[word] * idf(word), word))

    def evict(self, keep: Collection[int]) -> list[int]:
        """Drop clusters above the limit and return their ids, ascending.

        Clusters of one or two texts go before larger ones, then the longest idle, then the lowest
        id; those in `keep` never go, even if the limit stays exceeded.
        """
        excess = len(self._clusters) - self._limit
        if excess <= 0:
            return []
        kept = frozenset(keep)
        droppable = [
            (cluster.size > _SMALL, cluster.last_minute, key)
            for key, cluster in self._clusters.items()
            if key not in kept
        ]
        dropped = sorted(key for _, _, key in heapq.nsmallest(excess, droppable))
        for key in dropped:
            self._drop(key)
        return dropped

    def state(self) -> dict[str, Any]:
        """Everything needed to go on exactly, as plain JSON values (fingerprints have 64 bits)."""
        return {
            "version": _STATE_VERSION,
            "next_id": self._next_id,
            "vocabulary": self._vocabulary.state(),
            "clusters": [
                [
                    key,
                    cluster.size,
                    cluster.last_minute,
                    cluster.period,
                    cluster.norm,
                    list(cluster.fingerprints),
                    list(cluster.weights),
                    list(cluster.weights.values()),
                ]
                for key, cluster in self._clusters.items()
            ],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from `state`. Raises ValueError if another version wrote it."""
        if state["version"] != _STATE_VERSION:
            raise ValueError(f"cluster state version {state['version']} is not {_STATE_VERSION}")
        self._next_id = state["next_id"]
        self._vocabulary.restore(state["vocabulary"])
        self._clusters, self._postings, self._by_fingerprint = {}, {}, {}
        for key, size, last_minute, period, norm, fingerprints, words, weights in state["clusters"]:
            cluster = self._clusters[key] = _Cluster(last_minute, period)
            cluster.size, cluster.norm = size, norm
            cluster.fingerprints = list(fingerprints)
            cluster.weights = dict(zip(words, weights, strict=True))
            self._post(key)
            self._by_fingerprint.update(dict.fromkeys(fingerprints, key))

    def _nearest(self, terms: Mapping[str, int]) -> tuple[int | None, float]:
        """The most similar cluster and its cosine, (None, 0.0) if nothing is shared.

        Frequent words count for clusters that share a rare one; clusters that share nothing else
        are looked up only if no other is similar enough, for their postings are long.
        """
        idfs = {word: self._vocabulary.idf(word) for word in sorted(terms)}
        length = math.sqrt(math.fsum((terms[word] * idf) ** 2 for word, idf in idfs.items()))
        if not length:
            return None, 0.0
        factors = {word: terms[word] * idf * idf / length for word, idf in idfs.items()}
        rare, frequent = self._vocabulary.split(factors)
        cosines = self._cosines(rare, factors)
        for word in frequent:
            posting, factor = self._postings.get(word, {}), factors[word]
            for key in cosines:
                if key in posting:
                    cosines[key] += posting[key] * factor
        nearest, cosine = _largest(cosines)
        if frequent and cosine < self._threshold:
            other, other_cosine = _largest(self._cosines(frequent, factors))
            if other_cosine > cosine:
                nearest, cosine = other, other_cosine
        return nearest, min(1.0, cosine)

    def _cosines(self, words: Iterable[str], factors: Mapping[str, float]) -> dict[int, float]:
        """For each cluster with any of the words, the part of the cosine that they make up."""
        cosines: dict[int, float] = {}
        for word in words:
            factor = factors[word]
            for key, weight in self._postings.get(word, {}).items():
                cosines[key] = cosines.get(key, 0.0) + weight * factor
        return cosines

    def _absorb(self, key: int, terms: Mapping[str, int], count: int) -> None:
        """Add the mean text of a local cluster, times 1 + ln(count) lest a burst drown the rest."""
        cluster = self._clusters[key]
        fade = 0.5 ** (self._vocabulary.period - cluster.period)
        cluster.period = self._vocabulary.period
        weights = {word: weight * fade for word, weight in cluster.weights.items()}
        share = (1.0 + math.log(count)) / count
        for word in sorted(terms):
            weights[word] = weights.get(word, 0.0) + terms[word] * share
        idf = self._vocabulary.idf
        tfidf = {word: weight * idf(word) for word, weight in weights.items()}
        if len(tfidf) > TERMS_KEPT:
            lightest_first = sorted(tfidf, key=lambda word: (tfidf[word], word))
            for word in lightest_first[:-TERMS_KEPT]:
                del tfidf[word], weights[word]
                self._unpost(word, key)
        cluster.weights = weights
        cluster.norm = math.sqrt(math.fsum(x * x for x in tfidf.values()))
        self._post(key)

    def _post(self, key: int) -> None:
        """Index the weights of a cluster, scaled to a vector of length 1."""
        cluster = self._clusters[key]
        for word, weight in cluster.weights.items():
            self._postings.setdefault(word, {})[key] = weight / cluster.norm

    def _count(self, key: int, count: int, minute: int) -> None:
        cluster = self._clusters[key]
        cluster.size += count
        cluster.last_minute = max(cluster.last_minute, minute)

    def _remember(self, key: int, fingerprint: int) -> None:
        fingerprints = self._clusters[key].fingerprints
        fingerprints.append(fingerprint)
        self._by_fingerprint[fingerprint] = key
        if len(fingerprints) > TEXTS_KEPT:
            del self._by_fingerprint[fingerprints.pop(0)]

    def _drop(self, key: int) -> None:
        cluster = self._clusters.pop(key)
        for word in cluster.weights:
            self._unpost(word, key)
        for fingerprint in cluster.fingerprints:
            del self._by_fingerprint[fingerprint]

    def _unpost(self, word: str, key: int) -> None:
        posting = self._postings.get(word, {})
        posting.pop(key, None)
        if not posting:
            self._postings.pop(word, None)


def _largest(cosines: Mapping[int, float]) -> tuple[int | None, float]:
    """The cluster of the largest cosine, the lowest id on ties."""
    if not cosines:
        return None, 0.0
    cosine = max(cosines.values())
    return min(key for key, value in cosines.items() if value == cosine), cosine
