"""Whether the lines of a file stand in order of arrival, and what to do if they do not."""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from schemas.times import EARLIEST_MS, LATEST_MS

Line = tuple[bytes, int | None]
"""A line without its end, and the event time it names in epoch milliseconds."""

_SAMPLE = 2000
_LEAST = 0.75


def is_in_order(file: BinaryIO, time_of: Callable[[bytes], int | None]) -> bool:
    """Whether time goes forward through a file of lines, told from lines spread over it.

    Each line of the first half of the sample is compared with the one half a file further on.
    Late records and clocks that are wrong change few of these pairs; of a file with the newest
    line first all fall, of one without any order half.
    """
    times = [
        ms
        for line in _spread(file)
        if (ms := time_of(line)) is not None and EARLIEST_MS <= ms <= LATEST_MS
    ]
    half = len(times) // 2
    forward = sum(a <= b for a, b in zip(times[:half], times[half:], strict=False))
    return forward >= _LEAST * half


def _spread(file: BinaryIO) -> Iterator[bytes]:
    """About `_SAMPLE` lines, in file order; of a small file all of them."""
    step = file.seek(0, os.SEEK_END) // _SAMPLE
    at = file.seek(0)
    while line := file.readline():
        yield line
        at += step
        if file.tell() < at:
            file.seek(at)
            # We are in the middle of a line.
            file.readline()


def by_time(lines: Iterable[Line]) -> list[Line]:
    """The lines by their time; one that names none stays behind the line it follows."""
    placed = []
    last = 0
    for line, time_ms in lines:
        last = last if time_ms is None else time_ms
        placed.append((last, line, time_ms))
    placed.sort(key=lambda line: line[0])
    return [(line, time_ms) for _, line, time_ms in placed]
