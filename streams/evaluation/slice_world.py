"""A made-up table over time: Zipf-sized attribute values, and one spike whose cause is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from schemas.times import MINUTE_MS
from windows.forecasts import Records

ONSET_MS = 1_773_136_800_000
"""Every made-up spike begins on 2026-03-10 at 10:00 UTC."""
_HIDDEN_VALUES = 6

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Cause = dict[str, str]
Range = tuple[float, float]


@dataclass(frozen=True)
class World:
    """Ranges that a case draws its world from.

    `cards`: values per attribute; `combinations`: drawn; `zipf`: exponent of their sizes;
    `correlation`: sigma of the log-normal factor per combination; `traffic`: counts per step of
    ratios; `rate`: values per count; `values`: values per step of tables without counts;
    `before`, `after`: steps; `scatter`: coefficient of variation of a combination from step to
    step; `swing`: of the day; `excess`: standard deviations of the window's background; `noise`:
    part of the excess outside the cause; `apart`: how much larger than the cause each wider slice
    is; `missing`: share of rows with but two attributes; `uneven`: sigma of the log-normal
    factor by which the cause hits each combination; `late`: steps that the cause began before the
    onset named; `ramp`: steps it takes to its full size.
    """

    attributes: tuple[int, int] = (3, 5)
    cards: tuple[int, int] = (2, 12)
    combinations: int = 300
    zipf: Range = (0.6, 1.4)
    correlation: float = 0.5
    traffic: Range = (500, 5_000)
    rate: Range = (0.01, 0.1)
    values: Range = (5, 200)
    before: tuple[int, int] = (20, 90)
    after: tuple[int, int] = (3, 15)
    step_minutes: int = 1
    scatter: float = 0.2
    swing: float = 0.0
    excess: Range = (6, 40)
    noise: Range = (0.0, 0.25)
    apart: float = 1.5
    missing: float = 0.0
    uneven: float = 0.3
    late: int = 0
    ramp: int = 0


def made(
    scenario: str, size: int, *, ratio: bool, world: World, rng: np.random.Generator
) -> tuple[tuple[str, ...], Cause, Records] | None:
    """Attributes, cause and table of a scenario with a cause of `size` attributes (0: outside).

    None if the dice find no cause that other slices do not imitate.
    """
    people = _Population(world, rng)
    cause = people.cause(size, world.apart)
    if cause is None:
        return None
    inside = people.mask(cause)
    before, after = (int(rng.integers(low, high + 1)) for low, high in (world.before, world.after))
    steps = np.arange(-before, after)
    hit = np.clip((steps + world.late + 1) / (world.ramp + 1), 0, 1)
    base = people.weights[:, None] * _traffic(steps, ratio, world, rng)
    if scenario == "surge":
        base = base * (1 + hit * rng.uniform(1, 4))
    elif scenario == "growth":
        base = base * (1 + np.outer(people.largest(), hit) * rng.uniform(1, 4))
    base = base * rng.gamma(world.scatter**-2, world.scatter**2, base.shape)
    if ratio:
        exposure: Floats = rng.poisson(base).astype(np.float64)
        rates = math.exp(rng.uniform(*np.log(world.rate))) * rng.lognormal(0, 0.5, len(inside))
        usual = exposure * rates[:, None]
    else:
        exposure, usual = base, base
    mean = usual
    if scenario not in ("surge", "growth"):
        normal = (usual * hit).sum()
        deviation = math.sqrt(normal + world.scatter**2 * ((usual * hit) ** 2).sum() + 9)
        excess = math.exp(rng.uniform(*np.log(world.excess))) * deviation
        shape = (usual if rng.random() < 0.5 else exposure) * hit
        mean = usual + excess * _spread(scenario, people, inside, shape, world, rng)
    if ratio:
        observed = rng.binomial(
            exposure.astype(np.int64), np.minimum(mean / np.maximum(exposure, 1), 0.95)
        )
    else:
        observed = rng.poisson(mean)
    named = {people.names[axis]: f"v{code}" for axis, code in cause.items()}
    return people.names, named, _table(people, steps, observed, exposure, ratio, world, rng)


class _Population:
    """Combinations of Zipf-sized values, `codes` (attributes, combinations), and their weights."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        self.rng = rng
        size = int(rng.integers(world.attributes[0], world.attributes[1] + 1))
        self.names = tuple(f"attribute_{n}" for n in range(size))
        low, high = np.log(world.cards)
        cards = [round(math.exp(rng.uniform(low, high))) for _ in self.names]
        drawn = [
            rng.choice(card, world.combinations, p=self._zipf(card, rng.uniform(*world.zipf)))
            for card in cards
        ]
        self.codes, places = np.unique(np.stack(drawn), axis=1, return_inverse=True)
        weights: Floats = np.bincount(places.ravel()).astype(np.float64)
        weights *= rng.lognormal(0, world.correlation, self.codes.shape[1])
        self.weights: Floats = weights / weights.sum()

    def mask(self, cause: dict[int, int]) -> Mask:
        """Whether a combination is in a slice."""
        inside: Mask = (np.array(list(cause.values())) == self.codes[list(cause)].T).all(axis=1)
        return inside

    def largest(self) -> Mask:
        """The combinations with the commonest value of the first attribute."""
        return self.mask({0: int(np.argmax(np.bincount(self.codes[0], self.weights)))})

    def unrecorded(self) -> Floats:
        """How common a value of an attribute that the table lacks is in each combination."""
        return self.rng.dirichlet(4 * self._zipf(_HIDDEN_VALUES, 1.0), len(self.weights))[:, 0]

    def tilt(self, sigma: float) -> Floats:
        """A factor per combination, from one log-normal factor per value."""
        factors = np.ones(len(self.weights))
        for codes in self.codes:
            factors *= self.rng.lognormal(0, sigma, int(codes.max()) + 1)[codes]
        return factors

    def cause(self, size: int, apart: float) -> dict[int, int] | None:
        """A slice (attribute to value) that no wider or narrower one imitates; {} for size 0."""
        for _ in range(60):
            axes = sorted(self.rng.choice(len(self.names), size, replace=False).tolist())
            leaf = self.rng.choice(len(self.weights), p=self.weights)
            cause = {axis: int(self.codes[axis, leaf]) for axis in axes}
            if not size or self._apart(cause, apart):
                return cause
        return None

    def _apart(self, cause: dict[int, int], apart: float) -> bool:
        inside = self.mask(cause)
        share = self.weights[inside].sum()
        wider = [
            self.weights[self.mask({axis: cause[axis] for axis in axes})].sum()
            for axes in combinations(cause, len(cause) - 1)
        ]
        narrower = [
            np.bincount(codes[inside], self.weights[inside]).max()
            for axis, codes in enumerate(self.codes)
            if axis not in cause
        ]
        return (
            0.01 <= share <= 0.5
            and all(other > apart * share for other in wider)
            and all(other * math.sqrt(apart) < share for other in narrower)
        )

    def _zipf(self, size: int, exponent: float) -> Floats:
        sizes = self.rng.permutation(np.arange(1, size + 1) ** -exponent)
        shares: Floats = sizes / sizes.sum()
        return shares


def _traffic(
    steps: NDArray[np.int64], ratio: bool, world: World, rng: np.random.Generator
) -> Floats:
    """Counts, or values without counts, per step."""
    hours = ONSET_MS / 3_600_000 + steps * world.step_minutes / 60
    season = 1 + world.swing * np.sin(2 * np.pi * (hours - 8) / 24)
    volume = math.exp(rng.uniform(*np.log(world.traffic if ratio else world.values)))
    traffic: Floats = volume * season
    return traffic


def _spread(
    scenario: str,
    people: _Population,
    inside: Mask,
    shape: Floats,
    world: World,
    rng: np.random.Generator,
) -> Floats:
    """The excess by combination and step, summing to 1."""
    size = len(inside)
    factors = {
        "unrecorded": people.unrecorded(),
        "tilted": people.tilt(0.4),
        "scattered": (rng.random(size) < rng.uniform(0.3, 0.7)).astype(float),
    }.get(scenario, rng.lognormal(0, 0.2, size))
    spread: Floats = shape * factors[:, None]
    spread /= spread.sum()
    if inside.all():
        return spread
    noise = rng.uniform(*world.noise)
    own: Floats = shape * (inside * rng.lognormal(0, world.uneven, size))[:, None]
    own /= max(own.sum(), 1e-9)
    return (1 - noise) * own + noise * spread


def _table(
    people: _Population,
    steps: NDArray[np.int64],
    observed: NDArray[np.int64],
    exposure: Floats,
    ratio: bool,
    world: World,
    rng: np.random.Generator,
) -> Records:
    """Rows where anything was counted."""
    rows, columns = np.nonzero(exposure if ratio else observed)
    whole = [tuple(f"v{code}" for code in codes) for codes in people.codes.T.tolist()]
    lacking = [(*leaf[:2], *("" for _ in leaf[2:])) for leaf in whole]
    blank = rng.random(len(rows)) < world.missing
    return Records(
        (*whole, *lacking),
        ONSET_MS + steps[columns] * world.step_minutes * MINUTE_MS,
        rows + blank * len(whole),
        observed[rows, columns].astype(float),
        exposure[rows, columns].astype(float) if ratio else None,
    )
