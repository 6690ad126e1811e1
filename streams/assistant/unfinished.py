"""Which records of a partition are done with, when they are done in any order."""


class Unfinished:
    """Up to where nothing is left to do."""

    def __init__(self) -> None:
        # In the order of the log: the first is the lowest.
        self._offsets: dict[int, None] = {}
        self._next = 0

    @property
    def first(self) -> int | None:
        """The lowest offset that is not done with."""
        return next(iter(self._offsets), None)

    def begin(self, offset: int) -> None:
        """It was read; offsets rise."""
        self._offsets[offset] = None
        self._next = offset + 1

    def end(self, offset: int) -> int:
        """It is done with; the next offset to read after a crash."""
        self._offsets.pop(offset, None)
        return next(iter(self._offsets), self._next)
