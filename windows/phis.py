"""The dispersions of every cluster: of single bins, and of each trailing window."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from windows.dispersion import Dispersion, winsorised
from windows.scores import Forward
from windows.slots import Floats, Slots, SlotTable

# Standard deviations above the mean at which a window stops teaching.
_WINDOW_CUT = 5.0


class Phis:
    """`bin` is the `Dispersion` of single bins; the others are of windows of ``lengths`` bins."""

    def __init__(self, table: SlotTable, lengths: list[int], half_life: float) -> None:
        self._lengths = lengths
        self.bin = Dispersion(table, "dispersion", half_life)
        self._windows = [
            Dispersion(table, f"dispersion_{length}", half_life / length) for length in lengths
        ]

    @property
    def longest(self) -> Dispersion:
        """That of the longest window."""
        return self._windows[-1]

    def __iter__(self) -> Iterator[Dispersion]:
        """That of bins first, then those of windows, ascending."""
        yield self.bin
        yield from self._windows

    def start(self, slots: Slots, pooled: Floats) -> None:
        """Start ``slots`` at the phis (1 + windows,) of the product."""
        for dispersion, phi in zip(self, pooled.tolist(), strict=True):
            dispersion.start(slots, phi)

    def merge(self, into: int, gone: int, share: float) -> None:
        """See `Dispersion.merge`."""
        for dispersion in self:
            dispersion.merge(into, gone, share)

    def of_windows(self, uncertain: Floats) -> list[Floats]:
        """phi (slots,) of each window, at least ``uncertain``, the dispersion of the level.

        A window's was learned with the usual error of the level in it.
        """
        return [np.maximum(window.phi, uncertain) for window in self._windows]

    def learn(
        self, cut: Floats, step: Forward, settled: npt.NDArray[np.bool_], uncertain: Floats, n: int
    ) -> None:
        """Learn the winsorised counts of a bin, and the windows that end with it, the ``n``-th."""
        self.bin.learn(cut, step.mu, settled, self.bin.pooled)
        for row, length in enumerate(self._lengths):
            if n % length == 0:
                count, mean = step.counts[row], step.means[row]
                window = self._windows[row]
                whole = winsorised(count, mean, np.maximum(window.phi, uncertain), _WINDOW_CUT)
                window.learn(whole, mean, settled, self.bin.over(length))
