"""How far the log is done with, when what it brings is not done in order."""

from sinks.feed import Place


class Settlement:
    """Give it every place in the order of its partition."""

    def __init__(self) -> None:
        self._open: dict[int, dict[int, None]] = {}
        self._last: dict[int, int] = {}
        self._settled: dict[int, int] = {}

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

    def due(self) -> list[Place]:
        """The last place of each partition up to which all is done, if nobody settled it yet."""
        places = []
        for partition, last in sorted(self._last.items()):
            first = next(iter(self._open[partition]), None)
            upto = last if first is None else first - 1
            # The first place of all may be far from 0, and before it was nothing to do.
            if upto > self._settled.get(partition, -1):
                places.append(Place(partition, upto))
        return places

    def settled(self, place: Place) -> None:
        """The log knows that all up to here is done."""
        self._settled[place.partition] = place.offset
