"""Authors who write more reviews in minutes than anybody can."""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.night import Night
from agents.reviews.campaigns.suspects import Reason, Suspects, span

_MINUTE_MS = 60_000
_SHORTEST_MINUTES = 0.5
_SURE_FROM, _BEYOND = 5.0, 3.0
"""Odds of a burst at the limit, and how many more for twice the limit."""


def bursts(night: Night) -> Iterator[Suspects]:
    """One group for each author with a burst: what they wrote in it.

    Customers do go through the orders of a month in one sitting, with a few words or one text for
    all, so copies of a text are typed once. Who writes all day is a name that many share, as
    platforms make them by hiding letters.
    """
    rules = night.rules
    window = int(rules.burst_minutes * _MINUTE_MS)
    if night.tick_ms >= window:
        return
    known = np.flatnonzero(night.known_author & ~night.default)
    order = known[np.lexsort((known, night.time_ms[known], night.author[known]))]
    # One ascending number for author and time, so that a search finds where a window begins.
    since = night.time_ms[order] - (night.time_ms.min() if len(order) else 0)
    width = int(since.max(initial=0)) + 1
    authors = night.author[order]
    keys = authors * (width + window) + since
    count = np.arange(len(order)) - np.searchsorted(keys, keys - window) + 1
    for author in np.unique(authors[count >= rules.burst_reviews]):
        first, last = np.searchsorted(authors, [author, author + 1])
        end = first + int(np.argmax(count[first:last]))
        if count[end] < rules.burst_share * (last - first):
            continue
        found = _burst(night, order[end - count[end] + 1 : end + 1])
        if found:
            yield found


def _burst(night: Night, reviews: NDArray[np.int64]) -> Suspects | None:
    rules = night.rules
    texts = np.unique(night.name[reviews], return_index=True)[1]
    times = night.time_ms[reviews]
    took = (int(times[-1]) - int(times[0]) + night.tick_ms) / _MINUTE_MS
    minutes = max(took, _SHORTEST_MINUTES)
    weights = night.weight[reviews[texts]]
    typed = float(weights.sum()) / minutes
    telling = np.count_nonzero(weights >= rules.burst_weight)
    excess = max(typed / rules.typed_per_minute, telling / rules.burst_many)
    odds = _SURE_FROM + _BEYOND * log2(max(excess, 0.01))
    if odds <= 0:
        return None
    products = len(np.unique(night.product[reviews]))
    evidence = (
        f"one author, {len(reviews)} reviews, {products} products, {span(night, reviews)},"
        f" {typed:.0f} characters a minute"
    )
    middle = int(reviews[int(np.argmax(night.weight[reviews]))])
    return Suspects(np.sort(reviews), middle, odds, (Reason("fake.author_burst", evidence),))
