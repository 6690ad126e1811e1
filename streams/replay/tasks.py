"""What there is to do, in pieces that processes can share."""

from __future__ import annotations

from dataclasses import dataclass

from streams.replay.plan import Stretch


@dataclass(frozen=True)
class Read:
    """A stretch of one input partition through intake; done when its last chunk is there."""

    stretch: Stretch

    @property
    def size(self) -> int:
        """Offsets to go through."""
        return self.stretch.size


@dataclass(frozen=True)
class Detect:
    """The signals of all sources through detect, of one shard; `size`: signals in all chunks."""

    shard: int
    size: int


Task = Read | Detect
