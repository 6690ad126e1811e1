"""Evidence: how far a window may be believed, given what its own cluster has done before."""

from __future__ import annotations

import numpy as np

from windows.gains import gain
from windows.slots import Floats, Join, SlotTable
from windows.tails import surprising

# Bins in which one complaint could have begun the same alarm.
_CHANCES = 3.0
_MOST_RARITY = 1.0
# No more than this, and z / 50, on the word of a model fitted to a few weeks of counts.
_VOUCHED = 5.5
_VOUCHED_SLOPE = 0.02
# So far above the normal tail that it does not bind where counts are as modelled.
_NORMAL = 2.5
# So far below it that counts as modelled never reach it: what counts in heavy bursts.
_HEAVY = -4.0
_HEAVY_COUNT, _HEAVY_TAIL = 10.0, 3.0
_LEAST_SQUARE = np.float32(1e-6)


class Evidence:
    """Score of a trailing window, in powers of ten, from two views of it; the best window counts.

    The model's: B + rarity. B is the NB tail. Rarity is -log10(1 - exp(-3 m)), at most 1, m a
    bin's mean: an alarm begins with a complaint, so a quiet cluster has fewer bins in which
    chance could begin one.

    The cluster's own: z = (X - mean) / s, s^2 the running mean of (X - mean)^2, not winsorised,
    and for the first two days at least the variance mean + phi mean^2 of the model.

    Score = min(B + rarity, z + 2.5, 5.5 + z / 50); but at least z - 4 where X >= 10 and
    B + rarity >= 3. Counts as modelled are ranked by the first; a model is wrong far out in
    the tail, so a cluster of heavy bursts is ranked by its own deviations.
    """

    def __init__(
        self, table: SlotTable, lengths: list[int], half_life: float, day_bins: int
    ) -> None:
        self._table = table
        self._lengths = lengths
        self._gain = np.float32(gain(half_life))
        self._day = np.float32(day_bins)
        table.declare("evidence.squares", rows=len(lengths), join=Join.SUM)

    def judge(self, counts: Floats, means: Floats, phis: list[Floats]) -> tuple[Floats, Floats]:
        """B of every window (windows, slots) and the best evidence over them (slots,)."""
        tails = np.zeros_like(counts)
        best = np.zeros(counts.shape[1:], np.float32)
        for row, (length, phi) in enumerate(zip(self._lengths, phis, strict=True)):
            count, mean = counts[row], means[row]
            at, tail = surprising(count, mean, phi)
            tails[row, at] = tail
            rarity = -np.log10(-np.expm1(-np.float32(_CHANCES) * mean[at] / np.float32(length)))
            modelled = tail + np.minimum(rarity, np.float32(_MOST_RARITY))
            squares = self._table["evidence.squares"][row, at]
            variance = mean[at] * (1 + phi[at] * mean[at])
            variance *= self._table["age"][at] < 2 * self._day
            z = (count[at] - mean[at]) / np.sqrt(
                np.maximum(np.maximum(squares, variance), _LEAST_SQUARE)
            )
            score = np.minimum(modelled, z + np.float32(_NORMAL))
            np.minimum(score, z * np.float32(_VOUCHED_SLOPE) + np.float32(_VOUCHED), out=score)
            many = (count[at] >= _HEAVY_COUNT) & (modelled >= _HEAVY_TAIL)
            np.maximum(score, z + np.float32(_HEAVY), out=score, where=many)
            best[at] = np.maximum(best[at], score)
        return tails, best

    def learn(self, counts: Floats, means: Floats) -> None:
        """Learn the deviations of one bin's trailing sums (windows, slots)."""
        age = self._table["age"]
        # Not on its first day: the level is a guess, and the first outbreak is no habit yet.
        step = np.maximum(self._gain, 1 / (age + 1))
        step *= age >= self._day
        for row in range(len(self._lengths)):
            squares = self._table["evidence.squares"][row]
            deviation = counts[row] - means[row]
            deviation *= deviation
            deviation -= squares
            deviation *= step
            squares += deviation
