"""Scores: what a spike detector says about one closed bin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from windows.slots import Floats
from windows.tails import tail_surprise


@dataclass(frozen=True, slots=True)
class Scores:
    """What one closed bin says about every slot; a free slot scores 0 and never alarms.

    Arrays of shape (slots,), or (windows, slots) where it says so. ``windows`` are the lengths
    in minutes, ascending.
    """

    windows: tuple[int, ...]
    expected: Floats  # mu of this bin
    tails: Floats  # -log10 p of each window, (windows, slots)
    counts: Floats  # trailing sums X, (windows, slots)
    means: Floats  # trailing sums of mu, (windows, slots)
    score: Floats  # evidence over its threshold: 1 is alarming; comparable everywhere
    alarm: npt.NDArray[np.bool_]  # score >= 1, highest of the day, above the usual daily peak
    window: npt.NDArray[np.int32]  # the length in minutes that explains the score best
    lift: Floats  # observed over expected in that window


@dataclass(frozen=True, slots=True)
class Forward:
    """One bin worked out with the old state; what scoring reads and learning keeps."""

    minute: int
    count: Floats
    season: Floats
    base: Floats  # expectation before the factor of a traffic surge
    mu: Floats
    phi: Floats
    counts: Floats
    means: Floats
    tails: Floats
    score: Floats


def best_window(
    step: Forward, windows: tuple[int, ...], bin_minutes: int
) -> tuple[npt.NDArray[np.int32], Floats]:
    """Window in minutes with the most surprising count, and its lift.

    The bin itself is tried too, where the score alarms. A tie goes to the shorter window.
    """
    window = np.full(step.count.shape, bin_minutes, np.int32)
    lift = step.count / step.mu
    best = np.zeros_like(lift)
    hot = np.flatnonzero(step.score >= 1)
    best[hot] = tail_surprise(step.count[hot], step.mu[hot], step.phi[hot])
    for row, length in enumerate(windows):
        better = np.flatnonzero(step.tails[row] > best)
        best[better] = step.tails[row, better]
        window[better] = length
        lift[better] = step.counts[row, better] / step.means[row, better]
    return window, lift
