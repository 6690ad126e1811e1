"""How far the log is done with, when what it brings is not done in order."""

from sinks.feed import Place


class Settlement:
    """Give it every place in the order of its partition."""

    def __init__(self) -> None:
        self._open: dict[int, dict[int, None]] = {}
        self._last: dict[int, int] = {}

    def open(self, place: Place) -> bool:
        """There is something to do; false if the place was given before."""
        if place.offset <= self._last.get(place.partition, -1):
            return False
        self._last[place.partition] = place.offset
        self._open.setdefault(place.partition, {})[place.offset] = None
        return True

    def done(self, place: Place) -> None:
        """It has been done."""
        self._open[place.partition].pop(place.offset, None)

    def waiting(self, partition: int) -> int:
        """How many places of a partition are to be done."""
        return len(self._open.get(partition, ()))

    def settled(self) -> list[Place]:
        """The last place of each partition up to which all is done."""
        places = []
        for partition, last in sorted(self._last.items()):
            first = next(iter(self._open[partition]), last + 1)
            if first > 0:
                places.append(Place(partition, first - 1))
        return places
