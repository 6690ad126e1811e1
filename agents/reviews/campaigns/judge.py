"""From the traces of a night to what was found in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agents.reviews.campaigns.bursts import bursts
from agents.reviews.campaigns.copied import copied
from agents.reviews.campaigns.copies import clusters
from agents.reviews.campaigns.duplicates import repeats
from agents.reviews.campaigns.joining import joined
from agents.reviews.campaigns.ledger import Ledger
from agents.reviews.campaigns.newcomers import newcomers
from agents.reviews.campaigns.night import Night, night
from agents.reviews.campaigns.rules import Rules
from agents.reviews.campaigns.suspects import Reason, Suspects
from agents.reviews.campaigns.traces import Traces
from agents.reviews.campaigns.verdicts import Campaign, CampaignKind, Verdicts

_WEAK = {
    "fake.rating_against_text": (0.3, "the text says the opposite of the rating"),
    "fake.same_product_again": (0.3, "one author, several texts about one product"),
    "fake.new_account": (0.2, "a new account"),
}
_NEW_USUAL = 0.2
"""Where more accounts are new, being new is no reason."""
_AGAIN = 3
"""Reviews of one product by one author, all different, that are one too many."""
_SMALLEST = 3
_FEW, _HABIT = 8, 0.3
"""Copies under more products than this, and than this share of all, are a habit."""


def find(traces: Sequence[Traces], rules: Rules | None = None) -> Verdicts:
    """What the reviews of a night say together, given the traces of its chunks in order.

    The same traces give the same verdicts. Raises nothing.
    """
    whole = night(traces, rules or Rules())
    enough = whole.rules.enough
    copies = list(clusters(whole))
    groups = [group for cluster in copies for group in copied(whole, cluster)]
    groups = _without_habits(whole, groups)
    groups += bursts(whole)
    groups += newcomers(whole)
    ledger = Ledger(len(whole))
    original = np.full(len(whole), -1, np.int32)
    for repeat in repeats(whole, copies):
        confidence = 1.0 if repeat.reason != "duplicate.near" else 0.9
        ledger.add(repeat.later, "duplicate", repeat.reason, repeat.evidence, confidence)
        original[repeat.later] = repeat.first
    _accuse(whole, groups, ledger)
    strong = [group for group in groups if group.odds >= enough]
    campaigns, campaign = _campaigns(whole, joined(whole, strong))
    starts, ids, table = ledger.read()
    ends = tuple(np.cumsum([len(one) for one in traces], dtype=np.int64).tolist())
    return Verdicts(campaigns, ends, campaign, original, starts, ids, table)


def _without_habits(night: Night, groups: list[Suspects]) -> list[Suspects]:
    """The groups, less those about few products if so many products have one.

    A form that is filled in, or the name of the product above each text, is how a source writes,
    and nobody's campaign.
    """
    products = [np.unique(night.product[group.reviews]) for group in groups]
    strong = [
        few
        for few, group in zip(products, groups, strict=True)
        if len(few) <= _FEW and group.odds >= night.rules.enough
    ]
    having = len(np.unique(np.concatenate([np.zeros(0, np.int64), *strong])))
    reviewed = np.count_nonzero(np.bincount(night.product) >= night.rules.authors)
    if having <= max(_FEW, _HABIT * reviewed):
        return groups
    return [group for few, group in zip(products, groups, strict=True) if len(few) > _FEW]


def _accuse(night: Night, groups: Sequence[Suspects], ledger: Ledger) -> None:
    """Write down why reviews are suspected, where all reasons together are enough."""
    innocent = np.ones(len(night))
    for group in groups:
        innocent[group.reviews] *= 1 - group.confidence(night.rules.enough)
    weak = _weak(night)
    for name, which in weak.items():
        innocent[which] *= 1 - _WEAK[name][0]
    suspected = np.round(1 - innocent, 2)
    accused = suspected >= night.rules.suspected
    for group in groups:
        for reason in group.reasons:
            _write(ledger, group.reviews[accused[group.reviews]], reason, suspected)
    for name, which in weak.items():
        _write(ledger, np.flatnonzero(which & accused), Reason(name, _WEAK[name][1]), suspected)


def _write(
    ledger: Ledger, reviews: NDArray[np.int64], reason: Reason, suspected: NDArray[np.float64]
) -> None:
    sure = suspected[reviews]
    for confidence in np.unique(sure).tolist():
        some = reviews[sure == confidence]
        ledger.add(some, "fake", reason.name, reason.evidence, confidence)


def _weak(night: Night) -> dict[str, NDArray[np.bool_]]:
    again = np.zeros(len(night), bool)
    known = np.flatnonzero(night.known_author & night.known_product & ~night.default)
    pairs = night.author[known] * (int(night.product.max(initial=0)) + 1) + night.product[known]
    order = np.lexsort((night.name[known], pairs))
    other = np.diff(pairs[order], prepend=-1) != 0
    different = other | (np.diff(night.name[known][order], prepend=np.uint64(0)) != 0)
    numbers = np.cumsum(other) - 1
    texts = np.bincount(numbers, weights=different)
    again[known[order[texts[numbers] >= _AGAIN]]] = True
    return {
        "fake.rating_against_text": night.against,
        "fake.same_product_again": again,
        "fake.new_account": night.new & (night.new_share <= _NEW_USUAL),
    }


def _campaigns(
    night: Night, gathered: Sequence[Sequence[Suspects]]
) -> tuple[tuple[Campaign, ...], NDArray[np.int32]]:
    """The campaigns in order of their first review, and the place of each review's among them."""
    owner = np.full(len(night), -1, np.int64)
    strongest = sorted(range(len(gathered)), key=lambda n: -max(g.odds for g in gathered[n]))
    for number in strongest:
        reviews = np.unique(np.concatenate([group.reviews for group in gathered[number]]))
        owner[reviews[owner[reviews] < 0]] = number
    found = []
    order = np.argsort(owner, kind="stable")
    bounds = np.searchsorted(owner[order], np.arange(len(gathered) + 1))
    for number, groups in enumerate(gathered):
        members = order[bounds[number] : bounds[number + 1]]
        if len(members) >= _SMALLEST:
            found.append(_campaign(night, members, groups))
    found.sort(key=lambda one: (one.first_ms, one.members))
    campaign = np.full(len(night), -1, np.int32)
    for place, one in enumerate(found):
        campaign[list(one.members)] = place
    return tuple(found), campaign


def _campaign(night: Night, members: NDArray[np.int64], groups: Sequence[Suspects]) -> Campaign:
    members = members[np.lexsort((members, night.time_ms[members]))]
    ordered = sorted(groups, key=lambda group: -group.odds)
    reasons = [reason for group in ordered for reason in group.reasons]
    kind: CampaignKind = "praise" if night.sign[members].sum(dtype=np.int64) >= 0 else "attack"
    if np.mean(night.advert[members]) > 0.5:
        kind = "advert"
    return Campaign(
        kind=kind,
        members=tuple(members.tolist()),
        representative=ordered[0].middle,
        products=len(np.unique(night.product[members])),
        authors=len(np.unique(night.author[members])),
        first_ms=int(night.time_ms[members[0]]),
        last_ms=int(night.time_ms[members[-1]]),
        confidence=round(ordered[0].confidence(night.rules.enough), 2),
        reasons=tuple(dict.fromkeys(reason.name for reason in reasons)),
        evidence=tuple(dict.fromkeys(reason.evidence for reason in reasons)),
    )
