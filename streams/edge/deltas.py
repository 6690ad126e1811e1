"""Differences between two versions of a file; `edge.updates.deltas` says what they look like."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import bsdiff4
import numpy as np

from edge.errors import BadDifference
from edge.updates.deltas import LEAST_PREFIX, WINDOW_LOG, apply
from schemas.packages import Algorithm

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports.zstd import CompressionParameter, ZstdDict, compress
else:
    from compression.zstd import CompressionParameter, ZstdDict, compress

_LEVEL = 19
"""At level 3 a change of 1 % costs 73 %."""
_FAR = 255


class Made(NamedTuple):
    """A difference, the time it took to find, and to apply."""

    algorithm: Algorithm
    content: bytes
    seconds: float
    apply_seconds: float


def create(algorithm: Algorithm, base: bytes, result: bytes) -> bytes | None:
    """A difference; None if the algorithm has none for these two."""
    return _CREATE[algorithm](base, result)


def all_of(base: bytes, result: bytes) -> Iterator[Made]:
    """What each algorithm but `full` makes of it, proved by applying it."""
    for algorithm in _CREATE:
        if algorithm != "full" and (made := _proved(algorithm, base, result)) is not None:
            yield made


def full(result: bytes) -> Made:
    """The file itself, compressed."""
    made = _proved("full", b"", result)
    assert made is not None, "zstd keeps what it was given"
    return made


def _proved(algorithm: Algorithm, base: bytes, result: bytes) -> Made | None:
    begin = time.perf_counter()
    content = create(algorithm, base, result)
    middle = time.perf_counter()
    if content is None:
        return None
    try:
        if apply(algorithm, base, content, len(result)) != result:
            return None
    except BadDifference:
        return None
    return Made(algorithm, content, middle - begin, time.perf_counter() - middle)


def _sparse(base: bytes, result: bytes) -> bytes | None:
    if len(base) != len(result):
        return None
    old, new = np.frombuffer(base, dtype=np.uint8), np.frombuffer(result, dtype=np.uint8)
    changed = np.flatnonzero(old != new)
    ways = np.diff(changed, prepend=-1)
    # A way of 600 is walked in 255 + 255 + 90.
    rests = (ways - 1) // _FAR
    ends = np.cumsum(rests + 1) - 1
    steps = np.full(int(ends[-1]) + 1 if len(ends) else 0, _FAR, dtype=np.uint8)
    additions = np.zeros(len(steps), dtype=np.uint8)
    steps[ends] = ways - rests * _FAR
    additions[ends] = new[changed] - old[changed]
    return _pack(steps.tobytes() + additions.tobytes())


def _bsdiff(base: bytes, result: bytes) -> bytes | None:
    made: bytes = bsdiff4.diff(base, result)
    return made


def _zstd(base: bytes, result: bytes) -> bytes | None:
    return _pack(result, base) if len(base) >= LEAST_PREFIX else None


def _full(base: bytes, result: bytes) -> bytes | None:
    return None if base else _pack(result)


_CREATE: Mapping[Algorithm, Callable[[bytes, bytes], bytes | None]] = {
    "sparse": _sparse,
    "bsdiff": _bsdiff,
    "zstd": _zstd,
    "full": _full,
}


def _pack(content: bytes, prefix: bytes = b"") -> bytes:
    old = ZstdDict(prefix, is_raw=True).as_prefix if prefix else None
    span = max(len(content) + len(prefix), 1).bit_length()
    packed: bytes = compress(
        content,
        zstd_dict=old,
        options={
            CompressionParameter.compression_level: _LEVEL,
            CompressionParameter.window_log: min(max(span, 10), WINDOW_LOG),
            CompressionParameter.enable_long_distance_matching: 1,
        },
    )
    return packed
