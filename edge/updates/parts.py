"""Files that are being fetched: what has come is kept, and gone on with the next time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from edge.errors import CannotWrite, Missing, Unreachable, Untrusted
from edge.files import make_folder
from edge.updates.slot import digest, read
from edge.updates.source import Source
from schemas.packages import MOST_FILE

_TRIES = 3
"""Broken connections in a row, each of which has brought something."""
_PART = ".part"


class Target(NamedTuple):
    """A signed file: where it lies, and what it must be."""

    key: str
    sha256: str
    length: int


class Parts:
    """A folder of files named by their SHA-256."""

    def __init__(self, folder: Path) -> None:
        """Raises CannotWrite."""
        self._folder = folder
        make_folder(folder)

    def fetch(self, target: Target, source: Source, came: Callable[[int], None]) -> bytes:
        """A file that is as it was signed; `came`: told of bytes that a source gave.

        Raises Unreachable: go on later; Untrusted: it was another file; CannotWrite.
        """
        if target.length > MOST_FILE:
            raise Untrusted(f"{source}: {target.key} has more than {MOST_FILE >> 20} MiB")
        whole = self._folder / target.sha256
        content = read(whole, target.length)
        if digest(content) == target.sha256 and content is not None:
            return content
        part = self._folder / (target.sha256 + _PART)
        try:
            begun = self._stream(target, part, source, came)
            if not _is(part, target) and begun:
                # What lay here may have suffered when the power went.
                part.unlink()
                self._stream(target, part, source, came)
            if not _is(part, target):
                part.unlink()
                raise Untrusted(f"{source}: {target.key} is not what was signed")
            part.replace(whole)
            return whole.read_bytes()
        except OSError as error:
            raise CannotWrite(f"{part}: {error.strerror}") from None

    def keep(self, digests: Iterable[str]) -> None:
        """Remove all others. Raises CannotWrite."""
        kept = set(digests)
        try:
            for file in self._folder.iterdir():
                if file.name.removesuffix(_PART) not in kept:
                    file.unlink()
        except OSError as error:
            raise CannotWrite(f"{self._folder}: {error.strerror}") from None

    def _stream(
        self, target: Target, part: Path, source: Source, came: Callable[[int], None]
    ) -> bool:
        """Fill up the part; whether some of it was there. Raises Unreachable, Untrusted."""
        begun = part.stat().st_size if part.exists() else 0
        if begun >= target.length and begun:
            return True
        size, tries = begun, 0
        while size < target.length or not part.exists():
            before = size
            try:
                size = _append(target, part, source, came)
            except Missing:
                raise
            except Unreachable:
                size, tries = part.stat().st_size, tries + 1
                if size == before or tries >= _TRIES:
                    raise
                continue
            if size < target.length:
                raise Unreachable(f"{source}: {target.key} ends early: run it again")
        return begun > 0


def _append(target: Target, part: Path, source: Source, came: Callable[[int], None]) -> int:
    """How long the part is now."""
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "ab") as file:  # noqa: PTH123
        size = os.fstat(handle).st_size
        pieces = source.read(target.key, size, target.length)
        for piece in pieces:
            size += len(piece)
            if size > target.length:
                file.truncate(0)
                raise Untrusted(f"{source}: {target.key} is longer than was signed")
            file.write(piece)
            came(len(piece))
    return size


def _is(part: Path, target: Target) -> bool:
    with part.open("rb") as file:
        content = file.read(target.length + 1)
    return len(content) == target.length and sha256(content).hexdigest() == target.sha256
