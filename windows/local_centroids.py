"""Term counts of the clusters of one minute: a table to compare with, and where it is not zero."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from windows.term_rows import LIMIT, UNKNOWN, Floats, Ints, Rows

Doubles = NDArray[np.float64]

_FIRST_TERMS, _FIRST_CLUSTERS = 256, 16  # the table starts small, most minutes do


class Centroids:
    """Counts of terms in at most `room` clusters, which are numbered by age: slots.

    Few cells of the table are not zero, and all but comparing goes through these alone. Weights
    are those of `TermRows`, one for each term in use; with them all sums are exact.
    """

    def __init__(self, room: int) -> None:
        self.learnt: Ints = np.zeros(0, np.int64)
        """Texts that each cluster has counted."""
        self._room = room
        self._squares = np.zeros(0)  # of the lengths
        # Row: term. Column: cluster. All zero beyond the last of either.
        self._table: Floats = np.zeros((_FIRST_TERMS, min(room, _FIRST_CLUSTERS)), np.float32)
        self._filled: list[Ints] = []  # cells that are not zero, as they came

    def __len__(self) -> int:
        return len(self.learnt)

    def grow(self, terms: int, clusters: int) -> None:
        """Make room for so many of each; new clusters are empty."""
        new = clusters - len(self)
        if new:
            self.learnt = np.concatenate((self.learnt, np.zeros(new, np.int64)))
            self._squares = np.concatenate((self._squares, np.zeros(new)))
        height, width = self._table.shape
        if terms <= height and clusters <= width:
            return
        rows, slots, counts = self._cells()
        height = height if terms <= height else min(LIMIT, 2 * terms)
        self._table = np.zeros((height, width if clusters <= width else self._room), np.float32)
        self._fill(rows, slots, counts)

    def cosines(self, texts: Rows) -> Floats:
        """Cosines (texts, clusters)."""
        return texts.cosines(self._table, self._lengths())

    def learn(self, texts: Rows, slots: Ints, weights: Floats) -> None:
        """Count the terms of texts in the clusters they are in."""
        self.learnt += np.bincount(slots, minlength=len(self))
        width = self._table.shape[1]
        cells = (texts.ids * width + texts.spread(slots))[texts.ids != UNKNOWN]
        cells, added = np.unique(cells, return_counts=True)
        flat = self._table.reshape(-1)
        old = flat[cells].astype(np.float64)
        flat[cells] = old + added
        self._filled.append(cells[old == 0])
        # (old + added)² - old², so that the length is never summed anew.
        gain = weights[cells // width] * (added * (2.0 * old + added))
        self._squares += np.bincount(cells % width, gain, minlength=len(self))

    def measure(self, weights: Floats) -> None:
        """Take the lengths anew, under new weights."""
        rows, slots, counts = self._cells()
        self._squares = np.zeros(len(self))
        self._squares += np.bincount(slots, weights[rows] * (counts * counts), minlength=len(self))

    def similarities(self, weights: Floats) -> Floats:
        """Cosines among all clusters; those of a cluster with itself are too small."""
        rows, slots, counts = self._cells()
        # Most terms are those of one cluster, and say nothing about two.
        shared = (np.bincount(rows, minlength=len(weights)) > 1)[rows]
        rows, slots, counts = rows[shared], slots[shared], counts[shared].astype(np.float32)
        shape = (len(weights), len(self))
        held = csr_matrix((counts, (rows, slots)), shape=shape)
        weighted = csr_matrix((counts * weights[rows], (rows, slots)), shape=shape)
        lengths = self._lengths()
        return cast(Floats, (weighted.T @ held).toarray() / lengths / lengths[:, None])

    def regroup(self, into: Ints, weights: Floats) -> None:
        """Clusters get the numbers `into`; those of one number are united, of -1 dropped."""
        rows, slots, counts = self._empty()
        kept = into >= 0
        self.learnt = np.bincount(into[kept], self.learnt[kept]).astype(np.int64)
        left = kept[slots]
        self._fill(rows[left], into[slots[left]], counts[left])
        self.measure(weights)

    def forget(self, kept: Ints, weights: Floats) -> None:
        """Keep these terms, under new numbers from 0."""
        rows, slots, counts = self._empty()
        numbers = np.full(len(self._table), -1)
        numbers[kept] = np.arange(len(kept))
        left = numbers[rows] >= 0
        self._fill(numbers[rows[left]], slots[left], counts[left])
        self.measure(weights)

    def heaviest(self, most: int, weights: Floats) -> list[tuple[Ints, Doubles]]:
        """The terms of each cluster and their counts: the `most` heaviest ones, in this order."""
        rows, slots, counts = self._cells()
        order = np.lexsort((rows, -counts * weights[rows], slots))
        rows, counts = rows[order], counts[order]
        held = np.bincount(slots, minlength=len(self))
        begins = held.cumsum() - held
        return [
            (rows[begin:end], counts[begin:end])
            for begin, end in zip(
                begins.tolist(), (begins + held.clip(max=most)).tolist(), strict=True
            )
        ]

    def _lengths(self) -> Floats:
        """Infinite if all terms of a cluster have been forgotten."""
        lengths = np.sqrt(self._squares)
        return np.where(lengths > 0, lengths, np.inf).astype(np.float32)

    def _cells(self) -> tuple[Ints, Ints, Doubles]:
        """Term, slot and count of what is not zero."""
        if len(self._filled) != 1:
            self._filled = [np.concatenate((np.zeros(0, np.int64), *self._filled))]
        (cells,) = self._filled
        rows, slots = np.divmod(cells, self._table.shape[1])
        return rows, slots, self._table.reshape(-1)[cells].astype(np.float64)

    def _empty(self) -> tuple[Ints, Ints, Doubles]:
        """What `_cells` says, for the last time."""
        found = self._cells()
        self._table.reshape(-1)[self._filled[0]] = 0.0
        return found

    def _fill(self, rows: Ints, slots: Ints, counts: Doubles) -> None:
        """Add counts to an empty table."""
        cells = rows * self._table.shape[1] + slots
        order = np.argsort(cells)
        cells = cells[order]
        firsts = np.flatnonzero(np.diff(cells, prepend=-1))
        self._filled = [cells[firsts]]
        self._table.reshape(-1)[self._filled[0]] = np.add.reduceat(counts[order], firsts)
