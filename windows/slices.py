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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from windows.cuboids import Cuboids, Leaf, counted
from windows.slice_evidence import Mixes
from windows.slice_search import MIN_EXPLAINED, MIN_GAIN, Scored, ranked
from windows.surge import others, tilted

MAX_CANDIDATES = 5

MIN_EXCESS = 5.0


@dataclass(frozen=True)
class Candidate:
    """One slice: its share of the excess, that share over the expected one, its gain in nats."""

    attributes: dict[str, str]
    share: float
    lift: float
    score: float


@dataclass(frozen=True)
class Slice:
    """The slice named, or `abstained` without attributes; `candidates` come best first.

    `also` are slices of the same attributes that have the same trouble.
    """

    attributes: dict[str, str]
    share: float
    lift: float
    abstained: bool
    candidates: tuple[Candidate, ...]
    reason: str
    also: tuple[Candidate, ...] = ()


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
    if total - expected < MIN_EXCESS:
        return abstention((), f"{max(0.0, total - expected):.0f} events in excess are too few")
    usual = next((part for part in (others(now, observed), past, own) if any(part.values())), None)
    if usual is None:
        return abstention((), "nothing to compare the attributes with")
    habitual = tilted(usual, own, past if any(past.values()) else usual) if own else usual
    cuboids = Cuboids(len(names), (observed, usual, habitual))
    return verdict(names, ranked(cuboids, Mixes(1 - expected / total)))


def verdict(
    names: Sequence[str],
    slices: Sequence[Scored],
    *,
    also: Sequence[Scored] = (),
    of: str = "excess",
    top: int = MAX_CANDIDATES,
) -> Slice:
    """Name the first of the ranked slices, with those that go with it, unless chance or a cause
    elsewhere is likelier; `of` is what they hold a share of, in words."""
    if not slices:
        return abstention((), f"no attribute value is more common in the {of} than expected")
    together = [slices[0], *also]
    ranking = [*together, *(one for one in slices[1:] if one.key not in {s.key for s in also})]
    candidates = tuple(_candidate(names, one) for one in ranking[:top])
    named = tuple(_candidate(names, one) for one in together)
    text = " and ".join(_words(one.attributes) for one in named)
    share = math.fsum(one.share for one in together)
    expected = math.fsum(one.expected for one in together)
    hold = "hold" if also else "holds"
    reason = f"{text} {hold} {share:.0%} of the {of}, {expected:.0%} expected"
    if (share - expected) / (1 - expected) < MIN_EXPLAINED:
        return abstention(candidates, f"the cause seems to lie elsewhere: at best {reason}")
    if math.fsum(one.score for one in together) < MIN_GAIN:
        return abstention(candidates, f"it may be chance that {reason}")
    first = named[0]
    return Slice(first.attributes, first.share, first.lift, False, candidates, reason, named[1:])


def abstention(candidates: tuple[Candidate, ...], reason: str) -> Slice:
    """Naming nothing."""
    return Slice({}, 0.0, 0.0, True, candidates, reason)


def _candidate(names: Sequence[str], one: Scored) -> Candidate:
    attributes = {names[axis]: value for axis, value in one.key}
    return Candidate(attributes, one.share, one.share / one.expected, one.score)


def _words(attributes: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in attributes.items())
