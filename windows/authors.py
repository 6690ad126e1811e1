"""How many different people: a small mergeable sketch of the author hashes seen."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import NamedTuple

SIZE = 128
"""k: smallest hash values kept; relative standard error about 1 / sqrt(k - 2) = 9 %."""

HASH_BITS = 52
"""Width of an author hash; below 2**53, so that every JSON reader keeps it exact."""

_Z95 = 1.959963984540054


class Estimate(NamedTuple):
    """Distinct authors: the estimate and its 95 % interval (equal while the count is exact)."""

    value: int
    low: int
    high: int


class AuthorSketch:
    """Distinct count by k minimum values (KMV).

    The idea is Bar-Yossef et al., "Counting Distinct Elements in a Data Stream" (RANDOM 2002);
    the unbiased estimator (k - 1) / U(k), with U(k) the k-th smallest hash scaled to (0, 1], and
    the merge are Beyer et al., "On Synopses for Distinct-Value Estimation Under Multiset
    Operations" (SIGMOD 2007). Exact below `SIZE` authors.

    `add` takes evenly spread hashes in [0, 2**HASH_BITS); the sketch never sees an author's name.
    """

    __slots__ = ("_limit", "_values")

    def __init__(self) -> None:
        self._values: set[int] = set()
        # Hashes at or above the limit cannot be among the SIZE smallest.
        self._limit = 1 << HASH_BITS

    def add(self, author_hash: int) -> None:
        """Count one author. Raises ValueError if the hash is outside [0, 2**HASH_BITS)."""
        if not 0 <= author_hash < 1 << HASH_BITS:
            raise ValueError(f"an author hash has {HASH_BITS} bits, got {author_hash}")
        if author_hash < self._limit:
            self._values.add(author_hash)
            if len(self._values) > 4 * SIZE:
                self._cut()

    def merge(self, other: AuthorSketch) -> None:
        """Count the authors of `other` too; the result does not depend on the order of merges."""
        self._values |= other._values
        self._cut()

    def estimate(self) -> Estimate:
        """Distinct authors so far.

        The interval uses that n U(k) is close to Gamma(k) distributed, with its quantiles by
        Wilson and Hilferty (1931): k (1 - 1 / 9k +- z / (3 sqrt(k)))**3.
        """
        self._cut()
        seen = len(self._values)
        if seen < SIZE:
            return Estimate(seen, seen, seen)
        kth = (max(self._values) + 1) / (1 << HASH_BITS)
        value, low, high = (
            max(SIZE, round(n / kth))
            for n in (SIZE - 1, _gamma_quantile(-_Z95), _gamma_quantile(_Z95))
        )
        return Estimate(value, low, high)

    def to_list(self) -> list[int]:
        """The kept hashes, ascending: at most `SIZE` integers, the wire and snapshot form."""
        self._cut()
        return sorted(self._values)

    @classmethod
    def from_list(cls, hashes: Iterable[int]) -> AuthorSketch:
        """The sketch that `to_list` wrote. Raises ValueError on a hash that is out of range."""
        sketch = cls()
        for author_hash in hashes:
            sketch.add(author_hash)
        return sketch

    def _cut(self) -> None:
        if len(self._values) > SIZE:
            kept = heapq.nsmallest(SIZE, self._values)
            self._values = set(kept)
            self._limit = kept[-1]


def _gamma_quantile(z: float) -> float:
    """Quantile of Gamma(SIZE) at the normal quantile z."""
    return float(SIZE * (1 - 1 / (9 * SIZE) + z / (3 * SIZE**0.5)) ** 3)
