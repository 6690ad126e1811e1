"""Which reviews of a night the model is asked about: the most telling ones, each text once."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from agents.reviews.asking.asks import (
    Ask,
    AskRules,
    asks_of,
    is_bad,
    is_contrary,
    is_open,
    needs_doubt,
)
from agents.reviews.asking.question import Frame, Question, key_of, question_of, shown
from schemas.reviews import ReviewLabel

_SLACK = 3


class Choice(NamedTuple):
    """A review to ask about; in order, the most worthwhile first.

    `key`: of its question. `worth`: 1 the most.
    """

    source: str
    key: str
    asks: tuple[Ask, ...]
    worth: float

    @property
    def reason(self) -> str:
        """What a label says for as long as the answer is missing."""
        return waiting(self.asks)


@dataclass(frozen=True)
class Chosen:
    """The choices of a night. `campaigns`: those with a member among them. `full`: there were more
    than may be asked.
    """

    choices: tuple[Choice, ...]
    campaigns: frozenset[str]
    full: bool


def waiting(asks: tuple[Ask, ...]) -> str:
    """The reason of an open label that waits for this."""
    return f"asks.{asks[0]}"


def questions_of(labels: Iterable[ReviewLabel], chosen: Chosen, frame: Frame) -> list[Question]:
    """The questions of the choices, in their order: a second pass over the labels."""
    choices = {choice.source: choice for choice in chosen.choices}
    found = {
        label.source: question_of(label, choice.asks, frame, choice.worth)
        for label in labels
        if (choice := choices.get(label.source)) is not None
    }
    return [found[choice.source] for choice in chosen.choices if choice.source in found]


class _Entry(NamedTuple):
    """Compared as a whole, so that the order is the same whatever the order of the labels."""

    unworth: float
    source: str
    key: str
    asks: tuple[Ask, ...]
    campaign: str


def choose(labels: Iterable[ReviewLabel], rules: AskRules, frame: Frame) -> Chosen:
    """One pass over the labels of a night, in any order.

    Of a campaign, and of copies of a text, one is asked about. Memory: some 300 bytes for each bad
    review and each question.
    """
    open_ = _Best(rules.most)
    products: dict[str, _Product] = {}
    for label in labels:
        asks, key = asked_of(label, rules, frame)
        if not asks:
            continue
        if is_open(label, asks, rules):
            worth = _worth(label, asks, rules)
            open_.add(_Entry(-worth, label.source, key, asks, label.campaign))
        if is_bad(label):
            product = products.setdefault(label.product, _Product(rules.causes))
            product.add(label, key, asks)
    for _, product in sorted(products.items()):
        for entry in product.sample(rules):
            open_.add(entry)
    best = open_.best()
    choices = tuple(Choice(one.source, one.key, one.asks, -one.unworth) for one in best)
    campaigns = frozenset(one.campaign for one in best if one.campaign)
    return Chosen(choices, campaigns, open_.full)


def asked_of(label: ReviewLabel, rules: AskRules, frame: Frame) -> tuple[tuple[Ask, ...], str]:
    """What is open in a label, of what can be asked, and the key of that question."""
    asks = asks_of(label, rules)
    if "aspects" in asks and not frame.attributes:
        asks = tuple(ask for ask in asks if ask != "aspects")
    if not asks:
        return (), ""
    text = shown(label.excerpt)
    # What nobody can see is asked about by nobody.
    return (
        (asks, key_of(text, label.lang, asks, frame)) if len(text) >= rules.shortest else ((), "")
    )


def _worth(label: ReviewLabel, asks: tuple[Ask, ...], rules: AskRules) -> float:
    """A human first, then texts against their ratings, then bad reviews, then mere doubt."""
    doubt = 1.0 - label.sentiment_confidence
    if needs_doubt(label, rules):
        worth = 1.0
    elif "sentiment" in asks and is_contrary(label):
        worth = 0.7 + 0.2 * doubt
    elif "aspects" in asks:
        worth = 0.5 + 0.2 * doubt
    else:
        worth = 0.1 + 0.5 * doubt
    return round(worth, 6)


class _Best:
    """The `most` best entries, one of each text and each campaign."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_group: dict[str, _Entry] = {}
        self.full = False

    def add(self, entry: _Entry) -> None:
        group = f"campaign {entry.campaign}" if entry.campaign else entry.key
        known = self._by_group.get(group)
        if known is None or entry < known:
            self._by_group[group] = entry
        if len(self._by_group) > _SLACK * self._most + 1_000:
            self._prune()

    def best(self) -> list[_Entry]:
        self._prune()
        each = {one.key: one for one in sorted(self._by_group.values(), reverse=True)}
        return sorted(each.values())

    def _prune(self) -> None:
        # Whoever is not among the best now never will be: entries of a group only get better.
        ranked = sorted(self._by_group.items(), key=lambda item: item[1])
        self.full = self.full or len(ranked) > self._most
        self._by_group = dict(ranked[: self._most])


class _Product:
    """Bad reviews of a product: their number, and a sample of them, one of each author."""

    def __init__(self, causes: int) -> None:
        self._causes = causes
        self._bad = 0
        self._sample: dict[str, tuple[bytes, _Entry]] = {}

    def add(self, label: ReviewLabel, key: str, asks: tuple[Ask, ...]) -> None:
        self._bad += not label.campaign
        group = label.campaign or label.author or label.source
        # By lot, for the first or the longest ones would be the choice of whoever writes them.
        lot = blake2b(label.source.encode(errors="replace"), digest_size=8).digest()
        found = (lot, _Entry(0.0, label.source, key, asks, label.campaign))
        known = self._sample.get(group)
        if known is None or found < known:
            self._sample[group] = found
        if len(self._sample) > _SLACK * self._causes:
            self._sample = dict(self._drawn())

    def _drawn(self) -> list[tuple[str, tuple[bytes, _Entry]]]:
        return sorted(self._sample.items(), key=lambda item: item[1])[: self._causes]

    def sample(self, rules: AskRules) -> Iterable[_Entry]:
        """None of a product that has few; the first of many bad ones is worth the most."""
        if self._bad < rules.bad_reviews:
            return
        size = min(1.0, 0.5 + math.log10(self._bad) / 6)
        for place, (_, (_, entry)) in enumerate(self._drawn()):
            worth = size * (1 - 0.7 * place / max(1, self._causes))
            yield entry._replace(unworth=-round(worth, 6))
