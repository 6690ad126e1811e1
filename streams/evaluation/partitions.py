"""How well a clustering agrees with the truth."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple


class Agreement(NamedTuple):
    """NMI (arithmetic mean), adjusted Rand index, homogeneity, completeness; number of clusters."""

    nmi: float
    ari: float
    homogeneity: float
    completeness: float
    clusters: int


def agreement(truth: Sequence[Hashable], found: Sequence[Hashable]) -> Agreement:
    """Compare two partitions of the same things, given the part of each thing in both.

    NMI, homogeneity and completeness by Rosenberg and Hirschberg (2007), the adjusted Rand index
    by Hubert and Arabie (1985); 1.0 where a figure has no meaning since one side is one part, or
    all are alone, in both. Raises ValueError if the lengths differ.
    """
    joint = Counter(zip(truth, found, strict=True))
    classes, clusters = Counter(truth), Counter(found)
    h_truth, h_found = _entropy(classes.values()), _entropy(clusters.values())
    mutual = h_truth + h_found - _entropy(joint.values())
    both, a, b = (_pairs(part.values()) for part in (joint, classes, clusters))
    chance = a * b / max(math.comb(len(truth), 2), 1)
    return Agreement(
        nmi=_ratio(2 * mutual, h_truth + h_found),
        ari=_ratio(both - chance, (a + b) / 2 - chance),
        homogeneity=_ratio(mutual, h_truth),
        completeness=_ratio(mutual, h_found),
        clusters=len(clusters),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _entropy(counts: Iterable[int]) -> float:
    sizes = list(counts)
    total = sum(sizes)
    return -math.fsum(n / total * math.log(n / total) for n in sizes)


def _pairs(counts: Iterable[int]) -> int:
    return sum(math.comb(n, 2) for n in counts)
