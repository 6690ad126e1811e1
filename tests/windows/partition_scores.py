"""How well a clustering agrees with the truth."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Scores(NamedTuple):
    """NMI (arithmetic mean), adjusted Rand index, homogeneity, completeness; number of clusters."""

    nmi: float
    ari: float
    homogeneity: float
    completeness: float
    clusters: int


def scores(truth: Sequence[object], found: Sequence[int]) -> Scores:
    joint, classes, clusters = (
        Counter(zip(truth, found, strict=True)),
        Counter(truth),
        Counter(found),
    )
    h_truth, h_found = entropy(classes.values()), entropy(clusters.values())
    mutual = h_truth + h_found - entropy(joint.values())
    both, a, b = pairs(joint.values()), pairs(classes.values()), pairs(clusters.values())
    chance = a * b / math.comb(len(truth), 2)
    return Scores(
        nmi=2 * mutual / (h_truth + h_found),
        ari=(both - chance) / ((a + b) / 2 - chance),
        homogeneity=mutual / h_truth,
        completeness=mutual / h_found,
        clusters=len(clusters),
    )


def entropy(counts: Iterable[int]) -> float:
    sizes = list(counts)
    total = sum(sizes)
    return -math.fsum(n / total * math.log(n / total) for n in sizes)


def pairs(counts: Iterable[int]) -> int:
    return sum(math.comb(n, 2) for n in counts)
