"""Reviews that say again what an earlier one of the night says; that is no offence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.copies import Cluster
from agents.reviews.campaigns.night import Night


@dataclass(frozen=True)
class Repeats:
    """`later` reviews repeat `first`, the earliest; `reason` is the finding's."""

    first: int
    later: NDArray[np.int64]
    reason: str
    evidence: str


def repeats(night: Night, clusters: Sequence[Cluster]) -> Iterator[Repeats]:
    """All of them: default texts, equal texts, an author's equal texts for one product, copies.

    A short phrase is no duplicate because others use it, too. A review may be told of twice.
    """
    yield from _defaults(night)
    told = np.flatnonzero((night.weight >= night.rules.duplicate_weight) & ~night.default)
    for group in _groups(night, told, night.name[told]):
        yield Repeats(
            int(group[0]), group[1:], "duplicate.exact", _figures(night, group, "one text")
        )
    short = (night.weight < night.rules.duplicate_weight) & (night.weight > 0)
    own = np.flatnonzero(short & ~night.default & night.known_author & night.known_product)
    pairs = night.author[own] * (int(night.product.max(initial=0)) + 1) + night.product[own]
    same = np.unique(pairs, return_inverse=True)[1].astype(np.uint64)
    names = np.unique(night.name[own], return_inverse=True)[1].astype(np.uint64)
    for group in _groups(night, own, same * np.uint64(len(own) + 1) + names):
        figures = f"{len(group)} times one text by one author of one product"
        yield Repeats(int(group[0]), group[1:], "duplicate.exact", figures)
    for cluster in clusters:
        yield from _near(night, cluster)


def _defaults(night: Night) -> Iterator[Repeats]:
    default = np.flatnonzero(night.default)
    if len(default):
        yield Repeats(-1, default, "duplicate.default", "default text of a platform")


def _near(night: Night, cluster: Cluster) -> Iterator[Repeats]:
    if cluster.wordings == 1:
        return
    group = _by_time(night, cluster.reviews)
    # The first of each wording: whoever repeats that is an exact duplicate.
    firsts = group[np.sort(np.unique(night.name[group], return_index=True)[1])]
    figures = f"{_figures(night, group, 'one text')} in {cluster.wordings} wordings"
    yield Repeats(int(group[0]), firsts[1:], "duplicate.near", figures)


def _groups(
    night: Night, reviews: NDArray[np.int64], keys: NDArray[np.uint64]
) -> Iterator[NDArray[np.int64]]:
    """Reviews with equal keys, two or more, each group in order of time."""
    order = np.lexsort((reviews, night.time_ms[reviews], keys))
    starts = np.flatnonzero(np.diff(keys[order], prepend=~keys[order][:1]))
    sizes = np.diff(starts, append=len(order))
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        yield reviews[order[start : start + size]]


def _by_time(night: Night, reviews: NDArray[np.int64]) -> NDArray[np.int64]:
    return reviews[np.lexsort((reviews, night.time_ms[reviews]))]


def _figures(night: Night, reviews: NDArray[np.int64], what: str) -> str:
    authors = len(np.unique(night.author[reviews]))
    products = len(np.unique(night.product[reviews]))
    return f"{len(reviews)} times {what}, by {authors} authors, of {products} products"
