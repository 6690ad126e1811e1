"""Where files of the publisher come from: its topic, a mirror, a folder."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

from edge.errors import Missing

MOST_METADATA = 2 << 20
"""Bytes of one file of metadata; python-tuf has bounds of its own below this."""
PIECE = 1 << 16
"""Bytes that are read at once."""
_KEY = re.compile(r"(metadata|targets)(/[A-Za-z0-9_%-][A-Za-z0-9_.%-]{0,200}){1,6}")


class Source(ABC):
    """Files by the path that a TUF client asks for; nothing it gives is trusted."""

    def read(self, key: str, start: int = 0, length: int = MOST_METADATA) -> Iterator[bytes]:
        """Pieces of a file from a byte on. `length`: of the whole file, as far as it is known.

        May give more or less than that. Raises Missing or Unreachable.
        """
        if not _KEY.fullmatch(key):
            raise Missing(f"{self}: {key[:100]!r} is no name of a file of packages")
        return self._read(key, start, length)

    @abstractmethod
    def _read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """`read` with a key that leads nowhere else."""

    @abstractmethod
    def __str__(self) -> str:
        """What a person calls it."""

    def close(self) -> None:  # noqa: B027
        """Let go of it; most hold nothing."""
