"""Files that are there whole or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.replay.errors import Interrupted


def replace(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file aside, make it durable and put it in place at once. Raises Interrupted."""
    aside = path.with_name(path.name + ".part")
    with writing(path):
        with aside.open("wb") as file:
            file.writelines(parts)
            make_durable(file.fileno())
        aside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def make_durable(handle: int) -> None:
    """Wait until the disk has what was written."""
    os.fsync(handle)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever the disk refuses, in words. Raises Interrupted."""
    try:
        yield
    except OSError as error:
        raise Interrupted(
            f"cannot write {path}: {error.strerror}; what is done is kept: mend it and run the same"
            " command again"
        ) from None


@contextmanager
def locked(path: Path, *, shared: bool = False, wait: bool = True) -> Iterator[None]:
    """Hold the lock of a file, also for processes that end by a kill. Raises BlockingIOError."""
    with path.open("a") as file:
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
        yield
