"""Texts of one minute as sparse rows over numbered, weighted terms."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, repeat
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

LIMIT = 4096
"""Terms known at a time; beyond it the rarest are forgotten."""

UNKNOWN = 0
"""The number of a term that has none."""

NOTHING = ""
"""Stands for the terms of a text without any, so that such texts meet."""

_ONCE = 65_536  # terms remembered as seen once
_FIRST = 256  # tables start small, most minutes do
_GROWTH = 1.25  # of the texts, before all terms are weighed anew
_UNITS = 8.0  # weights are rounded to eighths

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
_ZERO = np.zeros(1, np.int64)


class Rows(NamedTuple):
    """Texts as rows of a sparse matrix: term numbers and weights of all, where each begins.

    `lengths` are the Euclidean ones.
    """

    ids: Ints
    weights: Floats
    starts: Ints
    lengths: Floats

    def take(self, rows: Ints) -> Rows:
        """These rows, in this order."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate((_ZERO, sizes.cumsum()))
        at = np.repeat(self.starts[rows] - starts[:-1], sizes) + np.arange(starts[-1])
        return Rows(self.ids[at], self.weights[at], starts, self.lengths[rows])

    def spread(self, values: Ints) -> Ints:
        """One value a row, repeated for each of its terms."""
        return np.repeat(values, np.diff(self.starts))

    def cosines(self, counts: Floats, lengths: Floats) -> Floats:
        """Cosines (rows, columns) to the first columns of `counts` (terms, columns)."""
        shape = (len(self.lengths), len(counts))
        product = csr_matrix((self.weights, self.ids, self.starts), shape=shape) @ counts
        product = product[:, : len(lengths)]
        product /= lengths
        product /= self.lengths[:, None]
        return cast(Floats, product)


class TermRows:
    """Numbers and weighs terms. The weight of a term is idf = ln(1 + n / (1 + df)), rounded.

    n texts have been read, df of them hold the term. As a cosine weighs every term once (the
    square root of idf on either side), a rare word counts, but cannot outvote all others as in
    tf-idf: of two log lines that share a user name, most terms must still agree. Weights are
    multiples of 1/8 that stay the same until the texts have grown by a quarter; sums are exact.

    A new term gets the next free number, else `UNKNOWN`. Once half of the numbers are taken a term
    must be seen twice to get one, so that random words cannot crowd out what people talk about.
    """

    def __init__(self) -> None:
        self.texts = 0
        self._numbers: dict[str, int] = {}
        self._once: set[str] = set()
        self._df = np.zeros(_FIRST, np.int64)
        self._weights = np.zeros(_FIRST, np.float32)
        self._weighed_at = 0
        self._words = [""]

    def __len__(self) -> int:
        """Rows in use, that of `UNKNOWN` included."""
        return len(self._numbers) + 1

    @property
    def full(self) -> bool:
        """Whether a new term can get a number."""
        return len(self) == LIMIT

    @property
    def weights(self) -> Floats:
        """The weight of each row in use."""
        return self._weights[: len(self)]

    @property
    def reweighed(self) -> bool:
        """Whether the last `read` has weighed all terms anew."""
        return self._weighed_at == self.texts

    def words(self) -> list[str]:
        """The term of each row in use."""
        if len(self._words) != len(self):
            self._words = ["", *self._numbers]
        return self._words

    def read(self, terms: Sequence[Sequence[str]]) -> Rows:
        """Number, count and weigh the distinct terms of texts."""
        filled = [found or (NOTHING,) for found in terms]
        starts = np.zeros(len(filled) + 1, np.int64)
        starts[1:] = np.array([*map(len, filled)]).cumsum()
        flat = list(chain.from_iterable(filled))
        ids = np.fromiter(map(self._numbers.get, flat, repeat(-1)), np.int64, len(flat))
        for place in np.flatnonzero(ids < 0).tolist():
            ids[place] = self._number(flat[place])
        self.texts += len(filled)
        self._learn(ids)
        weights = self._weights[ids]
        return Rows(ids, weights, starts, np.sqrt(np.add.reduceat(weights, starts[:-1])))

    def _number(self, term: str) -> int:
        """The number of a term that had none when its text came."""
        number = self._numbers.get(term)
        if number is not None:
            return number
        number = len(self)
        if number > LIMIT // 2 and term not in self._once:
            if len(self._once) >= _ONCE:
                self._once.clear()
            self._once.add(term)
            return UNKNOWN
        if number == LIMIT:
            return UNKNOWN
        self._numbers[term] = number
        return number

    def _learn(self, ids: Ints) -> None:
        used = len(self)
        if used > len(self._df):
            room = min(LIMIT, 1 << used.bit_length()) - len(self._df)
            self._df = np.pad(self._df, (0, room))
            self._weights = np.pad(self._weights, (0, room))
        df = self._df[:used]
        df += np.bincount(ids, minlength=used)
        df[UNKNOWN] = 0
        if self.texts >= _GROWTH * self._weighed_at:
            self._weighed_at = self.texts
            stale = np.arange(used)
        else:
            stale = np.flatnonzero(self.weights == 0)
        idf = np.log1p(self.texts / (1.0 + df[stale]))
        self._weights[stale] = np.maximum(1.0, np.rint(_UNITS * idf)) / _UNITS

    def forget(self) -> Ints:
        """Keep the more frequent half of the terms, under new numbers; their old rows."""
        common = np.argsort(-self._df[1 : len(self)], kind="stable")[: LIMIT // 2]
        kept = np.concatenate((_ZERO, np.sort(common) + 1))
        words = self.words()
        self._numbers = {words[row]: n for n, row in enumerate(kept[1:].tolist(), 1)}
        self._once.clear()
        self._words = []
        for table in (self._df, self._weights):
            table[: len(kept)] = table[kept]
            table[len(kept) :] = 0
        return kept
