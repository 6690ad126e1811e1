"""For whom it breaks: the attribute slice that explains a spike, or the admission that none does.

Suppose a share p of the excess comes from a cause that hits only slice S, and the rest falls on
everybody. Then S holds p + (1 - p) q of the excess, q being the share of S in what a spike without
such a cause would look like (the reference). So p = (share - q) / (1 - q) is what S explains, and
n D(share || q), D the Kullback-Leibler divergence, is the log-likelihood gained by naming S (the
binomial form of the scan statistic of Kulldorff, 1997). A slice too wide or too narrow gains less;
the nats it costs to name S among its like (minimum description length) keep answers short.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

Values = tuple[str, ...]
Leaf = tuple[Values, int]
"""All attribute values of some events, "" where one is missing, and how many events."""

MAX_ATTRIBUTES = 3
MAX_CANDIDATES = 5

_MIN_GAIN = 4.0
_MIN_EXPLAINED = 0.5
_MIN_COUNT = 5
_OVERDISPERSION = 0.02
_HABIT_PRIOR = 20.0
_VALUES_TRIED = 3
_ATTRIBUTES_TRIED = 6
UP = True

# A slice inside the search: (attribute index, value) pairs, ascending by index.
_Key = tuple[tuple[int, str], ...]
_Weights = Mapping[Values, float]


@dataclass(frozen=True)
class Candidate:
    """One slice: its share of the excess, that share over the expected one, the gain in nats."""

    attributes: dict[str, str]
    share: float
    lift: float
    score: float


@dataclass(frozen=True)
class Slice:
    """The answer: the best slice, or `abstained` with no attributes; `reason` says why."""

    attributes: dict[str, str]
    share: float
    lift: float
    abstained: bool
    candidates: tuple[Candidate, ...]
    reason: str


def explain(
    attributes: Sequence[str],
    leaves: Iterable[Leaf],
    *,
    expected: float = 0.0,
    exposure: Iterable[Leaf] = (),
    history: Iterable[Leaf] = (),
    background: Iterable[Leaf] = (),
) -> Slice:
    names = tuple(attributes)
    observed = _counted(names, leaves)
    total = math.fsum(observed.values())
    reference, tilted, sample = _reference(names, observed, exposure, history, background)
    if total - expected < _MIN_COUNT:
        return _abstain(
            (), f"{max(0.0, total - expected):.0f} events above the expected are too few"
        )
    if not reference:
        return _abstain((), "there is nothing to compare the attributes with")
    search = _Search(names, observed, reference, tilted, max(0.0, 1 - expected / total), sample)
    found = search.candidates()
    if not found:
        return _abstain((), "nothing")
    best = found[0]
    explained = search.explained[
        tuple(sorted((names.index(k), v) for k, v in best.attributes.items()))
    ]
    if best.score < _MIN_GAIN:
        return _abstain(found, "weak")
    if explained < _MIN_EXPLAINED:
        return _abstain(found, "spread")
    return Slice(best.attributes, best.share, best.lift, False, found, "r")


def _abstain(candidates: tuple[Candidate, ...], reason: str) -> Slice:
    return Slice({}, 0.0, 0.0, True, candidates, reason)


def _counted(names: tuple[str, ...], leaves: Iterable[Leaf]) -> dict[Values, float]:
    counts: dict[Values, float] = {}
    for values, count in leaves:
        if len(values) != len(names):
            raise ValueError(f"a leaf has {len(names)} values, got {values}")
        counts[values] = counts.get(values, 0.0) + count
    return dict(sorted(counts.items()))


def _reference(names, observed, exposure, history, background):
    others = _counted(names, exposure)
    for values, count in observed.items():
        if values in others:
            others[values] = max(0.0, others[values] - count)
    past = _counted(names, background)
    own = _counted(names, history)
    base = next((part for part in (others, past, own) if any(part.values())), {})
    if base is own or not own:
        return base, base, math.fsum(base.values())
    habits = [_habit(a, own, past or base) for a in range(len(names))]
    tilted = {
        values: count
        * math.prod(habit.get(value, 1.0) for habit, value in zip(habits, values, strict=True))
        for values, count in base.items()
    }
    return base, tilted, math.fsum(base.values())


def _habit(axis, own, base):
    mine, all_ = _marginal(own, axis), _marginal(base, axis)
    n, m = math.fsum(mine.values()), math.fsum(all_.values())
    return {
        value: (
            (mine.get(value, 0.0) + _HABIT_PRIOR * count / m) / ((n + _HABIT_PRIOR) * count / m)
        )
        for value, count in all_.items()
        if count > 0
    }


def _marginal(weights, axis):
    sums = {}
    for values, weight in weights.items():
        if values[axis]:
            sums[values[axis]] = sums.get(values[axis], 0.0) + weight
    return sums


class _Search:
    def __init__(self, names, observed, reference, tilted, excess_share, sample):
        self.names, self.observed, self.reference, self.tilted = names, observed, reference, tilted
        self.ttotal = math.fsum(tilted.values())
        self.excess_share, self.sample = excess_share, sample
        self.explained = {}
        self.total = math.fsum(reference.values())

    def candidates(self):
        singles = {}
        ranks = []
        self.sizes = []
        for axis in range(len(self.names)):
            mine, ref, til = (
                _marginal(self.observed, axis),
                _marginal(self.reference, axis),
                _marginal(self.tilted, axis),
            )
            self.sizes.append(len(mine.keys() | ref.keys()))
            n, m, tm = math.fsum(mine.values()), math.fsum(ref.values()), math.fsum(til.values())
            gains = sorted(
                (
                    (self.score(((axis, v),), x, n, ref.get(v, 0.0), m, til.get(v, 0.0), tm), v)
                    for v, x in mine.items()
                ),
                key=lambda g: (-g[0].score, g[1]),
            )
            tried = [v for c, v in gains[:_VALUES_TRIED] if c.lift > 1]
            if tried:
                singles[axis] = tried
                ranks.append((-gains[0][0].score, axis))
        axes = sorted(a for _, a in sorted(ranks)[:_ATTRIBUTES_TRIED])
        tried = {(a, v) for a in axes for v in singles[a]}
        mine, mine_known = _sums(self.observed, axes, tried)
        ref, ref_known = _sums(self.reference, axes, tried)
        til, til_known = _sums(self.tilted, axes, tried)
        found = []
        for key, x in mine.items():
            on = tuple(a for a, _ in key)
            found.append(
                self.score(
                    key,
                    x,
                    mine_known[on],
                    ref.get(key, 0.0),
                    ref_known.get(on, 0.0),
                    til.get(key, 0.0),
                    til_known.get(on, 0.0),
                )
            )
        found = [c for c in found if c.lift > 1]
        found.sort(key=lambda c: (-c.score, len(c.attributes), sorted(c.attributes.items())))
        return tuple(found[:MAX_CANDIDATES])

    def score(self, key, x, n, ref, m, til, tm):
        tm *= self.total / self.ttotal
        til *= self.total / self.ttotal
        q = max((ref + 0.5) / (m + 1), (til + 0.5) / (tm + 1))
        excess = n * self.excess_share
        inside = max(0.0, x - (n - excess) * q)
        share = min(1.0, inside / excess)
        self.explained[key] = (share - q) / (1 - q)
        eff = excess / (
            1 + _OVERDISPERSION * excess + excess / (self.sample * m / self.total + 1e-9)
        )
        d = _divergence(share, q) if share > q else 0.0
        cost = sum(math.log(self.sizes[a]) for a, _ in key) + math.log(
            math.comb(len(self.names), len(key))
        )
        return Candidate({self.names[a]: v for a, v in key}, share, share / q, eff * d - cost)


def _divergence(share, q):
    inside = share * math.log(share / q)
    outside = (1 - share) * math.log((1 - share) / (1 - q)) if share < 1 else 0.0
    return inside + outside


def _sums(weights, axes, tried):
    sums, known = {}, {}
    subsets = [s for size in range(1, MAX_ATTRIBUTES + 1) for s in combinations(axes, size)]
    packed = {}
    for values, weight in weights.items():
        k = tuple(
            ((a, values[a]) if (a, values[a]) in tried else (a, "?")) if values[a] else None
            for a in axes
        )
        packed[k] = packed.get(k, 0.0) + weight
    pos = {a: i for i, a in enumerate(axes)}
    for k, weight in packed.items():
        for on in subsets:
            key = tuple(k[pos[a]] for a in on)
            if None in key:
                continue
            known[on] = known.get(on, 0.0) + weight
            if all(v != "?" for _, v in key):
                sums[key] = sums.get(key, 0.0) + weight
    return sums, known
