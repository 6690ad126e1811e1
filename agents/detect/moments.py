"""What the themes of a product said in the last hour: leaves and authors, minute by minute.

A minute of a theme is a few rows of arrays that all themes of that minute share: 100 bytes, where
objects of its own would take 2,000. Minutes go whole, so nothing is left of a silent theme.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.detect.leaves import LeafPool, Values
from schemas.signals import LocalCluster
from windows.authors import HASH_BITS, SIZE, AuthorSketch
from windows.tally import OTHER

HOUR = 60
MAX_LEAVES = 1_024
"""Leaves kept per theme and minute, the most frequent ones; the rest is one of OTHER values."""
_BITS = 32
"""Leading bits kept of an author's hash: two of 128 authors are one in a case of 500,000."""
_CUT = HASH_BITS - _BITS

Ints = NDArray[np.int64]


class _Minute(NamedTuple):
    """Theme n (ascending) has the rows `ends[n]` to `ends[n + 1]` of leaves, and of authors."""

    minute: int
    themes: Ints
    leaf_ends: NDArray[np.int32]
    leaves: NDArray[np.uint16]
    counts: NDArray[Any]
    author_ends: NDArray[np.int32]
    authors: NDArray[np.uint32]

    def place(self, theme: int) -> int | None:
        """Where a theme stands, None if it was silent."""
        at = int(np.searchsorted(self.themes, theme))
        return at if at < self.themes.size and self.themes[at] == theme else None


class Moments:
    """The last hour of one product; themes are any whole numbers that are never used again."""

    def __init__(self) -> None:
        self._pool = LeafPool()
        self._minutes: deque[_Minute] = deque()
        self._merged: dict[int, list[tuple[int, int]]] = {}
        """By theme: those that became part of it, and the epoch minute of that."""

    def add(self, minute: int, said: Sequence[tuple[int, LocalCluster]]) -> None:
        """Close an epoch minute with what its themes said, and forget what is an hour old."""
        while self._minutes and self._minutes[0].minute <= minute - HOUR:
            self._minutes.popleft()
        if minute % HOUR == 0 or self._pool.full:
            self._forget_leaves()
            self._forget_merged(minute - HOUR)
        if said:
            self._minutes.append(self._packed(minute, said))

    def merge(self, into: int, gone: int, minute: int) -> None:
        """What theme `gone` has said up to the epoch `minute` was said by `into`."""
        moved = [(gone, minute), *self._merged.pop(gone, ())]
        self._merged.setdefault(into, []).extend(moved)

    def leaves(self, themes: Iterable[int], start: int, stop: int) -> dict[Values, int]:
        """Events of themes by leaf in the epoch minutes from `start` to before `stop`."""
        return self._summed(
            [
                (each.leaves[rows], each.counts[rows])
                for each, rows in self._rows(themes, start, stop)
            ]
        )

    def counts(
        self, themes: Iterable[int], place: int, value: str, start: int, stop: int
    ) -> NDArray[np.float64]:
        """Events (minutes,) of themes whose leaf has `value` at `place`, from `start` on."""
        counts = np.zeros(stop - start)
        for each, rows in self._rows(themes, start, stop):
            held = [
                place < len(leaf) and leaf[place] == value
                for leaf in map(self._pool.leaf, each.leaves[rows].tolist())
            ]
            counts[each.minute - start] += each.counts[rows][held].sum()
        return counts

    def newest(self) -> Iterator[tuple[int, Values, int]]:
        """Theme, leaf and events of the minute added last."""
        each = self._minutes[-1]
        themes = np.repeat(each.themes, np.diff(each.leaf_ends)).tolist()
        leaves = map(self._pool.leaf, each.leaves.tolist())
        return zip(themes, leaves, each.counts.tolist(), strict=True)

    def totals(self, start: int, stop: int) -> dict[Values, int]:
        """Events of all themes by leaf in the epoch minutes from `start` to before `stop`."""
        minutes = (each for each in self._minutes if start <= each.minute < stop)
        return self._summed([(each.leaves, each.counts) for each in minutes])

    def authors(self, themes: Iterable[int], start: int, stop: int) -> AuthorSketch:
        """The distinct authors of themes in the epoch minutes from `start` to before `stop`."""
        parts = [
            each.authors[each.author_ends[at] : each.author_ends[at + 1]]
            for theme in themes
            for each, at in self._of(theme, start, stop)
        ]
        smallest = np.unique(np.concatenate(parts))[:SIZE] if parts else ()
        return AuthorSketch.from_list(int(author) << _CUT for author in smallest)

    def _rows(
        self, themes: Iterable[int], start: int, stop: int
    ) -> Iterator[tuple[_Minute, slice]]:
        for theme in themes:
            for each, at in self._of(theme, start, stop):
                yield each, slice(each.leaf_ends[at], each.leaf_ends[at + 1])

    def _of(self, theme: int, start: int, stop: int) -> Iterator[tuple[_Minute, int]]:
        names = [theme, *(gone for gone, _ in self._merged.get(theme, ()))]
        for each in self._minutes:
            if start <= each.minute < stop:
                for name in names:
                    if (at := each.place(name)) is not None:
                        yield each, at

    def _summed(self, parts: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> dict[Values, int]:
        if not parts:
            return {}
        numbers = np.concatenate([leaves for leaves, _ in parts])
        # Whole numbers below 2**53: the floats of bincount are exact.
        sums = np.bincount(numbers, np.concatenate([counts for _, counts in parts]))
        return {self._pool.leaf(n): int(sums[n]) for n in np.flatnonzero(sums).tolist()}

    def _packed(self, minute: int, said: Sequence[tuple[int, LocalCluster]]) -> _Minute:
        themes, owners = np.unique(
            np.array([theme for theme, _ in said], np.int64), return_inverse=True
        )
        heard = [local for _, local in said]
        places = np.arange(themes.size + 1)
        owner, number, count = self._leaf_rows(owners, heard)
        authors_of, authors = _author_rows(owners, heard)
        return _Minute(
            minute,
            themes,
            np.searchsorted(owner, places).astype(np.int32),
            number.astype(np.uint16),
            count.astype(np.min_scalar_type(int(count.max(initial=0)))),
            np.searchsorted(authors_of, places).astype(np.int32),
            authors.astype(np.uint32),
        )

    def _leaf_rows(self, owners: Ints, heard: Sequence[LocalCluster]) -> tuple[Ints, Ints, Ints]:
        """Owner, leaf and count, in order of the first two."""
        pool = self._pool
        numbers = np.array([pool[leaf] for said in heard for leaf, _ in said.leaves], np.int64)
        counts = np.array([count for said in heard for _, count in said.leaves], np.int64)
        rows = np.repeat(owners, [len(said.leaves) for said in heard])
        owner, number, count = _united(rows, numbers, counts)
        extra = _beyond(owner, count)
        if extra.size:
            width = len(pool.leaf(int(number[0])))
            number[extra] = pool[(OTHER,) * width]
            owner, number, count = _united(owner, number, count)
        return owner, number, count

    def _forget_leaves(self) -> None:
        used = np.zeros(1 << 16, np.bool_)
        for each in self._minutes:
            used[each.leaves] = True
        self._pool.keep(iter(used.tolist()))

    def _forget_merged(self, before: int) -> None:
        self._merged = {
            into: kept
            for into, merged in self._merged.items()
            if (kept := [(gone, minute) for gone, minute in merged if minute > before])
        }

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "leaves": self._pool.state(),
            "minutes": [list(each) for each in self._minutes],
            "merged": [[into, *one] for into, merged in self._merged.items() for one in merged],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self._pool.restore(state["leaves"])
        self._minutes = deque(_Minute(*each) for each in state["minutes"])
        for into, gone, minute in state["merged"]:
            self._merged.setdefault(into, []).append((gone, minute))


def _united(owners: Ints, numbers: Ints, counts: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows of the same owner and number as one, sorted."""
    keys, inverse = np.unique(owners << 16 | numbers, return_inverse=True)
    sums = np.bincount(inverse, counts, keys.size).astype(np.int64)
    return keys >> 16, keys & 0xFFFF, sums


def _beyond(owner: Ints, count: Ints) -> Ints:
    """The rows beyond an owner's MAX_LEAVES most frequent ones, the lowest numbers on ties."""
    order = np.lexsort((-count, owner))
    rank = np.arange(owner.size) - np.searchsorted(owner, owner)
    return order[rank >= MAX_LEAVES]


def _author_rows(owners: Ints, heard: Iterable[LocalCluster]) -> tuple[Ints, Ints]:
    """Owner and author, sorted: the SIZE smallest hashes of each owner, which are its sketch."""
    given = [said.authors for said in heard]
    lengths = [len(authors) for authors in given]
    hashes = np.fromiter(chain.from_iterable(given), np.int64, sum(lengths))
    keys = np.unique(np.repeat(owners, lengths) << _BITS | hashes >> _CUT)
    owner = keys >> _BITS
    kept = np.arange(keys.size) - np.searchsorted(owner, owner) < SIZE
    return owner[kept], keys[kept] & ((1 << _BITS) - 1)
