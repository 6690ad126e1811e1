"""Somebody between the publisher and a device."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from edge.errors import EdgeError, Missing
from edge.updates.slots import Slots
from edge.updates.source import Source
from tests.support.packages import (
    Bench,
    content,
)

TIMESTAMP = "metadata/timestamp.json"


def refused(bench: Bench, error: type[EdgeError], says: str, source: Source | None = None) -> None:
    """Nothing is installed, what ran runs on, and what is there afterwards can be installed."""
    before = content(Slots(bench.home.packs, bench.bundled).start())
    with pytest.raises(error, match=says):
        bench.update(source)
    assert content(Slots(bench.home.packs, bench.bundled).start()) == before
    assert not list(bench.home.packs.glob("*.new"))


class Fake(Source):
    """The repository with some files replaced on their way."""

    def __init__(self, files: dict[str, bytes], **changed: Callable[[], Iterator[bytes]]) -> None:
        self.files = files
        self.changed = changed
        self.given = 0

    def __str__(self) -> str:
        return "the wire"

    def _read(self, key: str, start: int, length: int) -> Iterator[bytes]:  # noqa: ARG002
        for name, pieces in self.changed.items():
            if name in key:
                for piece in pieces():
                    self.given += len(piece)
                    yield piece
                return
        if key not in self.files:
            raise Missing(key)
        yield self.files[key][start:]


def endless() -> Iterator[bytes]:
    while True:
        yield b" " * 65_536
