"""Leaves by small numbers: one product has few, and says them over and over."""

import sys
from collections.abc import Iterator
from typing import TypeAlias

from windows.tally import OTHER

Values: TypeAlias = tuple[str, ...]
"""The attribute values of a leaf."""

LIMIT = 32_768
"""Leaves that have a number at a time; what comes beyond shares the leaf of OTHER values."""


class LeafPool(dict[Values, int]):
    """Numbers for leaves, the lowest free one first: `pool[leaf]` gives it one if it has none.

    Numbers stay below 2**16, for OTHER leaves are few: one per number of attributes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: list[Values | None] = []
        self._free: list[int] = []

    def __missing__(self, leaf: Values) -> int:
        other = (OTHER,) * len(leaf)
        if len(self) >= LIMIT and leaf != other:
            return self[other]
        # Every decoded partial brings strings of its own, though there are few values.
        kept = tuple(map(sys.intern, leaf))
        if self._free:
            number = self._free.pop()
            self._values[number] = kept
        else:
            number = len(self._values)
            self._values.append(kept)
        self[kept] = number
        return number

    @property
    def full(self) -> bool:
        """Whether new leaves would be lumped."""
        return len(self) >= LIMIT

    def leaf(self, number: int) -> Values:
        """The leaf of a number. Raises KeyError if no leaf has it."""
        values = self._values[number]
        if values is None:
            raise KeyError(number)
        return values

    def keep(self, used: Iterator[bool]) -> None:
        """Forget the leaves of the numbers, from 0 on, that are not used."""
        for number, (values, keep) in enumerate(zip(self._values, used, strict=False)):
            if values is not None and not keep:
                del self[values]
                self._values[number] = None
        self._free = self._unused()

    def _unused(self) -> list[int]:
        return [n for n in reversed(range(len(self._values))) if self._values[n] is None]

    def state(self) -> list[Values | None]:
        """The leaf of every number, from 0 on."""
        return list(self._values)

    def restore(self, state: list[list[str] | None]) -> None:
        """Take over what `state` gave."""
        self.clear()
        self._values = [v if v is None else tuple(map(sys.intern, v)) for v in state]
        self.update((v, number) for number, v in enumerate(self._values) if v is not None)
        self._free = self._unused()
