"""Repeated deliveries of one event id on one partition, over the most recent ids."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

SLOT = 1024
"""Ids a slot: the unit in which they are forgotten and written to the state topic."""

_RECENT = 8 * SLOT  # ids in a dictionary, which is fast to change and has 130 bytes an id
_WORD = np.uint64


class _Index:
    """Positions sorted by their ids, and where the ids with the same first bits begin."""

    def __init__(self, positions: NDArray[np.uint32], ids: NDArray[np.uint64]) -> None:
        # Stable, for it merges what is sorted already.
        order = np.argsort(ids, kind="stable")
        bits = len(ids).bit_length()
        self.positions = positions[order]
        self.shift = 64 - bits
        counts = np.bincount((ids >> _WORD(self.shift)).astype(np.int64), minlength=1 << bits)
        starts = np.zeros(len(counts) + 1, np.uint32)
        np.cumsum(counts, out=starts[1:])
        # Views, because a scalar of NumPy costs three times as much.
        self.starts, self.sorted = starts.data, self.positions.data


class Dedupe:
    """The last `slots` x 1024 ids of a partition, each with the offset it was first seen at.

    The offset makes a second reading of the same record no duplicate, so a worker may go back
    to an earlier offset and comes to the same decisions. Ids are hashes of 64 bits. About 24
    bytes an id.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._size = slots * SLOT
        # A ring; 0 instead of one more than the offset where there is no id.
        self._ids = np.zeros(self._size, _WORD)
        self._after = np.zeros(self._size, _WORD)
        self._id_at, self._after_at = self._ids.data, self._after.data
        self._recent: dict[int, int] = {}
        self._index = _Index(np.zeros(0, np.uint32), np.zeros(0, _WORD))
        self._total = 0
        self._written = 0

    def __len__(self) -> int:
        return int(np.count_nonzero(self._after))

    def first(self, id_hash: int, offset: int) -> bool:
        """True if the id is new, or was first seen at this very offset."""
        position = self._recent.get(id_hash)
        if position is None:
            index = self._index
            bucket = id_hash >> index.shift
            start, end = index.starts[bucket], index.starts[bucket + 1]
            for at in index.sorted[start:end] if start < end else ():
                if self._id_at[at] == id_hash:
                    position = at
        if position is not None and self._id_at[position] == id_hash:
            after = self._after_at[position]
            if after:
                return after == offset + 1
        position = self._total % self._size
        if position % SLOT == 0:
            self._forget(position)
        self._id_at[position] = id_hash
        self._after_at[position] = offset + 1
        self._recent[id_hash] = position
        self._total += 1
        return True

    def _forget(self, start: int) -> None:
        self._after[start : start + SLOT] = 0
        if len(self._recent) >= _RECENT:
            self._reindex()

    def _reindex(self) -> None:
        """Move what is recent into the index, drop what is forgotten."""
        ids = np.fromiter(self._recent, _WORD, len(self._recent))
        recent = np.fromiter(self._recent.values(), np.uint32, len(self._recent))
        # A position that was given to another id belongs to that one alone.
        recent = recent[(self._ids[recent] == ids) & (self._after[recent] > 0)]
        old = self._after > 0
        old[recent] = False
        positions = self._index.positions
        positions = np.concatenate((positions[old[positions]], recent))
        self._index = _Index(positions, self._ids[positions])
        self._recent.clear()

    def unwritten(self) -> Iterator[tuple[int, bytes]]:
        """Slots that changed since the last call: (ring position, packed).

        Packed: the number of the slot, its ids, then their offsets plus one, in words of 64 bits.
        """
        if self._total == self._written:
            return
        oldest = -(-self._total // SLOT) - self.slots
        for slot in range(max(oldest, self._written // SLOT), -(-self._total // SLOT)):
            start = slot * SLOT % self._size
            held = slice(start, start + min(SLOT, self._total - slot * SLOT))
            number = np.array([slot], _WORD)
            packed = np.concatenate((number, self._ids[held], self._after[held]))
            yield slot % self.slots, packed.tobytes()
        self._written = self._total

    def restore(self, packed: Iterable[bytes], before: int) -> None:
        """Load slots that `unwritten` gave, less the ids first seen at offset `before` or later."""
        slots = {int(words[0]): words[1:] for words in (np.frombuffer(p, _WORD) for p in packed)}
        newest = max(slots, default=0)
        for slot in sorted(slots):
            if slot <= newest - self.slots:
                continue
            ids, after = np.split(slots[slot], 2)
            kept = after <= before
            count = int(np.count_nonzero(kept))
            if not count:
                break
            start = slot * SLOT % self._size
            self._ids[start : start + count] = ids[kept]
            self._after[start : start + count] = after[kept]
            self._total = slot * SLOT + count
        positions = np.flatnonzero(self._after).astype(np.uint32)
        self._index = _Index(positions, self._ids[positions])
        self._written = self._total
