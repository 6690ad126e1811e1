"""Files that are there whole or not at all, whenever the process or the machine stops.

Only their owner can read them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from edge.errors import Busy, CannotWrite

_BUFFER = 1 << 20


def save(path: Path, parts: Iterable[bytes]) -> None:
    """The whole file or none of it, durable on return. Raises CannotWrite."""
    aside = path.with_name(f".{path.name}.new")
    try:
        handle = _new(aside)
        with open(handle, "wb", buffering=_BUFFER) as file:  # noqa: PTH123
            file.writelines(parts)
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from None
    rename(aside, path)


def _new(path: Path) -> int:
    """A file of ours: one that was left, or that somebody put in its way, goes first."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        return os.open(path, flags, 0o600)
    except FileExistsError:
        path.unlink()
        return os.open(path, flags, 0o600)


def rename(source: Path, target: Path) -> None:
    """Replace what the target was, in one step, durable on return. Raises CannotWrite."""
    try:
        source.replace(target)
        make_durable(target.parent)
    except OSError as error:
        raise CannotWrite(f"{target}: {error.strerror}") from None


def remove(path: Path) -> None:
    """Gone, if it was there, durable on return. Raises CannotWrite."""
    try:
        path.unlink(missing_ok=True)
        make_durable(path.parent)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from None


def make_durable(path: Path) -> None:
    """Wait until the file, or the names in a folder, are on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path) -> None:
    """A folder that only its owner can enter. Raises CannotWrite."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}") from None


class FileLock:
    """Held until `release`, also by the end of the process, however it ends."""

    def __init__(self, path: Path, busy: str) -> None:
        """Raises Busy with the message `busy` and who has it, or CannotWrite."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotWrite(f"{path}: {error.strerror}") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise Busy(f"{busy} (process {holder or 'unknown'})") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._handle: int | None = handle

    def release(self) -> None:
        """Let others have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """One process after the other. Raises CannotWrite."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CannotWrite(f"{folder}: {error.strerror}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
