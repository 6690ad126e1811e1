"""Every slice of one to three attributes, scored: which one says most about an excess?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from windows.cuboids import Axes, Cuboids, Floats, Key
from windows.slice_evidence import Evidence

MAX_ATTRIBUTES = 3
MIN_GAIN = 2.0
"""Nats; what gains less may be chance."""
MIN_EXPLAINED = 0.5

# A shorter slice around the best one is preferred if it gains this part as much.
_NEARLY = 0.9
_COMPANIONS = 2
_KEPT_PER_CUBOID = 20
_ATTRIBUTES_TRIED = 8


@dataclass(frozen=True)
class Scored:
    """A slice with its share of the excess and the expected one; `score` in nats."""

    key: Key
    share: float
    expected: float
    score: float

    @property
    def explained(self) -> float:
        """Part of the excess that a cause inside this slice explains."""
        return (self.share - self.expected) / (1 - self.expected)


def ranked(cuboids: Cuboids, evidence: Evidence) -> list[Scored]:
    """Slices more common in the excess than expected, best first, led by the shortest answer."""
    axes = [axis for axis, values in enumerate(cuboids.values) if len(values) > 1]
    found: dict[Axes, list[Scored]] = {}
    for axis in axes:
        found[axis,] = _scored(cuboids, (axis,), evidence)
    # A slice holds no more than any wider one, so attributes without a value that stands out go.
    best = sorted(axes, key=lambda axis: -max((one.score for one in found[axis,]), default=-1e9))
    for size in range(2, MAX_ATTRIBUTES + 1):
        for some in combinations(sorted(best[:_ATTRIBUTES_TRIED]), size):
            found[some] = _scored(cuboids, some, evidence)
    everything = [one for scored in found.values() for one in scored]
    everything.sort(key=lambda one: (-one.score, len(one.key), one.key))
    return _shortened(everything)


def companions(cuboids: Cuboids, evidence: Evidence, first: Scored) -> list[Scored]:
    """Slices of the same attributes that, one after another, explain what the others leave."""
    axes = tuple(axis for axis, _ in first.key)
    found: list[Scored] = []
    before, share, expected = first, 1.0, 1.0
    for _ in range(_COMPANIONS):
        cuboids = cuboids.without(before.key)
        # Shares are of what is left.
        share, expected = share * (1 - before.share), expected * (1 - before.expected)
        best = next(iter(_scored(cuboids, axes, evidence)), None)
        if best is None or best.score < MIN_GAIN or best.explained < MIN_EXPLAINED:
            break
        found.append(Scored(best.key, share * best.share, expected * best.expected, best.score))
        before = best
    return found


def _scored(cuboids: Cuboids, axes: Axes, evidence: Evidence) -> list[Scored]:
    """The best slices of one cuboid."""
    cuboid = cuboids.cuboid(axes)
    share, expected, events = evidence.measure(cuboid)
    candidates = np.flatnonzero(share > expected)
    share, expected = share[candidates], expected[candidates]
    score = events[candidates] * _divergence(share, expected) - _name_cost(cuboids, axes)
    order = np.argsort(-score, kind="stable")[:_KEPT_PER_CUBOID]
    return [
        Scored(
            cuboids.key(axes, cuboid.codes[candidates[n]]),
            float(share[n]),
            float(expected[n]),
            float(score[n]),
        )
        for n in order.tolist()
    ]


def _name_cost(cuboids: Cuboids, axes: Axes) -> float:
    """Nats to say which attributes and which of their values (minimum description length)."""
    values = math.fsum(math.log(len(cuboids.values[axis])) for axis in axes)
    return values + math.log(math.comb(len(cuboids.values), len(axes)))


def _shortened(everything: list[Scored]) -> list[Scored]:
    """The ranking, led by the shortest slice around the best that is nearly as good."""
    if not everything:
        return everything
    best = everything[0]
    around = [
        one
        for one in everything
        if set(one.key) <= set(best.key) and one.score >= min(best.score, _NEARLY * best.score)
    ]
    first = min(around, key=lambda one: len(one.key))
    return [first, *(one for one in everything if one is not first)]


def _divergence(share: Floats, expected: Floats) -> Floats:
    """Kullback-Leibler divergence of two coins, in nats."""
    rest = 1 - share
    outside = rest * np.log(np.where(rest > 0, rest, 1.0) / (1 - expected))
    divergence: Floats = share * np.log(share / expected) + outside
    return divergence
