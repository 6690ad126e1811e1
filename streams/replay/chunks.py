"""Signals of one input partition on disk, a file a chunk, each with what the next one needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from schemas.state import IntakeHead
from streams.replay import files
from streams.replay.errors import CannotReplay

EVERYWHERE = -1
"""The shard of a signal that concerns every product."""


class Chunk(msgspec.Struct, array_like=True, frozen=True):
    """What intake said up to a closed minute; all before `head.next_offset` is accounted for.

    `ids`: slots of the memory of ids that have changed. `signals`: their shard, and as they would
    stand on the topic. `total`: signals in this chunk and all before it. `lost`: offsets, so far,
    that retention deleted after the plan. `ended`: no other chunk follows. `products`: some that
    were heard of so far, and of those that are asked for, all.
    """

    head: IntakeHead
    ids: list[tuple[int, bytes]]
    signals: list[tuple[int, bytes]]
    total: int
    lost: int
    ended: bool
    products: list[str] = []


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Chunk).decode


class Chunks:
    """The chunks of a partition in a folder of their own, in order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __len__(self) -> int:
        """Chunks that are whole."""
        count = len(list(self.folder.glob("*.chunk")))
        if count and not self._path(count - 1).exists():
            raise CannotReplay(f"chunks are missing in {self.folder}: remove it")
        return count

    def __iter__(self) -> Iterator[Chunk]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Chunk:
        """Raises CannotReplay."""
        path = self._path(number)
        try:
            return _decode(path.read_bytes())
        except (OSError, msgspec.MsgspecError) as error:
            raise CannotReplay(f"{path} is damaged ({error}): remove {self.folder}") from None

    def last(self) -> Chunk | None:
        """The newest one, None before the first."""
        return self[count - 1] if (count := len(self)) else None

    def add(self, chunk: Chunk) -> None:
        """Durable on return. Raises Interrupted."""
        files.replace(self._path(len(self)), [_encode(chunk)])

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:06}.chunk"
