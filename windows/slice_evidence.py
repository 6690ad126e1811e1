"""What a slice holds of an excess, what it would hold without a cause, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from windows.cuboids import Cuboid, Floats, shares

# Events come in clumps: with variance n + .03 n**2, n of them tell less than n.
_OVERDISPERSION = 0.03


class Measure(NamedTuple):
    """Per slice of a cuboid: its share of the excess, the share expected without a cause, and the
    number of independent events that would tell as much as the data do."""

    share: Floats
    expected: Floats
    events: Floats


class Evidence(Protocol):
    """Measures the slices of a cuboid."""

    def measure(self, cuboid: Cuboid) -> Measure: ...


class Mixes:
    """Columns: events observed; the usual mix, and the mix by habit, both at any scale.

    `abnormal` is the excess as a share of the observed events.
    """

    def __init__(self, abnormal: float) -> None:
        self._abnormal = abnormal

    def measure(self, cuboid: Cuboid) -> Measure:
        observed, usual, habitual = cuboid.inside.T
        # Both mixes are possible without a cause: the one that expects more decides.
        expected = np.maximum(shares(usual, cuboid.whole[1]), shares(habitual, cuboid.whole[2]))
        excess = max(cuboid.whole[0] * self._abnormal, 1e-9)
        inside = observed - (cuboid.whole[0] - excess) * expected
        events = 1 / (1 / excess + _OVERDISPERSION + 1 / (cuboid.whole[1] + 1))
        return Measure(np.minimum(1.0, inside / excess), expected, np.full(len(inside), events))


class Forecasts:
    """Columns: observed; expected; exposure; the squares of the expected values of the leaves.

    Without a cause the excess falls like the expected values (all rates rise by one factor) or like
    the exposure (by one amount); the mix that expects more decides. `sign` is -1 to explain a
    fall. An expected value rests on `history` times as many events. `scatter` is the squared
    relative error of a leaf that is no chance.

    With q the expected share, N the noise (variance) inside the slice and M outside, E_S - q E has
    the variance q (1 - q) E + (1 - q)**2 N + q**2 M without a cause; `events` is the size of the
    binomial sample whose share would vary as much.
    """

    def __init__(self, sign: int, history: float, scatter: float) -> None:
        self._sign, self._history, self._scatter = sign, history, scatter

    def measure(self, cuboid: Cuboid) -> Measure:
        observed, expected, exposure, squares = cuboid.inside.T
        mix = np.maximum(
            shares(expected * self._history, cuboid.whole[1] * self._history),
            shares(exposure, cuboid.whole[2]),
        )
        excess = self._sign * (observed - expected)
        # What the other slices fall while this one rises is no part of what is to be explained.
        total = np.maximum(np.maximum(self._sign * (cuboid.whole[0] - cuboid.whole[1]), excess), 1)
        noise = expected * (1 + 1 / self._history) + self._scatter * squares
        rest = cuboid.whole[1] * (1 + 1 / self._history) + self._scatter * cuboid.whole[3] - noise
        variance = ((1 - mix) / mix * noise + mix / (1 - mix) * rest) / total**2
        known = 1 / (cuboid.whole[1] * self._history + 1)
        return Measure(excess / total, mix, 1 / (1 / total + variance + _OVERDISPERSION + known))
