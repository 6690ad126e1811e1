"""Texts that are copies of one another, exact or edited, found without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from agents.reviews.campaigns.night import Night
from agents.reviews.campaigns.sketches import WIDTH

_ROWS, _BANDS = 3, 21
"""Texts that agree in all rows of a band are compared: 94 % of those that share half."""
_LEAST, _SHORT, _MOST = 0.36, 5.0, 0.72
"""Two texts of weight w are copies if they share `_LEAST` + `_SHORT` / w, or `_MOST`: short texts
share much by chance."""
_RATIO = 0.4
"""A text this much lighter is no copy, but a part."""
_TO_MIDDLE = 0.25
"""What a copy must share with the middle of its cluster: a chain of copies may lead far away."""
_LEFT = WIDTH // 4
"""Minima that two texts are compared by at least, where most come of the source."""
_SAMPLE = 32
_AT_ONCE = 1 << 18


@dataclass(frozen=True)
class Cluster:
    """Reviews whose texts are copies of one; `middle`: the one that is most like the others.

    `likeness`: the share that a text has in common with the middle, on average; `wordings`: the
    number of different texts.
    """

    reviews: NDArray[np.int64]
    middle: int
    likeness: float
    wordings: int


def clusters(night: Night) -> Iterator[Cluster]:
    """All clusters of two reviews or more, in the order of their first review.

    A phrase that many use is no copy (`Rules.copy_weight`, `Rules.advert_weight`), nor is a
    platform's default text. One text copied a million times costs as much as one.
    """
    rules = night.rules
    least = np.where(night.advert, rules.advert_weight, rules.copy_weight)
    told = np.flatnonzero((night.weight >= least) & ~night.default)
    _, first, of = np.unique(night.name[told], return_index=True, return_inverse=True)
    # The different texts in the order of their first review, so that sketches are read in order.
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    texts, of = told[first[order]], place[of]
    drawn, weight = night.sketches(texts), night.weight[texts]
    labels = _connected(drawn, weight)
    review_labels = labels[of]
    by_label = np.argsort(review_labels, kind="stable")
    bounds = np.flatnonzero(np.diff(review_labels[by_label], prepend=-1))
    for members in np.split(by_label, bounds[1:]):
        if len(members) > 1:
            found = _around_the_middle(told[members], of[members], texts, drawn)
            if found:
                yield found


def _around_the_middle(
    reviews: NDArray[np.int64],
    of: NDArray[np.int64],
    texts: NDArray[np.int64],
    drawn: NDArray[np.uint16],
) -> Cluster | None:
    different, times = np.unique(of, return_counts=True)
    if len(different) == 1:
        return Cluster(reviews, int(texts[different[0]]), 1.0, 1)
    some = different[np.argsort(-times, kind="stable")[:_SAMPLE]]
    among = _shared(drawn[some][:, None, :], drawn[some][None, :, :]).sum(axis=1)
    middle = some[int(np.argmax(among))]
    shared = _shared(drawn[different], drawn[middle])
    kept = np.isin(of, different[shared >= _TO_MIDDLE])
    if np.count_nonzero(kept) < 2:
        return None
    near = shared[shared >= _TO_MIDDLE]
    return Cluster(reviews[kept], int(texts[middle]), float(near.mean()), len(near))


def _connected(drawn: NDArray[np.uint16], weight: NDArray[np.float32]) -> NDArray[np.int64]:
    """A number per text; copies of copies have the same.

    Of those that agree in a band each is compared with the first and with the next of them only,
    unless an earlier band has connected them.
    """
    count = len(drawn)
    labels = np.arange(count)
    if not count:
        return labels
    for band in range(_BANDS):
        one, other = _candidates(drawn, band)
        apart = labels[one] != labels[other]
        one, other = one[apart], other[apart]
        alike = np.zeros(len(one), bool)
        for first in range(0, len(one), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            alike[some] = _alike(drawn, weight, one[some], other[some])
        ends = labels[one[alike]], labels[other[alike]]
        if len(ends[0]):
            graph = coo_array((np.ones(len(ends[0]), np.int8), ends), (count, count))
            labels = connected_components(graph, directed=False)[1].astype(np.int64)[labels]
    return labels


def _candidates(
    drawn: NDArray[np.uint16], band: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of texts that agree in all rows of a band."""
    key = np.zeros(len(drawn), np.uint64)
    for row in range(_ROWS + 1):
        key = (key << np.uint64(16)) | drawn[:, (band * _ROWS + row) % WIDTH]
    # The fourth column only sorts, so that neighbours are more alike.
    order = np.argsort(key, kind="stable")
    key = key[order] >> np.uint64(16)
    # Where nothing is left in a band, nothing is in common.
    same = np.flatnonzero((key[1:] == key[:-1]) & (key[1:] != 0)) + 1
    starts = np.flatnonzero(np.diff(key, prepend=~key[:1]))
    first = starts[np.searchsorted(starts, same, "right") - 1]
    others = same[first != same - 1]
    pairs = np.concatenate((same, others)), np.concatenate((same - 1, first[first != same - 1]))
    return order[pairs[0]], order[pairs[1]]


def _alike(
    drawn: NDArray[np.uint16],
    weight: NDArray[np.float32],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> NDArray[np.bool_]:
    light, heavy = np.minimum(weight[one], weight[other]), np.maximum(weight[one], weight[other])
    shared = _shared(drawn[one], drawn[other])
    enough: NDArray[np.bool_] = shared >= np.minimum(_LEAST + _SHORT / light, _MOST)
    return enough & (light >= _RATIO * heavy)


def _shared(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> NDArray[np.float64]:
    """What texts have in common: the share of the minima, of those that are not 0 in both."""
    there = (one != 0) & (other != 0)
    same = np.count_nonzero((one == other) & there, axis=-1)
    share: NDArray[np.float64] = same / np.maximum(np.count_nonzero(there, axis=-1), _LEFT)
    return share
