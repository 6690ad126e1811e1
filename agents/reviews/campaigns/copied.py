"""Copies that are no accident: one text by several authors for few products, or an advert."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.copies import Cluster
from agents.reviews.campaigns.night import Night
from agents.reviews.campaigns.odds import of_closeness, of_count
from agents.reviews.campaigns.suspects import Reason, Suspects, authors_of, span

_MOST = 0.7
"""Share of the copies that are for the few products."""
_LIFT = 6.0
"""A product with so many times its share of a text that everybody copies stands out."""
_CAP = {"few": 6.0, "time": 5.0, "new": 6.0}
"""Evidence of one kind alone is not trusted beyond it."""
_UNKNOWN = 4.0
"""Copies one after the other by authors who are not known may be one customer's."""
_SAME_TEXT = 3.0
_ADVERT_COPIES = 6
_TEMPLATE = 0.8
"""Wordings that share less on average are made from a template."""
_LIGHT = 24.0
"""A lighter text is proportionally weaker evidence: people do say the same in few words."""


def copied(night: Night, cluster: Cluster) -> Iterator[Suspects]:
    """Groups of the cluster's reviews with the evidence that they are one campaign.

    A text copied for many products is everybody's: of it only products with far more than their
    share are suspected. An advert is one wherever it stands, and so is what a few accounts post
    again and again.
    """
    reviews = cluster.reviews
    advert = np.mean(night.advert[reviews]) > 0.5 and authors_of(night, reviews) > 1
    if advert and len(reviews) >= _ADVERT_COPIES:
        yield _posted(night, cluster, reviews)
        return
    again = _by_repeaters(night, reviews)
    if len(again):
        yield _posted(night, cluster, again)
    if authors_of(night, reviews) < night.rules.authors:
        return
    products, counts = np.unique(night.product[reviews], return_counts=True)
    order = np.argsort(-counts, kind="stable")
    few = order[: _few(counts[order], len(reviews))]
    if counts[few].sum() >= _MOST * len(reviews) and len(few) <= night.rules.few_products:
        chosen = reviews[np.isin(night.product[reviews], products[few])]
        yield from _focused(night, cluster, chosen, float(night.product_share[products[few]].sum()))
        return
    shares = night.product_share[products]
    shares = shares / shares.sum()
    for at in np.flatnonzero(
        (counts >= night.rules.authors) & (counts > _LIFT * shares * len(reviews))
    ):
        mine = reviews[night.product[reviews] == products[at]]
        unlikely = of_count(len(mine), len(reviews), float(shares[at])) - np.log10(len(products))
        if unlikely > 0:
            yield from _on_product(night, cluster, mine, float(unlikely))


def _few(counts: NDArray[np.int64], total: int) -> int:
    """How many of the commonest products hold most of the copies."""
    return 1 + int(np.searchsorted(np.cumsum(counts), _MOST * total))


def _focused(
    night: Night, cluster: Cluster, chosen: NDArray[np.int64], share: float
) -> Iterator[Suspects]:
    products = len(np.unique(night.product[chosen]))
    hits = int(authors_of(night, chosen)) - products
    draws = max(int(authors_of(night, cluster.reviews)) - products, hits)
    # Copies have to be somewhere: the first of each product is no evidence.
    few = of_count(hits, draws, share) if night.known_product[chosen].all() and hits > 0 else 0.0
    yield from _on_product(night, cluster, chosen, few)


def _on_product(
    night: Night, cluster: Cluster, chosen: NDArray[np.int64], few: float
) -> Iterator[Suspects]:
    authors = authors_of(night, chosen)
    if authors < night.rules.authors:
        return
    known = chosen[night.known_age[chosen]]
    new = int(np.count_nonzero(night.new[known]))
    newness = min(of_count(new, len(known), night.new_share), _CAP["new"])
    closeness = min(of_closeness(night.before[chosen], night.until[chosen]), _CAP["time"])
    weight = float(np.median(night.weight[chosen]))
    if np.mean(night.known_author[chosen]) < 0.5:
        closeness = min(closeness, _UNKNOWN)
    odds = (min(few, _CAP["few"]) + newness + closeness) * min(1.0, weight / _LIGHT)
    reasons = [_wording(night, cluster, chosen, authors)]
    if newness >= 1:
        reasons.append(Reason("fake.new_accounts", _newness(night, new, len(known))))
    yield Suspects(chosen, cluster.middle, odds, tuple(reasons))


def _wording(night: Night, cluster: Cluster, chosen: NDArray[np.int64], authors: float) -> Reason:
    products = len(np.unique(night.product[chosen]))
    figures = (
        f"{len(chosen)} reviews, {authors:.0f} authors, {_some(products, 'product')},"
        f" {span(night, chosen)}"
    )
    if cluster.wordings > 1 and cluster.likeness < _TEMPLATE:
        return Reason(
            "fake.template",
            f"{figures}, {cluster.wordings} wordings, {cluster.likeness:.0%} in common",
        )
    return Reason("fake.near_copies", f"{figures}, {_some(cluster.wordings, 'wording')}")


def _by_repeaters(night: Night, reviews: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those by authors with so many copies that it is no habit of one customer; maybe none."""
    rules = night.rules
    _, of = np.unique(night.author[reviews], return_inverse=True)
    many = np.bincount(of, weights=night.known_author[reviews]) >= rules.repeated
    again = reviews[many[of]]
    enough = max(rules.repeats, len(reviews) / 2)
    return (
        again if np.count_nonzero(many) >= rules.repeaters and len(again) >= enough else again[:0]
    )


def _posted(night: Night, cluster: Cluster, reviews: NDArray[np.int64]) -> Suspects:
    """One text posted under many products."""
    closeness = of_closeness(night.before[reviews], night.until[reviews])
    odds = min(closeness, _CAP["time"]) + _SAME_TEXT + len(reviews) / 10
    known = reviews[night.known_age[reviews]]
    new = int(np.count_nonzero(night.new[known]))
    odds += min(of_count(new, len(known), night.new_share), _CAP["new"])
    why = _wording(night, cluster, reviews, authors_of(night, reviews))
    return Suspects(reviews, cluster.middle, odds, (why,))


def _newness(night: Night, new: int, known: int) -> str:
    days = night.rules.new_days
    return (
        f"{new} of {known} accounts are younger than {days:.0f} days, {night.new_share:.1%} usually"
    )


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
