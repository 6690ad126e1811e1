"""A file from an older one and a difference, which may be hostile; made by `streams.edge.deltas`.

sparse: the bytes that change, for files of one length: a zstd frame of n steps, then n additions;
    each step (1 to 255) goes on from the place before, the first from before the file's first byte,
    and the addition (modulo 256) is put upon the byte there; a long way is walked in steps of +0.
bsdiff: BSDIFF40 as bspatch reads it.
zstd: a zstd frame whose prefix is the base.
full: a zstd frame alone; its base is empty.
"""

from __future__ import annotations

import bz2
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from bsdiff4 import core

from edge.errors import BadDifference
from schemas.packages import MOST_FILE, Algorithm

if TYPE_CHECKING or sys.version_info < (3, 14):
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError
else:
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError

WINDOW_LOG = 25
"""Of zstd: the base and the result, MOST_FILE each, lie within. So much memory it may take."""
_MAGIC = b"BSDIFF40"
_HEADER = 32
_ENTRY = 24
"""Bytes of an entry of bsdiff's control block."""


def apply(algorithm: Algorithm, base: bytes, difference: bytes, length: int) -> bytes:
    """The result, `length` bytes. Raises BadDifference.

    Never makes more bytes than that, so a bomb costs no more than an honest difference. Whether it
    is the right result only its SHA-256 says.
    """
    if not 0 <= length <= MOST_FILE or max(len(base), len(difference)) > MOST_FILE:
        raise BadDifference(f"{algorithm}: more than {MOST_FILE} bytes")
    result = _APPLY[algorithm](base, difference, length)
    if len(result) != length:
        raise BadDifference(f"{algorithm}: makes {len(result)} bytes and not {length}")
    return result


def _sparse(base: bytes, difference: bytes, length: int) -> bytes:
    if len(base) != length:
        raise BadDifference(f"sparse: the base has {len(base)} bytes and not {length}")
    # Places only grow, so there is at most one entry of two bytes for each byte.
    columns = np.frombuffer(_inflate(difference, 2 * length), dtype=np.uint8)
    count, odd = divmod(len(columns), 2)
    steps, additions = columns[:count], columns[count:]
    places = np.cumsum(steps, dtype=np.int64) - 1
    if odd or (count and (not steps.all() or places[-1] >= length)):
        raise BadDifference("sparse: a place outside of the file")
    made = np.frombuffer(base, dtype=np.uint8).copy()
    made[places] += additions
    return made.tobytes()


def _bsdiff(base: bytes, difference: bytes, length: int) -> bytes:
    if len(difference) < _HEADER or not difference.startswith(_MAGIC):
        raise BadDifference("bsdiff: no BSDIFF40")
    control, diff, made = (core.decode_int64(difference[n : n + 8]) for n in (8, 16, 24))
    if made != length or control < 0 or diff < 0 or _HEADER + control + diff > len(difference):
        raise BadDifference("bsdiff: lengths that do not fit")
    middle, last = _HEADER + control, _HEADER + control + diff
    # An entry of an honest one makes eight bytes or more, but for a few at the edges.
    entries = _unzip(difference[_HEADER:middle], _ENTRY * (length // 8 + 64))
    differing = _unzip(difference[middle:last], length)
    extra = _unzip(difference[last:], length - len(differing))
    try:
        result: bytes = core.patch(base, length, entries, differing, extra)
    except (ValueError, OverflowError) as error:
        raise BadDifference(f"bsdiff: {error}") from None
    return result


def _zstd(base: bytes, difference: bytes, length: int) -> bytes:
    return _inflate(difference, length, base)


def _full(base: bytes, difference: bytes, length: int) -> bytes:
    if base:
        raise BadDifference("full: has no base")
    return _inflate(difference, length)


_APPLY: Mapping[Algorithm, Callable[[bytes, bytes, int], bytes]] = {
    "sparse": _sparse,
    "bsdiff": _bsdiff,
    "zstd": _zstd,
    "full": _full,
}


def _inflate(packed: bytes, most: int, prefix: bytes = b"") -> bytes:
    """One zstd frame of at most so many bytes, and nothing behind it."""
    old = ZstdDict(prefix, is_raw=True).as_prefix if len(prefix) >= LEAST_PREFIX else None
    inflater = ZstdDecompressor(old, {DecompressionParameter.window_log_max: WINDOW_LOG})
    try:
        # One more byte than allowed, so that a longer one shows.
        made: bytes = inflater.decompress(packed, most + 1)
    except ZstdError as error:
        raise BadDifference(f"zstd: {error}") from None
    if len(made) > most or not inflater.eof or inflater.unused_data:
        raise BadDifference("zstd: too long, cut off, or more behind it")
    return made


LEAST_PREFIX = 8
"""Bytes below which zstd takes no prefix, and there is nothing to gain."""


def _unzip(packed: bytes, most: int) -> bytes:
    """One bzip2 stream of at most so many bytes, and nothing behind it."""
    unzipper = bz2.BZ2Decompressor()
    try:
        made = unzipper.decompress(packed, most + 1)
        if not unzipper.eof and len(made) <= most:
            made += unzipper.decompress(b"", most + 1 - len(made))
    except (OSError, ValueError, EOFError) as error:
        raise BadDifference(f"bzip2: {error}") from None
    if len(made) > most or not unzipper.eof or unzipper.unused_data:
        raise BadDifference("bzip2: too long, cut off, or more behind it")
    return made
