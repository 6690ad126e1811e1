"""Files that one process writes, and that are there after a power cut."""

import fcntl
import os
from pathlib import Path
from typing import TextIO


def locked(file: Path) -> TextIO:
    """Held until it is closed, also by the end of the process. Raises BlockingIOError."""
    lock = file.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def make_durable(path: Path) -> None:
    """Wait until the file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
