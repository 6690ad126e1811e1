"""MinHash: 128 bytes of a text that tell how much two texts have in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.letters import Letters

WIDTH = 64
"""Minima of a sketch. The share of equal ones estimates the shared pieces to within .06."""

_WORD = np.uint64
_PAIR, _FIVE = 2, 5
_BITS = _WORD(20)
MOST = 1 << 20
"""Texts at a time: their numbers have 20 bits."""
_MIX = _WORD(0x9E3779B97F4A7C15)
_SEED = 20_261_120
_BLOCK = 1 << 15
"""Pieces hashed at a time: they stay in the cache."""


def _multipliers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd factors and summands of the hash functions, by splitmix64: the same for ever."""
    steps = (np.arange(1, 2 * WIDTH + 1, dtype=_WORD) + _WORD(_SEED)) * _MIX
    drawn = _mixed(steps)
    return drawn[:WIDTH] | _WORD(1), drawn[WIDTH:]


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = (x ^ (x >> _WORD(30))) * _WORD(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _WORD(27))) * _WORD(0x94D049BB133111EB)
    return x ^ (x >> _WORD(31))


_FACTORS, _SUMMANDS = _multipliers()


class Sketches(NamedTuple):
    """`minima`: uint16 of shape (texts, WIDTH), zeros for a text without pieces; `pieces`: how many
    distinct ones a text has, int64 of shape (texts,)."""

    minima: NDArray[np.uint16]
    pieces: NDArray[np.int64]


def sketches(texts: Letters) -> Sketches:
    """Of all texts, `MOST` at the most.

    Pieces are two neighbouring characters where there are no spaces, else five letters; figures
    are alike, for they change from copy to copy.
    """
    count = len(texts.starts) - 1
    owners, hashes = _pieces(texts)
    # By owner, each piece once: a text that repeats itself costs no more than what it says.
    keys = np.sort((hashes >> _BITS) | (owners.astype(_WORD) << (_WORD(64) - _BITS)))
    keys = keys[np.diff(keys, prepend=~keys[:1]) != 0]
    owners = (keys >> (_WORD(64) - _BITS)).astype(np.int64)
    pieces = np.bincount(owners, minlength=count)
    minima = np.zeros((count, WIDTH), np.uint16)
    having = np.flatnonzero(pieces)
    if len(having):
        hashes = _mixed(keys << _BITS)
        starts = np.concatenate(([0], np.cumsum(pieces[having])[:-1]))
        minima[having] = _minima(hashes, starts)
    return Sketches(minima, pieces)


def _pieces(texts: Letters) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Of each piece: the number of its text, and its hash."""
    lengths = np.diff(texts.starts)
    owners = np.repeat(np.arange(len(lengths)), lengths)
    left = np.repeat(texts.starts[1:], lengths) - np.arange(len(owners))
    codes = texts.codes.astype(_WORD)
    codes[(codes >= 48) & (codes <= 57)] = 48
    pair = texts.dense.copy()
    pair[:-1] &= texts.dense[1:]
    pair &= left >= _PAIR
    five = ~pair & (left >= _FIVE)
    found_owners, found_hashes = [], []
    for width, chosen in ((_PAIR, pair), (_FIVE, five)):
        at = np.flatnonzero(chosen)
        hashes = np.full(len(at), width, _WORD)
        for offset in range(width):
            hashes = (hashes + codes[at + offset]) * _MIX
            hashes ^= hashes >> _WORD(29)
        found_owners.append(owners[at])
        found_hashes.append(_mixed(hashes))
    return np.concatenate(found_owners), np.concatenate(found_hashes)


def _minima(hashes: NDArray[np.uint64], starts: NDArray[np.int64]) -> NDArray[np.uint16]:
    """The minima of the stretches of pieces that begin at `starts`."""
    found = np.empty((len(starts), WIDTH), np.uint16)
    ends = np.append(starts[1:], len(hashes))
    first = 0
    while first < len(starts):
        last = max(first + 1, int(np.searchsorted(ends, starts[first] + _BLOCK, "right")))
        block = hashes[starts[first] : ends[last - 1]]
        inner = starts[first:last] - starts[first]
        for column in range(WIDTH):
            values = (block * _FACTORS[column] + _SUMMANDS[column]) >> _WORD(32)
            # The low bits: a minimum of many is small, and its high bits say little.
            found[first:last, column] = np.minimum.reduceat(values, inner).astype(np.uint16)
        first = last
    return found
