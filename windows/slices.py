"""For whom it breaks: the attribute slice that explains a spike, or the admission that none does.

Suppose a share p of the excess comes from a cause that hits only slice S, and the rest falls on
everybody. Then S holds p + (1 - p) q of the excess, q being the share of S in a spike without such
a cause (see `windows.surge`). So S explains p = (share - q) / (1 - q) of it, and naming S gains the
log-likelihood n D(share || q), with D the Kullback-Leibler divergence: the binomial form of the
scan statistic (Kulldorff, "A spatial scan statistic", 1997). A slice too wide or too narrow gains
less; the nats it takes to name S among its like (minimum description length) keep answers short.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from windows.cuboids import Axes, Cuboids, Key, Leaf, Weights, counted
from windows.surge import others, tilted

MAX_ATTRIBUTES = 3
MAX_CANDIDATES = 5

_MIN_EXCESS = 5.0
_MIN_GAIN = 3.0
_MIN_EXPLAINED = 0.5
# Complaints come in clumps: with variance n + .03 n**2, n of them tell less than n.
_OVERDISPERSION = 0.03
# A shorter slice around the best one is preferred if it gains this part as much.
_NEARLY = 0.85
_VALUES_TRIED = 3
_ATTRIBUTES_TRIED = 6


@dataclass(frozen=True)
class Candidate:
    """One slice: its share of the excess, that share over the expected one, its gain in nats."""

    attributes: dict[str, str]
    share: float
    lift: float
    score: float


@dataclass(frozen=True)
class Slice:
    """The slice named, or `abstained` without attributes; `candidates` come best first."""

    attributes: dict[str, str]
    share: float
    lift: float
    abstained: bool
    candidates: tuple[Candidate, ...]
    reason: str


@dataclass(frozen=True)
class _Scored:
    key: Key
    share: float
    expected: float
    score: float

    @property
    def explained(self) -> float:
        return (self.share - self.expected) / (1 - self.expected)


def explain(
    attributes: Sequence[str],
    leaves: Iterable[Leaf],
    *,
    expected: float = 0.0,
    exposure: Iterable[Leaf] = (),
    history: Iterable[Leaf] = (),
    background: Iterable[Leaf] = (),
) -> Slice:
    """Name the slice of one to three attributes that holds the excess of a cluster, or abstain.

    A leaf is (values in the order of `attributes`, "" where missing; number of events). `leaves`
    are the events of the cluster in its window, `expected` of which are normal. To compare with,
    whatever there is: `exposure`, all events of the product in the same window, those of the
    cluster included; `history`, the events of the cluster before the onset; `background`, all
    events of the product before the onset. The last two may span any time.

    `share` is a slice's part of the excess among the events that record its attributes, `lift` that
    share over the share expected without a cause. Raises ValueError if a leaf has more or fewer
    values than there are attributes.
    """
    names = tuple(attributes)
    observed, now, own, past = (
        counted(len(names), part) for part in (leaves, exposure, history, background)
    )
    total = math.fsum(observed.values())
    if total - expected < _MIN_EXCESS:
        return _abstention((), f"{max(0.0, total - expected):.0f} events in excess are too few")
    usual = next((part for part in (others(now, observed), past, own) if any(part.values())), None)
    if usual is None:
        return _abstention((), "nothing to compare the attributes with")
    habitual = tilted(usual, own, past if any(past.values()) else usual) if own else usual
    search = _Search(len(names), observed, 1 - expected / total, usual, habitual)
    return _verdict(names, search.ranked())


def _verdict(names: Sequence[str], ranked: Sequence[_Scored]) -> Slice:
    candidates = tuple(
        Candidate(
            {names[axis]: value for axis, value in one.key},
            one.share,
            one.share / one.expected,
            one.score,
        )
        for one in ranked[:MAX_CANDIDATES]
    )
    if not ranked:
        return _abstention((), "no attribute value is more common in the excess than expected")
    best, first = ranked[0], candidates[0]
    text = ", ".join(f"{name}={value}" for name, value in first.attributes.items())
    if best.score < _MIN_GAIN:
        return _abstention(candidates, f"chance can explain the best slice, {text}")
    if best.explained < _MIN_EXPLAINED:
        return _abstention(
            candidates, f"the best slice, {text}, explains only {best.explained:.0%} of the excess"
        )
    reason = f"{text} holds {best.share:.0%} of the excess, {best.expected:.0%} expected"
    return Slice(first.attributes, first.share, first.lift, False, candidates, reason)


def _abstention(candidates: tuple[Candidate, ...], reason: str) -> Slice:
    return Slice({}, 0.0, 0.0, True, candidates, reason)


class _Search:
    """Scores slices; `abnormal` is the excess as a share of the observed events."""

    def __init__(
        self, attributes: int, observed: Weights, abnormal: float, usual: Weights, habitual: Weights
    ) -> None:
        self._observed, self._usual, self._habitual = observed, usual, habitual
        self._abnormal = abnormal
        self._values = [
            {leaf[axis] for part in (observed, usual) for leaf in part} - {""}
            for axis in range(attributes)
        ]

    def ranked(self) -> list[_Scored]:
        """Slices more common than expected, best first.

        A slice holds no more than any wider one, so only values that stand out alone are combined.
        """
        alone = self._scored([(axis,) for axis in range(len(self._values))])
        tried: dict[int, list[str]] = {}
        for one in alone:
            axis, value = one.key[0]
            if axis in tried or len(tried) < _ATTRIBUTES_TRIED:
                tried.setdefault(axis, []).append(value)
        best = {axis: values[:_VALUES_TRIED] for axis, values in tried.items()}
        sizes = range(1, MAX_ATTRIBUTES + 1)
        cuboids = [axes for size in sizes for axes in combinations(sorted(best), size)]
        return _shortened(self._scored(cuboids, best))

    def _scored(
        self, cuboids: Sequence[Axes], values: Mapping[int, Collection[str]] | None = None
    ) -> list[_Scored]:
        observed, usual, habitual = (
            Cuboids(weights, cuboids, values)
            for weights in (self._observed, self._usual, self._habitual)
        )
        scored = []
        for key in observed.slices():
            # Both mixes are possible without a cause: the one that expects more decides.
            expected = max(usual.share(key), habitual.share(key))
            excess = observed.whole(key) * self._abnormal
            inside = observed.inside(key) - (observed.whole(key) - excess) * expected
            share = min(1.0, inside / excess)
            if share > expected:
                evidence = 1 / (1 / excess + _OVERDISPERSION + 1 / (usual.whole(key) + 1))
                score = evidence * _divergence(share, expected) - self._name_cost(key)
                scored.append(_Scored(key, share, expected, score))
        return sorted(scored, key=lambda one: (-one.score, len(one.key), one.key))

    def _name_cost(self, key: Key) -> float:
        """Nats to say which attributes and which of their values."""
        values = math.fsum(math.log(len(self._values[axis])) for axis, _ in key)
        return values + math.log(math.comb(len(self._values), len(key)))


def _shortened(ranked: list[_Scored]) -> list[_Scored]:
    """The ranking, led by the shortest slice around the best that is nearly as good."""
    if not ranked:
        return ranked
    best = ranked[0]
    around = [
        one
        for one in ranked
        if set(one.key) <= set(best.key) and one.score >= min(best.score, _NEARLY * best.score)
    ]
    first = min(around, key=lambda one: len(one.key))
    return [first, *(one for one in ranked if one is not first)]


def _divergence(share: float, expected: float) -> float:
    """Kullback-Leibler divergence of two coins, in nats."""
    inside = share * math.log(share / expected)
    if share == 1.0:
        return inside
    return inside + (1 - share) * math.log((1 - share) / (1 - expected))
