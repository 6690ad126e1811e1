"""All reviews of a night in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.boilerplate import SAMPLE, Boilerplate
from agents.reviews.campaigns.rules import Rules
from agents.reviews.campaigns.sketches import WIDTH
from agents.reviews.campaigns.traces import ADVERT, DEFAULT, Traces

_FAR = 1 << 38
"""Milliseconds (8 years) from the middle, beyond which a time is not told from others beyond it."""
_TICKS = (86_400_000, 3_600_000, 60_000, 1_000)
_TICKING = 0.9
"""Share of the times that a clock must have made to be taken for the source's."""
_CROWD, _CROWD_SHARE = 100, 0.005
"""An author with more reviews than both is a name that many share."""


@dataclass(frozen=True)
class Night:
    """Every array has one value per review, in the order of the traces.

    `author`, `product`: numbers from 0. `before`, `until`: the share of the night's reviews that
    are earlier, and that are no later, so that an hour at noon and one at night weigh the same.
    `weight`: without what the source adds to texts. `tick_ms`: the step of the source's clock; some
    give but a date.
    """

    traces: Sequence[Traces]
    rules: Rules
    name: NDArray[np.uint64]
    author: NDArray[np.int64]
    product: NDArray[np.int64]
    known_author: NDArray[np.bool_]
    known_product: NDArray[np.bool_]
    time_ms: NDArray[np.int64]
    before: NDArray[np.float64]
    until: NDArray[np.float64]
    tick_ms: int
    sign: NDArray[np.int8]
    """1: praise, -1: blame, by the rating, else by the text; 0: neither."""
    against: NDArray[np.bool_]
    """The text surely says the opposite of the rating."""
    new: NDArray[np.bool_]
    known_age: NDArray[np.bool_]
    weight: NDArray[np.float32]
    boilerplate: Boilerplate
    advert: NDArray[np.bool_]
    default: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def product_share(self) -> NDArray[np.float64]:
        """Per product: its share of the night's reviews."""
        return np.bincount(self.product) / max(len(self), 1)

    @cached_property
    def new_share(self) -> float:
        """Of the accounts whose age is known, the new ones; at least 1 in 200."""
        known = np.count_nonzero(self.known_age)
        return max(0.005, np.count_nonzero(self.new) / known if known else 0.0)

    def sketches(self, reviews: NDArray[np.int64]) -> NDArray[np.uint16]:
        """Of some reviews, given in ascending order, with 0 where the source has added to them."""
        return self.boilerplate.removed(_sketches(self.traces, reviews))


def night(traces: Sequence[Traces], rules: Rules) -> Night:
    """The columns of all traces."""
    author, known_author = _numbered(_column(traces, "author"))
    crowd = max(_CROWD, _CROWD_SHARE * len(author))
    known_author &= (np.bincount(author) <= crowd)[author] if len(author) else known_author
    product, known_product = _numbered(_column(traces, "product"))
    rating, sentiment = _column(traces, "rating"), _column(traces, "sentiment")
    age, flags = _column(traces, "account_days"), _column(traces, "flags")
    time_ms = _column(traces, "time_ms")
    if len(time_ms):
        middle = int(np.median(time_ms))
        time_ms = np.clip(time_ms, middle - _FAR, middle + _FAR)
    by_rating = (rating >= 4).astype(np.int8) - (rating <= 2)
    by_text = np.sign(np.nan_to_num(sentiment)).astype(np.int8)
    name, weight = _column(traces, "name"), _column(traces, "weight")
    boilerplate = _boilerplate(traces, name, product)
    if boilerplate:
        own = [np.mean(boilerplate.removed(one.column("sketch")) != 0, axis=1) for one in traces]
        weight = (weight * np.concatenate(own)).astype(np.float32)
    times = np.sort(time_ms)
    total = max(len(times), 1)
    return Night(
        traces=traces,
        rules=rules,
        name=name,
        author=author,
        product=product,
        known_author=known_author,
        known_product=known_product,
        time_ms=time_ms,
        before=np.searchsorted(times, time_ms, "left") / total,
        until=np.searchsorted(times, time_ms, "right") / total,
        tick_ms=_tick(time_ms),
        sign=np.where(np.isnan(rating), by_text, by_rating).astype(np.int8),
        against=(by_rating * by_text < 0) & (np.abs(sentiment) >= rules.sure),
        new=age <= rules.new_days,
        known_age=~np.isnan(age),
        weight=weight,
        boilerplate=boilerplate,
        advert=(flags & ADVERT) > 0,
        default=(flags & DEFAULT) > 0,
    )


def _column(traces: Sequence[Traces], name: str) -> NDArray[Any]:
    empty = Traces.of([], []).column(name)
    return np.concatenate([empty, *(one.column(name) for one in traces)])


def _numbered(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Numbers from 0, and whether it is somebody; everybody unknown has the same number."""
    return np.unique(hashes, return_inverse=True)[1].astype(np.int64), hashes != 0


def _tick(time_ms: NDArray[np.int64]) -> int:
    """The coarsest step in which nearly all times differ; 1 ms at least."""
    for tick in _TICKS:
        counts = np.unique(time_ms % tick, return_counts=True)[1]
        if counts.max(initial=0) >= _TICKING * len(time_ms):
            return tick
    return 1


def _boilerplate(
    traces: Sequence[Traces], name: NDArray[np.uint64], product: NDArray[np.int64]
) -> Boilerplate:
    """Learnt from the texts with the lowest hashes: a sample that is always the same."""
    some = np.sort(np.unique(name, return_index=True)[1][:SAMPLE])
    return Boilerplate(_sketches(traces, some), product[some])


def _sketches(traces: Sequence[Traces], reviews: NDArray[np.int64]) -> NDArray[np.uint16]:
    found = [np.zeros((0, WIDTH), np.uint16)]
    first = 0
    for one in traces:
        low, high = np.searchsorted(reviews, (first, first + len(one)))
        found.append(one.column("sketch")[reviews[low:high] - first])
        first += len(one)
    return np.concatenate(found)
