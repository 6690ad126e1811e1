"""Products that many new accounts praise, or blame, all at once, each in its own words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.night import Night
from agents.reviews.campaigns.odds import of_closeness, of_count
from agents.reviews.campaigns.suspects import Reason, Suspects, authors_of, span

_HOUR_MS = 3_600_000
_NEW_LEAST = 3.0
"""Odds of so many new accounts, without which nothing else counts: in a young shop all are new."""
_TIME_CAP, _NEW_CAP, _SKEW_CAP = 4.0, 8.0, 3.0


def newcomers(night: Night) -> Iterator[Suspects]:
    """One group for each product and side: its new accounts within the busiest hours of these.

    A product with a defect is blamed by its old customers, and a sale brings some new ones: they
    are suspected where most who say so then are new, and far more than usual.
    """
    told = np.flatnonzero(night.new & (night.sign != 0) & night.known_product & ~night.default)
    side = night.product[told] * 2 + (night.sign[told] > 0)
    order = told[np.lexsort((told, night.time_ms[told], side))]
    sides = night.product[order] * 2 + (night.sign[order] > 0)
    rows = np.argsort(night.product, kind="stable")
    bounds = np.searchsorted(night.product[rows], np.arange(night.product.max(initial=0) + 2))
    for one in np.unique(sides):
        first, last = np.searchsorted(sides, [one, one + 1])
        if last - first < night.rules.newcomers:
            continue
        product = int(one // 2)
        whole = rows[bounds[product] : bounds[product + 1]]
        found = _group(night, order[first:last], whole, 1 if one % 2 else -1)
        if found:
            yield found


def _group(
    night: Night, new: NDArray[np.int64], whole: NDArray[np.int64], sign: int
) -> Suspects | None:
    """`new`: the new accounts of one side in order of time; `whole`: all reviews of the product."""
    rules = night.rules
    times = night.time_ms[new]
    ends = np.searchsorted(times, times + int(rules.newcomers_hours * _HOUR_MS), "right")
    begin = int(np.argmax(ends - np.arange(len(new))))
    mine = new[begin : int(ends[begin])]
    if authors_of(night, mine) < rules.newcomers:
        return None
    start, end = int(night.time_ms[mine[0]]), int(night.time_ms[mine[-1]])
    then = whole[(night.time_ms[whole] >= start) & (night.time_ms[whole] <= end)]
    agreeing = then[(night.sign[then] == sign) & ~night.default[then]]
    known = int(np.count_nonzero(night.known_age[agreeing]))
    if len(mine) < rules.newcomers_share * known:
        return None
    newness = min(of_count(len(mine), known, night.new_share), _NEW_CAP)
    if newness < _NEW_LEAST:
        return None
    closeness = min(of_closeness(night.before[mine], night.until[mine]), _TIME_CAP)
    rest = np.setdiff1d(whole, then)
    usual = (np.count_nonzero(night.sign[rest] == sign) + 1) / (len(rest) + 2)
    skew = min(of_count(len(agreeing), len(then), usual), _SKEW_CAP)
    side = "praise" if sign > 0 else "blame"
    figures = f"{len(mine)} new accounts {side} it within {span(night, mine)}"
    reasons = [
        Reason(
            "fake.new_accounts",
            f"{figures}, {len(mine) / max(known, 1):.0%} of all who do",
        )
    ]
    if skew >= 1:
        reasons.append(
            Reason(
                "fake.product_burst",
                f"{len(agreeing)} of {len(then)} reviews {side} it within {span(night, mine)},"
                f" {usual:.0%} on the rest of the day",
            )
        )
    middle = int(mine[int(np.argmax(night.weight[mine]))])
    if len(mine) >= rules.newcomers_most * known:
        mine = np.concatenate((mine, agreeing[~night.known_age[agreeing]]))
    return Suspects(np.sort(mine), middle, newness + closeness + skew, tuple(reasons))
