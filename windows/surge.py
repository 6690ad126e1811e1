"""What a spike without a cause among the attributes would look like: more of the usual mix."""

from __future__ import annotations

import math
from collections.abc import Mapping

from windows.cuboids import Weights

# Events of history that weigh as much as the assumption that the cluster has no habits.
_PRIOR = 5.0


def others(exposure: Weights, observed: Weights) -> dict[tuple[str, ...], float]:
    """The events of a product without those of the cluster, which would hide its own excess."""
    return {leaf: max(0.0, count - observed.get(leaf, 0.0)) for leaf, count in exposure.items()}


def tilted(base: Weights, history: Weights, usual: Weights) -> Weights:
    """`base` as the habits of the cluster tilt it, with the same total.

    Some topics always come from some users: a checkout complaint from the checkout, say. A habit is
    the factor by which a value is more common in the `history` of the cluster than in the `usual`
    events; each attribute has its own (naive Bayes), so that a short history suffices.
    """
    axes = range(len(next(iter(base), ())))
    habits = [_habits(_marginal(history, axis), _marginal(usual, axis)) for axis in axes]
    weights = {
        leaf: count * math.prod([habits[axis].get(leaf[axis], 1.0) for axis in axes])
        for leaf, count in base.items()
    }
    scale = math.fsum(base.values()) / math.fsum(weights.values())
    return {leaf: weight * scale for leaf, weight in weights.items()}


def _habits(history: Mapping[str, float], usual: Mapping[str, float]) -> dict[str, float]:
    """Factor per value, shrunk towards 1 by `_PRIOR` events."""
    n, m = math.fsum(history.values()), math.fsum(usual.values())
    return {
        value: (history.get(value, 0.0) + _PRIOR * count / m) / ((n + _PRIOR) * count / m)
        for value, count in usual.items()
        if count
    }


def _marginal(weights: Weights, axis: int) -> dict[str, float]:
    """Events per value of one attribute, where it is recorded."""
    sums: dict[str, float] = {}
    for leaf, weight in weights.items():
        if leaf[axis]:
            sums[leaf[axis]] = sums.get(leaf[axis], 0.0) + weight
    return sums
