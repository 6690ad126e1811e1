"""Files that are there whole or not at all, whenever the process or the machine stops."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

_BUFFER = 1 << 20


def save(path: Path, parts: Iterable[bytes], mode: int = 0o644) -> None:
    """The whole file or none of it, durable on return. Raises OSError."""
    aside = path.with_name(f".{path.name}.new")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(handle, "wb", buffering=_BUFFER) as file:  # noqa: PTH123
        file.writelines(parts)
        file.flush()
        os.fsync(handle)
    aside.replace(path)
    make_durable(path.parent)


def make_durable(path: Path) -> None:
    """Wait until the file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def locked(path: Path, *, shared: bool = False, wait: bool = False) -> TextIO:
    """Held until it is closed, also by the end of the process. Raises BlockingIOError."""
    lock = path.open("a")
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(lock, kind if wait else kind | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock
