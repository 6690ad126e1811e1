"""Watches the themes of a product for some that rise together, for everybody or for somebody."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from agents.detect.groups import Attribute
from agents.detect.merge import KINDS
from agents.detect.slices import OF_THEME
from windows.cells import Cells
from windows.habits import FLOOR, Habits
from windows.rises import Reading, best_of
from windows.scan import SubsetScan, Window
from windows.slots import Floats
from windows.values import LIMIT, Values


class Seen(NamedTuple):
    """Themes that are up together, over each window that found some.

    `attribute` None: for everybody.
    """

    attribute: Attribute | None
    scales: tuple[Reading, ...]

    @property
    def best(self) -> Reading:
        """The window of the highest score."""
        return best_of(self.scales)

    def among(self, fits: Callable[[int, int], bool]) -> "Seen":
        """The same, but for the themes whose slots do not fit the window of so many minutes."""
        fitting = (
            each._replace(members=tuple(m for m in each.members if fits(m.slot, each.minutes)))
            for each in self.scales
        )
        return Seen(self.attribute, tuple(each for each in fitting if each.members))


class Watch:
    """Feed it every closed minute: `start` and `forget` themes, `observe`, then ask for `rises`."""

    def __init__(self) -> None:
        self._values = Values()
        self._scan = SubsetScan(len(KINDS))
        self._habits = Habits()
        self.seen: Sequence[Seen] = ()
        """What was up in the last minute, habits among it."""
        self.usual: frozenset[int] = frozenset()
        """Slots of those habits."""

    def start(self, slots: Sequence[int], kind: str) -> None:
        """Begin themes."""
        self._scan.start(slots, KINDS.index(kind))

    def merge(self, into: int, gone: int) -> None:
        """Make one theme of two of a kind, in slot `into`."""
        self._scan.merge(into, gone)
        self._habits.merge(into, gone)

    def forget(self, slots: Sequence[int]) -> None:
        """Forget themes."""
        self._scan.forget(slots)
        self._habits.forget(slots)

    def observe(
        self,
        names: Sequence[str],
        heard: Iterable[tuple[int, Sequence[str], int]],
        totals: Floats,
        apart: Sequence[int],
    ) -> None:
        """Take a minute: slot, leaf (values of `names`) and events of each; all events by slot.

        `apart`: slots of themes in open incidents.
        """
        rows = [
            (value, slot, count)
            for slot, leaf, count in heard
            for value in self._values.ids(names[OF_THEME:], leaf[OF_THEME:])
        ]
        table: npt.NDArray[np.intp] = np.array(rows, np.intp).reshape(-1, 3)
        cells = Cells(table[:, 0], table[:, 1], table[:, 2].astype(np.float64))
        self._scan.observe(cells, totals, np.array(apart, np.intp))
        weights = np.bincount(cells.values, cells.counts, minlength=LIMIT).astype(np.float32)
        self._scan.forget_values(self._values.tick(weights))

    def rises(
        self,
        minute: int,
        window: Callable[[int], Window],
        repeats: Callable[[int, int], float],
    ) -> list[Seen]:
        """What is up in an epoch minute, best first, but for what always is at this time of day.

        `window` and `repeats` as of `SubsetScan.rises`.
        """
        rises = self._scan.rises(window, repeats)
        excess: dict[int, float] = {}
        bursts: set[int] = set()
        for best in (rise.best for rise in rises):
            for member in best.members:
                above = member.events - member.expected
                excess[member.slot] = max(above, excess.get(member.slot, 0.0))
            if best.score >= FLOOR:
                bursts.update(member.slot for member in best.members)
        self.usual = self._habits.usual(excess, minute)
        self._habits.learn({slot: excess[slot] for slot in excess if slot in bursts}, minute)
        self.seen = [
            Seen(None if value is None else self._values.name(value), scales)
            for value, scales in rises
        ]
        return [seen.among(lambda slot, _: slot not in self.usual) for seen in self.seen]

    def state(self) -> dict[str, Any]:
        """Everything, as plain data and arrays."""
        return {
            "values": self._values.state(),
            "scan": self._scan.state(),
            "habits": self._habits.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Take over what `state` gave."""
        self._values.restore(state["values"])
        self._scan.restore(state["scan"])
        self._habits.restore(state["habits"])
