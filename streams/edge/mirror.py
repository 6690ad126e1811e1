"""The tree as a folder: for a stick, or to be served as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sinks.files import make_durable, save
from streams.edge.errors import Taken
from streams.edge.repository import writing
from streams.edge.tree import FIRST, TIMESTAMP, Step, Tree, digest_of

MARK = "groundswell-packages"
"""A file that says that the folder is ours, and what is in it may be removed."""
_PARTS = ("metadata", "targets")


def publish(tree: Tree, folder: Path) -> tuple[int, int]:
    """Make a folder the tree's; (files written, removed). Raises PublishError.

    A stop anywhere leaves what the readers had or have: the same again finishes it.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _check_folder(folder)
        written = removed = 0
        for step in _steps(tree, folder):
            for path, content in step.files.items():
                place = folder / path
                if content is None:
                    # What a stop left beside a file may have become that file by now.
                    place.unlink(missing_ok=True)
                    removed += 1
                else:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    save(place, [content])
                    written += 1
        for part in _PARTS:
            make_durable(folder / part)
    return written, removed


def ahead(tree: Tree, folder: Path) -> int:
    """How many files of the folder are not as the tree has them. Raises PublishError."""
    with writing(folder):
        return sum(len(step.files) for step in _steps(tree, folder))


def _steps(tree: Tree, folder: Path) -> Iterator[Step]:
    files = [p for part in _PARTS for p in (folder / part).rglob("*") if not p.is_dir()]
    there = {p.relative_to(folder).as_posix(): _digest(p) for p in files}
    oldest = {name: (folder / name).read_bytes() for name in (FIRST, TIMESTAMP) if there.get(name)}
    return tree.steps(there, oldest)


def _check_folder(folder: Path) -> None:
    """What is removed later must be ours. Raises Taken."""
    mark = folder / MARK
    if not mark.exists():
        if any(any((folder / part).glob("*")) for part in _PARTS):
            raise Taken(f"{folder} holds something else: name another folder")
        save(mark, [b"Packages for devices; groundswell edge publish --folder\n"])
    for part in _PARTS:
        if (folder / part).is_symlink():
            raise Taken(f"{folder / part} is a link: name another folder")


def _digest(path: Path) -> str:
    """Nothing's for a link, which is none of ours and goes."""
    return "" if path.is_symlink() else digest_of(path.read_bytes())
