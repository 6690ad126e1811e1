"""Files of a replay: what the disk refuses is said in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sinks.files import save
from streams.replay.errors import Interrupted


def replace(path: Path, parts: Iterable[bytes]) -> None:
    """The whole file or none of it, durable on return. Raises Interrupted."""
    with writing(path):
        save(path, parts)


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
