"""Repeated deliveries of one event id on one partition, over the most recent ids."""

from array import array
from collections.abc import Iterable, Iterator

SLOT = 1024
"""Ids a slot: the unit in which they are forgotten and written to the state topic."""


class Dedupe:
    """The last `slots` x 1024 ids of a partition, each with the offset it was first seen at.

    The offset makes a second reading of the same record no duplicate, so a worker may go back
    to an earlier offset and comes to the same decisions.
    """

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._offset_of: dict[int, int] = {}
        self._ring: dict[int, array[int]] = {}
        self._total = 0
        self._written = 0

    def __len__(self) -> int:
        return len(self._offset_of)

    def first(self, id_hash: int, offset: int) -> bool:
        """True if the id is new, or was first seen at this very offset."""
        known = self._offset_of.get(id_hash)
        if known is not None:
            return known == offset
        slot, place = divmod(self._total, SLOT)
        if place == 0:
            self._ring[slot] = array("Q")
            for forgotten in self._ring.pop(slot - self.slots, ()):
                del self._offset_of[forgotten]
        self._ring[slot].append(id_hash)
        self._offset_of[id_hash] = offset
        self._total += 1
        return True

    def unwritten(self) -> Iterator[tuple[int, bytes]]:
        """Slots that changed since the last call: (ring position, ids and offsets packed)."""
        for slot in range(self._written // SLOT, -(-self._total // SLOT)):
            if slot in self._ring and self._total > self._written:
                pairs = array("Q", [slot])
                for id_hash in self._ring[slot]:
                    pairs.extend((id_hash, self._offset_of[id_hash]))
                yield slot % self.slots, pairs.tobytes()
        self._written = self._total

    def restore(self, packed: Iterable[bytes], before: int) -> None:
        """Load slots that `unwritten` gave, less the ids first seen at offset `before` or later."""
        unpacked = (array("Q", data) for data in packed)
        slots = {pairs[0]: pairs[1:] for pairs in unpacked}
        newest = max(slots, default=0)
        for slot in sorted(slots):
            if slot <= newest - self.slots:
                continue
            pairs = slots[slot]
            ids = array(
                "Q", (i for i, at in zip(pairs[::2], pairs[1::2], strict=True) if at < before)
            )
            if not ids:
                break
            self._ring[slot] = ids
            self._offset_of.update(
                (i, at) for i, at in zip(pairs[::2], pairs[1::2], strict=True) if at < before
            )
            self._total = slot * SLOT + len(ids)
        self._written = self._total
