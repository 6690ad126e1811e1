"""Made-up spikes whose cause is known: a slice of the recorded attributes, or outside of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, product

import numpy as np
from numpy.typing import NDArray

ATTRIBUTES = ("app_version", "os", "region", "service")
INSIDE = ("one", "two", "rollout", "topical", "missing")
OUTSIDE = ("hidden", "surge", "growth", "habit")

Leaves = list[tuple[tuple[str, ...], int]]
Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One spike. `cause` is empty if it lies outside the attributes; the rest goes to `explain`."""

    scenario: str
    cause: dict[str, str]
    leaves: Leaves
    expected: float
    exposure: Leaves
    history: Leaves
    background: Leaves


class Population:
    """Leaves of Zipf-sized values; versions and systems are correlated."""

    def __init__(self, rng: np.random.Generator) -> None:
        sizes = [int(rng.integers(low, high)) for low, high in ((4, 11), (2, 4), (8, 31), (4, 9))]
        self.rng = rng
        self.values = [
            [f"{name}-{n}" for n in range(size)]
            for name, size in zip(ATTRIBUTES, sizes, strict=True)
        ]
        shares = [rng.permutation(np.arange(1, n + 1) ** -rng.uniform(0.6, 1.4)) for n in sizes]
        self.leaves = list(product(*self.values))
        self.weights = np.ones(sizes)
        for axis, share in enumerate(shares):
            self.weights *= share.reshape([-1 if a == axis else 1 for a in range(4)])
        self.weights *= rng.lognormal(0, 0.5, (sizes[0], sizes[1], 1, 1))
        self.weights /= self.weights.sum()

    def mask(self, cause: dict[str, str]) -> Weights:
        """1.0 on the leaves inside a slice, else 0.0."""
        inside = np.ones_like(self.weights)
        for axis, (name, values) in enumerate(zip(ATTRIBUTES, self.values, strict=True)):
            if name in cause:
                hit = np.array([float(value == cause[name]) for value in values])
                inside *= hit.reshape([-1 if a == axis else 1 for a in range(4)])
        return inside

    def share(self, cause: dict[str, str]) -> float:
        return float((self.mask(cause) * self.weights).sum())

    def slice(self, names: Sequence[str], size: int, low: float, high: float) -> dict[str, str]:
        """A random slice of `size` of the attributes, no larger or smaller than the bounds say.

        No shorter or longer slice imitates it. Raises LookupError if the dice find none.
        """
        for _ in range(100):
            chosen = sorted(self.rng.choice(len(names), size, replace=False))
            axes = [ATTRIBUTES.index(names[n]) for n in chosen]
            cause = {ATTRIBUTES[a]: str(self.rng.choice(self.values[a])) for a in axes}
            share = self.share(cause)
            parents = [{k: v for k, v in cause.items() if k != gone} for gone in cause]
            children = [
                {**cause, name: value}
                for name, values in zip(ATTRIBUTES, self.values, strict=True)
                if name not in cause
                for value in values
            ]
            if (
                low <= share <= high
                and all(self.share(parent) > 1.5 * share for parent in parents)
                and all(self.share(child) < 0.8 * share for child in children)
            ):
                return cause
        raise LookupError

    def tilt(self, sigma: float) -> Weights:
        """A factor for every leaf, from one log-normal factor for every value."""
        factors = np.ones_like(self.weights)
        for axis, values in enumerate(self.values):
            one = self.rng.lognormal(0, sigma, len(values))
            factors *= one.reshape([-1 if a == axis else 1 for a in range(4)])
        return factors

    def draw(self, weights: Weights, total: float) -> NDArray[np.int64]:
        """Over-dispersed counts: gamma noise per leaf, then Poisson."""
        noisy = weights * self.rng.gamma(5.0, 0.2, weights.shape)
        counts: NDArray[np.int64] = self.rng.poisson(noisy / noisy.sum() * total)
        return counts

    def listed(self, counts: NDArray[np.int64]) -> Leaves:
        flat = counts.ravel()
        return [(self.leaves[int(n)], int(flat[n])) for n in np.flatnonzero(flat)]


def spike(scenario: str, seed: int) -> Case:
    """The spike of a scenario; the same arguments give the same one."""
    for attempt in count():
        rng = np.random.default_rng([seed, (INSIDE + OUTSIDE).index(scenario), attempt])
        try:
            return _spike(scenario, Population(rng), rng)
        except LookupError:
            continue
    raise AssertionError


def _spike(scenario: str, world: Population, rng: np.random.Generator) -> Case:
    cause = _cause(scenario, world)
    before, now, habit = world.weights, world.weights, world.tilt(0.3)
    traffic = rng.uniform(1_500, 8_000)
    excess = math.exp(rng.uniform(math.log(30), math.log(300)))
    expected = math.exp(rng.uniform(math.log(0.5), math.log(15)))
    seen_before = rng.random() < 0.6
    if scenario == "rollout":
        before = before * (1 - 0.98 * world.mask(cause))
    elif scenario == "surge":
        traffic *= 2.5
    elif scenario == "growth":
        grown = world.slice(ATTRIBUTES, 1, 0.1, 0.4)
        now = now * (1 + rng.uniform(1, 4) * world.mask(grown))
    elif scenario in ("topical", "habit"):
        # The cluster is about one service by its nature.
        habit = habit * (1 + 200 * world.mask({"service": world.values[3][0]}))
        seen_before, expected = True, max(expected, 2.0)
    shape = now * habit
    if cause:
        inside, noise = shape * world.mask(cause), rng.uniform(0, 0.25)
        shape = (1 - noise) * inside / inside.sum() + noise * shape / shape.sum()
    elif scenario == "hidden":
        shape = shape * world.tilt(0.4)
    own = world.draw(shape, excess) + world.draw(now * habit, expected)
    history = world.draw(before * habit, 40 * expected) if seen_before else 0 * own
    counts = (own, own + world.draw(now, traffic), history, world.draw(before, 30_000))
    lists = [world.listed(part) for part in counts]
    if scenario == "missing":
        lists = [_blanked(part, rng) for part in lists]
    return Case(scenario, cause, lists[0], expected, *lists[1:])


def _cause(scenario: str, world: Population) -> dict[str, str]:
    if scenario == "two":
        return world.slice(ATTRIBUTES, 2, 0.005, 0.3)
    names = {"rollout": ATTRIBUTES[:1], "topical": ATTRIBUTES[:3]}.get(scenario, ATTRIBUTES)
    return world.slice(names, 1, 0.02, 0.5) if scenario in INSIDE else {}


def _blanked(leaves: Leaves, rng: np.random.Generator) -> Leaves:
    """Three in ten events come from a channel that records neither version nor system."""
    counts: dict[tuple[str, ...], int] = {}
    for values, total in leaves:
        blank = int(rng.binomial(total, 0.3))
        for key, part in ((("", "", *values[2:]), blank), (values, total - blank)):
            if part:
                counts[key] = counts.get(key, 0) + part
    return sorted(counts.items())
