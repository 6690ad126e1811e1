"""How long a file may take to be parsed."""

from __future__ import annotations

_LEAST, _MOST = 4, 30
_BYTES_A_SECOND = 10_000
"""A tenth of what pypdf reads of a page drawn character by character on a slow laptop."""


def cpu_seconds(size: int) -> int:
    """Processor time for a file of so many bytes: a small one that takes long is meant to."""
    return min(_MOST, _LEAST + size // _BYTES_A_SECOND)


def wall_seconds(size: int) -> float:
    """From start to answer; other processes take their share."""
    return 1.25 * cpu_seconds(size)
