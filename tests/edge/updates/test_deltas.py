"""Differences: whatever was made is made again, and a hostile one costs no more than an honest."""

from __future__ import annotations

import bz2
import random
import subprocess
import sys
from typing import get_args

import pytest
from backports import zstd
from bsdiff4 import core
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import BadDifference
from edge.updates.deltas import apply
from schemas.packages import MOST_FILE, Algorithm
from streams.edge.deltas import all_of, create, full

ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
CONTENT = st.binary(max_size=2000) | st.text(max_size=500).map(str.encode)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A content and one that was made of it: bytes put in, taken out or changed."""
    base = draw(CONTENT) * draw(st.integers(1, 3))
    made = bytearray(base)
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(made)))
        cut = draw(st.sampled_from([0, 0, 1, 40]))
        made[at : at + cut] = draw(st.binary(max_size=40))
    return base, bytes(made)


def changed(content: bytes, share: float) -> bytes:
    chance = random.Random(7)
    made = bytearray(content)
    for n in chance.sample(range(len(made)), int(share * len(made))):
        made[n] = chance.randrange(256)
    return bytes(made)


@given(pairs(), st.sampled_from(ALGORITHMS))
@settings(max_examples=300, deadline=None)
def test_what_was_made_is_made_again(pair: tuple[bytes, bytes], algorithm: Algorithm) -> None:
    base, result = (b"", pair[1]) if algorithm == "full" else pair
    difference = create(algorithm, base, result)
    if difference is not None:
        assert apply(algorithm, base, difference, len(result)) == result


@given(st.binary(max_size=300), st.integers(0, 2))
@settings(deadline=None)
def test_every_algorithm_has_a_difference_where_it_can(base: bytes, flip: int) -> None:
    result = bytes(b ^ flip for b in base)
    made = {one.algorithm for one in all_of(base, result)}
    assert made == {"sparse", "bsdiff", *(["zstd"] if len(base) >= 8 else [])}
    assert full(result).algorithm == "full"


@given(CONTENT, st.binary(max_size=600), st.integers(0, 5000), st.sampled_from(ALGORITHMS))
@settings(max_examples=400, deadline=None)
def test_noise_is_refused_or_of_the_length(
    base: bytes, noise: bytes, length: int, algorithm: Algorithm
) -> None:
    for difference in (noise, b"BSDIFF40" + noise, zstd.compress(noise)):
        try:
            assert len(apply(algorithm, base, difference, length)) == length
        except BadDifference:
            continue


@given(pairs(), st.sampled_from(ALGORITHMS), st.data())
@settings(max_examples=300, deadline=None)
def test_a_bent_difference_is_refused_or_of_the_length(
    pair: tuple[bytes, bytes], algorithm: Algorithm, data: st.DataObject
) -> None:
    base, result = (b"", pair[1]) if algorithm == "full" else pair
    difference = bytearray(create(algorithm, base, result) or b"")
    for _ in range(data.draw(st.integers(1, 4))):
        if difference:
            difference[data.draw(st.integers(0, len(difference) - 1))] = data.draw(
                st.integers(0, 255)
            )
    try:
        made = apply(algorithm, base, bytes(difference), len(result))
    except BadDifference:
        return
    assert len(made) == len(result)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_cut_off_or_with_something_behind_it_is_refused(algorithm: Algorithm) -> None:
    base = b"" if algorithm == "full" else random.Random(1).randbytes(5000)
    result = changed(base or bytes(5000), 0.05)
    difference = create(algorithm, base, result)
    assert difference is not None
    for cut in {*range(0, len(difference), max(1, len(difference) // 40)), len(difference) - 1}:
        with pytest.raises(BadDifference):
            apply(algorithm, base, difference[:cut], len(result))
    with pytest.raises(BadDifference):
        apply(algorithm, base, difference + b"more", len(result))
    for length in (len(result) - 1, len(result) + 1, 0, -1, MOST_FILE + 1):
        with pytest.raises(BadDifference):
            apply(algorithm, base, difference, length)


def entries(*rows: tuple[int, int, int]) -> bytes:
    return b"".join(core.encode_int64(number) for row in rows for number in row)


def bsdiff(control: bytes, diff: bytes, extra: bytes, length: int) -> bytes:
    packed = [bz2.compress(part) for part in (control, diff, extra)]
    numbers = (len(packed[0]), len(packed[1]), length)
    return b"BSDIFF40" + b"".join(map(core.encode_int64, numbers)) + b"".join(packed)


@pytest.mark.parametrize(
    "rows",
    [
        [(-1, 0, 0)],
        [(0, -1, 0)],
        [(4, 0, -(2**62)), (0, 4, -(2**62)), (0, 0, -(2**62))],
        [(2**62, 0, 0)],
        [(0, 2**62, 0)],
        [(0, 0, 2**63 - 1), (0, 0, 1)],
        [(5, 0, 0)],
    ],
)
def test_bsdiffs_own_numbers_lead_nowhere(rows: list[tuple[int, int, int]]) -> None:
    with pytest.raises(BadDifference):
        apply("bsdiff", b"abcd", bsdiff(entries(*rows), bytes(4), b"", 4), 4)


def test_places_before_the_base_count_as_nothing() -> None:
    made = bsdiff(entries((0, 0, -1), (2, 0, 0)), b"\1\1", b"", 2)
    assert apply("bsdiff", b"ab", made, 2) == b"\1b"


@pytest.mark.parametrize("header", [(-1, 0), (0, -1), (2**60, 0), (0, 2**60)])
def test_bsdiffs_header_leads_nowhere(header: tuple[int, int]) -> None:
    packed = b"BSDIFF40" + b"".join(map(core.encode_int64, (*header, 4)))
    with pytest.raises(BadDifference):
        apply("bsdiff", b"abcd", packed + bz2.compress(b"") * 3, 4)


@pytest.mark.parametrize(
    "columns", [b"\0\1", b"\1", b"\5\1", b"\1\0\1\1", b"\1" * 5 + b"\1" * 5, b"\xff\xff\0\0"]
)
def test_sparse_places_outside_are_refused(columns: bytes) -> None:
    with pytest.raises(BadDifference):
        apply("sparse", b"abcd", zstd.compress(columns), 4)


def test_sparse_needs_a_base_of_its_length_and_full_none() -> None:
    with pytest.raises(BadDifference):
        apply("sparse", b"abc", zstd.compress(b""), 4)
    with pytest.raises(BadDifference):
        apply("full", b"abc", zstd.compress(b"abc"), 3)


def test_a_window_of_a_gigabyte_is_not_taken() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 30}
    wide = zstd.ZstdCompressor(options=options)
    packed = wide.compress(bytes(1000)) + wide.flush()
    with pytest.raises(BadDifference):
        apply("full", b"", packed, 1000)


BOMBS = """
import bz2, resource, sys
from backports import zstd
from bsdiff4 import core
from edge.errors import BadDifference
from edge.updates.deltas import apply
from streams.edge.deltas import create
huge = bytes(1 << 28)
bombs = [("full", b"", zstd.compress(huge)), ("zstd", b"a" * 100, zstd.compress(huge)),
         ("sparse", bytes(1000), zstd.compress(b"\\1" * (1 << 28)))]
zipped = bz2.compress(huge)
empty = bz2.compress(b"")
for parts in ((zipped, empty, empty), (empty, zipped, empty), (empty, empty, zipped)):
    sizes = (len(parts[0]), len(parts[1]), 1000)
    bombs.append(("bsdiff", bytes(1000), b"BSDIFF40" + b"".join(map(core.encode_int64, sizes))
                  + b"".join(parts)))
del huge
apply("bsdiff", b"a" * 100, create("bsdiff", b"a" * 100, b"b" * 100), 100)
limit = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + (96 << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
for algorithm, base, bomb in bombs:
    try:
        apply(algorithm, base, bomb, 1000)
    except BadDifference:
        print(algorithm)
"""


@pytest.mark.slow
def test_bombs_take_no_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BOMBS], capture_output=True, text=True, timeout=60, check=False
    )
    wanted = ["full", "zstd", "sparse", "bsdiff", "bsdiff", "bsdiff"]
    assert (done.stdout.split(), done.stderr) == (wanted, "")
