"""Clusters of one minute: bounded, conservative, and without memory of other minutes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from windows.term_rows import LIMIT, NOTHING, UNKNOWN, Floats, Ints, Rows, TermRows

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
_FIRST_TERMS, _FIRST_CLUSTERS = 256, 16  # tables start small, most minutes do


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
        # Row: term. Column: cluster, by age; all zero beyond the last. Squares are of its length.
        self._counts: Floats = np.zeros((_FIRST_TERMS, _FIRST_CLUSTERS), np.float32)
        self._squares = np.zeros(0)
        self._sizes: Ints = np.zeros(0, np.int64)
        self._learnt: Ints = np.zeros(0, np.int64)
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

    def terms(self, index: int, count: int) -> dict[str, int]:
        """How many of the cluster's `count` texts hold each of its heaviest terms, heaviest first.

        An estimate from the first distinct texts; empty for `overflow`. Raises ValueError if
        `index` is no root.
        """
        if index == self._overflow:
            return {}
        slot = self._indices.index(index)
        counts = self._counts[: len(self._rows), slot]
        rows = np.flatnonzero(counts)
        order = np.argsort(-counts[rows] * self._rows.weights[rows], kind="stable")
        words = self._rows.words()
        share = count / int(self._learnt[slot])
        heaviest = ((words[row], float(counts[row])) for row in rows[order[:TERMS_KEPT]])
        return {word: max(1, round(n * share)) for word, n in heaviest if word != NOTHING}

    def _read(self, terms: Sequence[Sequence[str]]) -> Rows:
        if self._rows.full:
            kept = self._rows.forget()
            self._counts[: len(kept)] = self._counts[kept]
            self._counts[len(kept) :] = 0.0
            self._measure()
        rows = self._rows.read(terms)
        self._grow()
        if self._rows.reweighed:
            self._measure()
            self._drop_smallest()
        return rows

    def _join(self, rows: Rows, rest: Ints, places: Ints) -> Ints:
        """Let texts join what is there; those that did not."""
        if not self._indices:
            return rest
        asked = rows if rest.size == len(places) else rows.take(rest)
        cosines = asked.cosines(self._counts, self._lengths())
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
        clusters, width = len(self._indices), self._counts.shape[1]
        places[texts] = np.array(self._indices)[slots]
        self._sizes += np.bincount(slots, minlength=clusters)
        learning = self._learnt[slots] < _LEARNT
        if not learning.any():
            return
        slots = slots[learning]
        self._learnt += np.bincount(slots, minlength=clusters)
        learnt = rows.take(texts[learning])
        cells = (learnt.ids * width + learnt.spread(slots))[learnt.ids != UNKNOWN]
        cells, added = np.unique(cells, return_counts=True)
        flat = self._counts.reshape(-1)
        old = flat[cells].astype(np.float64)
        flat[cells] = old + added
        # (old + added)² - old², so that the length is never summed anew.
        gain = self._rows.weights[cells // width] * (added * (2.0 * old + added))
        self._squares += np.bincount(cells % width, gain, minlength=clusters)

    def _grow(self) -> None:
        """Make the tables fit the terms and clusters."""
        clusters = len(self._indices)
        new = clusters - len(self._sizes)
        if new:
            self._squares = np.concatenate((self._squares, np.zeros(new)))
            self._sizes = np.concatenate((self._sizes, np.zeros(new, np.int64)))
            self._learnt = np.concatenate((self._learnt, np.zeros(new, np.int64)))
        height, width = self._counts.shape
        if len(self._rows) > height or clusters > width:
            if len(self._rows) > height:
                height = min(LIMIT, 2 * len(self._rows))
            if clusters > width:
                width = min(self._room, 2 * clusters)
            counts = np.zeros((height, width), np.float32)
            counts[: self._counts.shape[0], : self._counts.shape[1]] = self._counts
            self._counts = counts

    def _lengths(self) -> Floats:
        """Of the centroids; infinite if all terms of one have been forgotten."""
        lengths = np.sqrt(self._squares)
        return np.where(lengths > 0, lengths, np.inf).astype(np.float32)

    def _measure(self) -> None:
        """Sum the squared lengths anew, under the present weights."""
        counts = self._counts[: len(self._rows), : len(self._indices)]
        weighted = self._rows.weights[:, None] * counts
        self._squares = (weighted * counts).sum(axis=0, dtype=np.float64)

    def _step_down(self) -> bool:
        """Unite the nearest clusters until a quarter is free, and go down to where that took us.

        At least one rung; to the last one if not enough are near. False if this is the last.
        """
        if self._rung + 1 == len(self._ladder):
            return False
        cosines = np.triu(self._similarities(), 1)
        first, second = np.nonzero(cosines >= self._ladder[-1])
        order = np.argsort(-cosines[first, second], kind="stable")
        kept = np.ones(len(self._indices), bool)
        lowest, excess = 0.0, max(1, self._room // _FREE)
        for into, slot in zip(first[order].tolist(), second[order].tolist(), strict=True):
            if kept[into] and kept[slot]:
                self._unite(into, slot)
                kept[slot] = False
                excess -= 1
                if not excess:
                    lowest = cosines[into, slot]
                    break
        self._keep(kept)
        below = range(self._rung + 1, len(self._ladder))
        self._rung = next((rung for rung in below if self._ladder[rung] <= lowest), below[-1])
        return True

    def _similarities(self) -> Floats:
        """Cosines among all centroids."""
        counts = self._counts[: len(self._rows), : len(self._indices)]
        # Most terms are those of one cluster, and say nothing about two.
        shared = np.flatnonzero(np.count_nonzero(counts, axis=1) > 1)
        held = csr_matrix(counts[shared])
        weighted = held.copy()
        weighted.data *= np.repeat(self._rows.weights[shared], np.diff(held.indptr))
        lengths = self._lengths()
        return cast(Floats, (weighted.T @ held).toarray() / lengths / lengths[:, None])

    def _unite(self, into: int, slot: int) -> None:
        self._parents[self._indices[slot]] = self._indices[into]
        self._counts[:, into] += self._counts[:, slot]
        self._sizes[into] += self._sizes[slot]
        self._learnt[into] += self._learnt[slot]
        column = self._counts[: len(self._rows), into].astype(np.float64)
        self._squares[into] = (column * column) @ self._rows.weights

    def _drop_smallest(self) -> None:
        """Give the smallest quarter to `overflow` if nothing else can make room."""
        if self._overflow is None or len(self._indices) < self._room:
            return
        smallest = np.argsort(self._sizes, kind="stable")[: max(1, self._room // _FREE)]
        kept = np.ones(len(self._indices), bool)
        kept[smallest] = False
        for slot in smallest.tolist():
            self._parents[self._indices[slot]] = self._overflow
        self._keep(kept)

    def _keep(self, kept: NDArray[np.bool_]) -> None:
        """Close the gaps between the clusters kept."""
        used = self._counts[: len(self._rows)]
        columns = used.take(np.flatnonzero(kept), axis=1)
        used[:, columns.shape[1] :] = 0.0
        used[:, : columns.shape[1]] = columns
        self._indices = [i for i, keep in zip(self._indices, kept.tolist(), strict=True) if keep]
        self._sizes, self._learnt = self._sizes[kept], self._learnt[kept]
        self._squares = self._squares[kept]
