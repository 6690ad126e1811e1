"""A folder of the publisher's files: a USB stick, or any other place."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from edge.errors import Missing, Unreachable
from edge.updates.source import PIECE, Source

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
# Without waiting: somebody may have put a pipe there.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class Folder(Source):
    """Only regular files below the folder; no link is followed, wherever it leads."""

    def __init__(self, path: Path) -> None:
        """Raises Unreachable."""
        self._path = path
        if not (path / "metadata").is_dir():
            raise Unreachable(f"{path} holds no packages: it has no folder `metadata`")

    def __str__(self) -> str:
        return str(self._path)

    def _read(self, key: str, start: int, length: int) -> Iterator[bytes]:  # noqa: ARG002
        try:
            handle = self._open(key)
        except FileNotFoundError:
            raise Missing(f"{self._path} has no {key}") from None
        except OSError as error:
            # ELOOP and ENOTDIR say that a link is in the way.
            raise Unreachable(f"{self._path / key}: {error.strerror}") from None
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Unreachable(f"{self._path / key} is no file")
            os.lseek(handle, start, os.SEEK_SET)
            while piece := os.read(handle, PIECE):
                yield piece
        except OSError as error:
            raise Unreachable(f"{self._path / key}: {error.strerror}") from None
        finally:
            os.close(handle)

    def _open(self, key: str) -> int:
        *folders, name = key.split("/")
        handle = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                inner = os.open(folder, _FOLDER, dir_fd=handle)
                os.close(handle)
                handle = inner
            return os.open(name, _FILE, dir_fd=handle)
        finally:
            os.close(handle)
