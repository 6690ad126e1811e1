"""What was found in a night, and the part of it that is about one chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from schemas.reviews import Finding

CampaignKind = Literal["praise", "attack", "advert"]


class Campaign(msgspec.Struct, frozen=True):
    """Reviews that one hand has written or paid for.

    `members`: their numbers in the night, counted through all chunks, in order of time;
    `representative`: the one that is most like the others. `products`, `authors`: how many.
    `reasons`, `evidence`: of the strongest group first.
    """

    kind: CampaignKind
    members: tuple[int, ...]
    representative: int
    products: int
    authors: int
    first_ms: int
    last_ms: int
    confidence: float
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]


class _Packed(msgspec.Struct, frozen=True):
    campaign: bytes
    original: bytes
    starts: bytes
    ids: bytes
    table: list[Finding]


class Part:
    """The verdicts on one chunk; a review is named by its number in the chunk."""

    def __init__(
        self,
        campaign: NDArray[np.int32],
        original: NDArray[np.int32],
        starts: NDArray[np.uint32],
        ids: NDArray[np.uint32],
        table: Sequence[Finding],
    ) -> None:
        self._campaign, self._original = campaign, original
        self._starts, self._ids, self._table = starts, ids, table

    def __len__(self) -> int:
        return len(self._campaign)

    def findings(self, review: int) -> list[Finding]:
        """Of the kinds `duplicate` and `fake`."""
        ids = self._ids[self._starts[review] : self._starts[review + 1]]
        return [self._table[one] for one in ids.tolist()]

    def campaign(self, review: int) -> int:
        """The place of its campaign in `Verdicts.campaigns`; -1: none."""
        return int(self._campaign[review])

    def original(self, review: int) -> int:
        """The number in the night of the earliest review whose text it repeats; -1: none."""
        return int(self._original[review])

    def to_bytes(self) -> bytes:
        """For a file that `from_bytes` reads."""
        return msgspec.msgpack.encode(
            _Packed(
                self._campaign.tobytes(),
                self._original.tobytes(),
                self._starts.tobytes(),
                self._ids.tobytes(),
                list(self._table),
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Part:
        """What `to_bytes` gave. Raises msgspec.ValidationError, DecodeError for anything else."""
        packed = msgspec.msgpack.decode(data, type=_Packed)
        return cls(
            np.frombuffer(packed.campaign, np.int32),
            np.frombuffer(packed.original, np.int32),
            np.frombuffer(packed.starts, np.uint32),
            np.frombuffer(packed.ids, np.uint32),
            packed.table,
        )


@dataclass(frozen=True)
class Verdicts:
    """What was found in all chunks; `campaigns` in order of their first review.

    `ends`: the number of the first review after each chunk. Of the findings, `ids[starts[i]:
    starts[i + 1]]` are the places in `table` of those of review i.
    """

    campaigns: tuple[Campaign, ...]
    ends: tuple[int, ...]
    campaign: NDArray[np.int32]
    original: NDArray[np.int32]
    starts: NDArray[np.int64]
    ids: NDArray[np.uint32]
    table: Sequence[Finding]

    def part(self, chunk: int) -> Part:
        """The verdicts on the chunk with this number."""
        first, last = (0, *self.ends)[chunk], self.ends[chunk]
        mine = slice(int(self.starts[first]), int(self.starts[last]))
        used, ids = np.unique(self.ids[mine], return_inverse=True)
        return Part(
            self.campaign[first:last],
            self.original[first:last],
            (self.starts[first : last + 1] - self.starts[first]).astype(np.uint32),
            ids.astype(np.uint32),
            [self.table[one] for one in used.tolist()],
        )
