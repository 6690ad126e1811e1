"""A restored vault takes the place of another: both files or none, whenever the process stops.

First the new files stand aside, whole; then a mark says that they hold; from then on whoever opens
the vault finishes the work.
"""

from __future__ import annotations

from pathlib import Path

from edge.files import remove, rename, save
from edge.settings import Home


def new_of(path: Path) -> Path:
    """Where the file that shall replace this one is put together."""
    return path.with_name(f"{path.name}.restored")


def is_replacing(home: Home) -> bool:
    """Whether there is work to finish."""
    return _mark(home).exists()


def decide(home: Home) -> None:
    """The new files are whole and were verified: from now on they hold."""
    save(_mark(home), [b"restored\n"])


def finish(home: Home) -> None:
    """By who holds the lock. Files of a restoring that was given up are removed."""
    if not is_replacing(home):
        for path in (new_of(home.vault), new_of(home.keys)):
            if path.exists():
                remove(path)
        return
    if new_of(home.vault).exists():
        # What the old one had not written back belongs to no other.
        for end in ("-wal", "-shm"):
            remove(home.vault.with_name(home.vault.name + end))
        rename(new_of(home.vault), home.vault)
    if new_of(home.keys).exists():
        rename(new_of(home.keys), home.keys)
    # It counts the entries of the one that went.
    remove(home.head)
    remove(_mark(home))


def _mark(home: Home) -> Path:
    return home.vault.with_name("vault.db.replace")
