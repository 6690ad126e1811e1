"""Clusters of one minute: bounded, conservative, and without memory of other minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from windows.local_centroids import Centroids
from windows.term_rows import NOTHING, UNKNOWN, Ints, Rows, TermRows

CHUNK = 512
"""Texts per call of `assign`, counted from the start of the minute; only the last may be short."""

LADDER = tuple(round(0.8 * 0.85**step, 3) for step in range(14))
"""Cosines at which a text joins: the first until the clusters run out, then the next, to .097."""

TERMS_KEPT = 64
"""Heaviest terms of a cluster that `terms` gives."""

_FREE = 4  # out of clusters, one in four is made free
_LEARNT = 32  # texts a centroid learns from: more of them move it little and cost as much
_SEEDS = 64  # candidates for a new cluster compared with the rest of a chunk at once
_LEFT, _ALONE = -1, -2  # instead of a slot


class LocalClusters:
    """At most `limit` clusters of the distinct texts of one minute, by leader clustering.

    A text joins the most similar cluster (the first founded on ties) if the cosine reaches the
    present rung of the ladder, else it founds one, which later texts of its chunk join if they are
    as similar to it. Out of clusters, the nearest ones are united and a lower rung holds. On the
    last rung, what fits nowhere goes to `overflow`; each time the texts have grown by a quarter, so
    do the smallest clusters, to make room for topics that start late.

    `threshold` is the first rung. Same calls in, same answers out. Raises ValueError if `limit`
    is below 2.
    """

    def __init__(self, *, limit: int = 256, threshold: float = LADDER[0]) -> None:
        if limit < 2:
            raise ValueError(f"limit must be at least 2, not {limit}")
        self._room = limit - 1  # one is kept for the overflow
        self._ladder = (threshold, *(rung for rung in LADDER if rung < threshold))
        self._rung = 0
        self._rows = TermRows()
        self._centroids = Centroids(self._room)
        self._sizes: Ints = np.zeros(0, np.int64)
        self._indices: list[int] = []
        self._parents: list[int] = []
        self._overflow: int | None = None

    @property
    def overflow(self) -> int | None:
        """The index that collects what fits nowhere; None as long as everything fits."""
        return self._overflow

    def assign(self, terms: Sequence[Sequence[str]]) -> list[int]:
        """The cluster index of each text, given the distinct terms of each.

        Indices appear in ascending order from 0 and stay valid, but the cluster may become part of
        another one in a later call: see `root`. Raises ValueError if there are more than `CHUNK`
        texts, or any after a short chunk.
        """
        if len(terms) > CHUNK or self._rows.texts % CHUNK:
            raise ValueError(f"texts come in chunks of {CHUNK}; only the last may be shorter")
        if not terms:
            return []
        rows = self._read(terms)
        places = np.zeros(len(terms), np.int64)
        rest = np.arange(len(terms))
        while rest.size:
            rest = self._join(rows, rest, places)
            rest = self._found(rows, rest, places)
            if rest.size and not self._step_down():
                if self._overflow is None:
                    self._overflow = self._issue()
                places[rest] = self._overflow
                break
        return places.tolist()

    def root(self, index: int) -> int:
        """The cluster that the one called `index` is part of by now; may be `overflow`."""
        while self._parents[index] != index:
            index = self._parents[index]
        return index

    def terms(self, counts: Mapping[int, int]) -> dict[int, dict[str, int]]:
        """How many of a cluster's `counts` texts hold each of its heaviest terms, heaviest first.

        An estimate from the first distinct texts; empty for `overflow`. Raises ValueError if
        an index is no root.
        """
        heaviest = self._centroids.heaviest(TERMS_KEPT, self._rows.weights)
        learnt, words = self._centroids.learnt.tolist(), self._rows.words()
        found: dict[int, dict[str, int]] = {}
        for index, count in counts.items():
            if index == self._overflow:
                found[index] = {}
                continue
            slot = self._indices.index(index)
            rows, held = heaviest[slot]
            estimates = np.maximum(1.0, np.rint(held * (count / learnt[slot])))
            named = zip(rows.tolist(), estimates.astype(np.int64).tolist(), strict=True)
            found[index] = {words[row]: n for row, n in named}
            found[index].pop(NOTHING, None)
        return found

    def _read(self, terms: Sequence[Sequence[str]]) -> Rows:
        if self._rows.full:
            self._centroids.forget(self._rows.forget(), self._rows.weights)
        rows = self._rows.read(terms)
        self._grow()
        if self._rows.reweighed:
            self._centroids.measure(self._rows.weights)
            self._drop_smallest()
        return rows

    def _join(self, rows: Rows, rest: Ints, places: Ints) -> Ints:
        """Let texts join what is there; those that did not."""
        if not self._indices:
            return rest
        asked = rows if rest.size == len(places) else rows.take(rest)
        cosines = self._centroids.cosines(asked)
        slots = cosines.argmax(axis=1)
        near = cosines[np.arange(rest.size), slots] >= self._ladder[self._rung]
        self._place(rows, rest[near], slots[near], places)
        left: Ints = rest[~near]
        return left

    def _found(self, rows: Rows, rest: Ints, places: Ints) -> Ints:
        """Let texts in their order found clusters, with those like them; those left when full."""
        while rest.size and len(self._indices) < self._room:
            asked, seeds = rows.take(rest), rows.take(rest[:_SEEDS])
            columns = np.zeros((len(self._rows), len(seeds.lengths)), np.float32)
            columns[seeds.ids, seeds.spread(np.arange(len(seeds.lengths)))] = 1.0
            columns[UNKNOWN] = 0.0
            cosines = asked.cosines(columns, seeds.lengths).T
            slots = self._lead(np.greater_equal(cosines, self._ladder[self._rung]))
            self._grow()
            self._place(rows, rest[slots >= 0], slots[slots >= 0], places)
            if self._overflow is not None:
                places[rest[slots == _ALONE]] = self._overflow
            rest = rest[slots == _LEFT]
        return rest

    def _lead(self, near: NDArray[np.bool_]) -> Ints:
        """Slots of texts (columns), the first of which as seeds (rows) are near others.

        Once there is an overflow, a text on its own does not deserve a cluster.
        """
        like = near.nonzero()[1].tolist()
        ends = near.sum(axis=1).cumsum().tolist()
        slots = [_LEFT] * near.shape[1]
        for seed, (start, end) in enumerate(pairwise((0, *ends))):
            if slots[seed] >= 0:
                continue
            if len(self._indices) == self._room:
                break
            if self._overflow is not None and end - start < 2:
                slots[seed] = _ALONE
                continue
            slots[seed] = slot = len(self._indices)
            self._indices.append(self._issue())
            for column in like[start:end]:
                if slots[column] < 0:
                    slots[column] = slot
        return np.array(slots)

    def _issue(self) -> int:
        self._parents.append(len(self._parents))
        return self._parents[-1]

    def _place(self, rows: Rows, texts: Ints, slots: Ints, places: Ints) -> None:
        """Put texts into clusters; centroids that still learn do."""
        places[texts] = np.array(self._indices)[slots]
        self._sizes += np.bincount(slots, minlength=len(self._indices))
        learning = self._centroids.learnt[slots] < _LEARNT
        if learning.any():
            learnt = rows.take(texts[learning])
            self._centroids.learn(learnt, slots[learning], self._rows.weights)

    def _grow(self) -> None:
        """Make the tables fit the terms and clusters."""
        clusters = len(self._indices)
        self._sizes = np.concatenate((self._sizes, np.zeros(clusters - len(self._sizes), np.int64)))
        self._centroids.grow(len(self._rows), clusters)

    def _step_down(self) -> bool:
        """Unite the nearest clusters until a quarter is free, and go down to where that took us.

        At least one rung; to the last one if not enough are near. False if this is the last.
        """
        if self._rung + 1 == len(self._ladder):
            return False
        cosines = np.triu(self._centroids.similarities(self._rows.weights), 1)
        first, second = np.nonzero(cosines >= self._ladder[-1])
        order = np.argsort(-cosines[first, second], kind="stable")
        into = np.arange(len(self._indices))
        kept = np.ones(len(self._indices), bool)
        lowest, excess = 0.0, max(1, self._room // _FREE)
        for older, younger in zip(first[order].tolist(), second[order].tolist(), strict=True):
            if kept[older] and kept[younger]:
                self._parents[self._indices[younger]] = self._indices[older]
                into[younger] = older
                kept[younger] = False
                excess -= 1
                if not excess:
                    lowest = cosines[older, younger]
                    break
        self._regroup(into, kept)
        below = range(self._rung + 1, len(self._ladder))
        self._rung = next((rung for rung in below if self._ladder[rung] <= lowest), below[-1])
        return True

    def _drop_smallest(self) -> None:
        """Give the smallest quarter to `overflow` if nothing else can make room."""
        if self._overflow is None or len(self._indices) < self._room:
            return
        smallest = np.argsort(self._sizes, kind="stable")[: max(1, self._room // _FREE)]
        for slot in smallest.tolist():
            self._parents[self._indices[slot]] = self._overflow
        into = np.arange(len(self._indices))
        into[smallest] = -1
        self._regroup(into, into >= 0)

    def _regroup(self, into: Ints, kept: NDArray[np.bool_]) -> None:
        """Close the gaps between the clusters kept; the others go `into` an older one, or out."""
        slots = kept.cumsum() - 1
        for slot in np.flatnonzero(~kept & (into >= 0)).tolist():
            slots[slot] = slots[into[slot]]
        slots[into < 0] = -1
        inside = slots >= 0
        self._sizes = np.bincount(slots[inside], self._sizes[inside]).astype(np.int64)
        self._indices = [i for i, keep in zip(self._indices, kept.tolist(), strict=True) if keep]
        self._centroids.regroup(slots, self._rows.weights)
