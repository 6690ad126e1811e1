"""Groups of suspects that are one campaign."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from agents.reviews.campaigns.night import Night
from agents.reviews.campaigns.suspects import Suspects

_SHARED = 0.3
"""Share of the smaller group that two groups have in common."""
_GAP_MS = 3_600_000
_BIG = 0.05
"""On a product with a greater share of the night's reviews two campaigns are two."""
_ON_FEW = 3
"""A group is about its product if it is about so many at most."""


def joined(night: Night, groups: Sequence[Suspects]) -> list[list[Suspects]]:
    """The groups, those of one campaign together, in the order of the first of them.

    They are one if they share reviews, or say the same of a product at the same time.
    """
    leader = list(range(len(groups)))

    def lead(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other in [*_sharing(groups), *_about_the_same(night, groups)]:
        low, high = sorted((lead(one), lead(other)))
        leader[high] = low
    found: dict[int, list[Suspects]] = defaultdict(list)
    for number, group in enumerate(groups):
        found[lead(number)].append(group)
    return list(found.values())


def _sharing(groups: Sequence[Suspects]) -> list[tuple[int, int]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for review in group.reviews.tolist():
            holders[review].append(number)
    common = Counter(pair for held in holders.values() for pair in combinations(held, 2))
    return [
        (one, other)
        for (one, other), count in common.items()
        if count >= _SHARED * min(len(groups[one].reviews), len(groups[other].reviews))
    ]


def _about_the_same(night: Night, groups: Sequence[Suspects]) -> list[tuple[int, int]]:
    """Neighbours in time among the groups with one product and side."""
    about: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for number, group in enumerate(groups):
        products = np.unique(night.product[group.reviews])
        if len(products) > _ON_FEW or night.product_share[products].max() > _BIG:
            continue
        side = int(np.sign(int(night.sign[group.reviews].sum(dtype=np.int64))))
        times = night.time_ms[group.reviews]
        for product in products.tolist():
            about[product, side].append((int(times.min()), int(times.max()), number))
    found = []
    for spans in about.values():
        spans.sort()
        end, holder = spans[0][1], spans[0][2]
        for start, last, number in spans[1:]:
            if start <= end + _GAP_MS:
                found.append((holder, number))
            if last >= end:
                end, holder = last, number
    return found
