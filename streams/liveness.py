"""Alive means that offsets move or that there is nothing to read."""

from collections.abc import Callable, Hashable, Mapping


class Liveness:
    """Watches positions against ends; a partition with lag must move within `stuck_seconds`."""

    def __init__(self, stuck_seconds: float, clock: Callable[[], float]) -> None:
        self._stuck_seconds = stuck_seconds
        self._clock = clock
        self._moved: dict[Hashable, tuple[int, float]] = {}
        self._asked = clock()
        self.ready = False

    def look(self, positions: Mapping[Hashable, int], ends: Mapping[Hashable, int]) -> None:
        """Compare; partitions that are gone are forgotten. Call it often.

        Whoever owns nothing is alive, but not ready.
        """
        now = self._asked = self._clock()
        self.ready = bool(positions)
        for partition in self._moved.keys() - positions.keys():
            del self._moved[partition]
        for partition, position in positions.items():
            before, _ = self._moved.get(partition, (-1, now))
            if position != before or position >= ends.get(partition, 0):
                self._moved[partition] = (position, now)

    def trouble(self) -> str:
        """What is stuck, in one line; empty if nothing is."""
        now = self._clock()
        if now - self._asked > self._stuck_seconds:
            return f"the broker has not answered for {now - self._asked:.0f} s"
        stuck = [p for p, (_, at) in self._moved.items() if now - at > self._stuck_seconds]
        if stuck:
            return f"no progress for {self._stuck_seconds:.0f} s on {sorted(map(str, stuck))[:5]}"
        return ""
