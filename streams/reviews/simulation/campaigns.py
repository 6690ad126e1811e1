"""Campaigns that somebody pays for, and events that only look like one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from random import Random

from msgspec import structs

from streams.reviews.simulation.clock import Clock
from streams.reviews.simulation.edits import edit
from streams.reviews.simulation.innocents import Innocents, language
from streams.reviews.simulation.shop import Product, Shop
from streams.reviews.simulation.texts import Written, compose, join, named, short, side_of
from streams.reviews.simulation.truth import Draft, ReviewTruth
from streams.reviews.simulation.vocabulary import Language, pick, vocabulary

KINDS = ("copies", "template", "slow", "attack", "burst", "advert")
SMALLEST, LARGEST = 8, 200
_EVENTS = 0.012
"""Share of a day's reviews in innocent events: a product with a defect, a flash sale."""
_NEW_BY_SALE = 0.12
"""Of the buyers in a sale, those who have opened an account for it."""
_MINUTE, _HOUR = 60_000, 3_600_000


@dataclass(frozen=True)
class Plan:
    """One campaign or event to be written."""

    id: str
    kind: str
    size: int


def plans(seed: int, reviews: int, fake_share: float, defect: int = 0) -> list[Plan]:
    """Which campaigns a day has: `fake_share` of its reviews, then innocent events, then a defect
    of that size.
    """
    random = Random(f"plans:{seed}")
    found: list[Plan] = []
    left = int(reviews * fake_share)
    kinds: list[str] = []
    while left >= SMALLEST:
        if not kinds:
            kinds = random.sample(KINDS, len(KINDS))
        size = int(exp(random.uniform(log(SMALLEST), log(min(left, LARGEST) + 0.99))))
        left -= size
        found.append(Plan(f"c-{seed}-{len(found):04d}", kinds.pop(), size))
    left = int(reviews * _EVENTS)
    while left >= 2 * SMALLEST:
        size = int(random.uniform(2 * SMALLEST, min(left, LARGEST)))
        left -= size
        found.append(Plan("", pick(("defect", "sale"), random), size))
    if defect:
        found.append(Plan("", "defect", defect))
    return found


class Campaigns:
    """The drafts of plans."""

    def __init__(self, seed: int, shop: Shop, clock: Clock, innocents: Innocents) -> None:
        self._seed, self._shop, self._clock, self._innocents = seed, shop, clock, innocents
        self._writers: dict[str, Callable[[Plan, Random], list[Draft]]] = {
            "copies": self._copies,
            "template": self._template,
            "slow": self._slow,
            "attack": self._attack,
            "burst": self._burst,
            "advert": self._advert,
            "defect": self._defect,
            "sale": self._sale,
        }

    def drafts(self, number: int, plan: Plan) -> list[Draft]:
        """All reviews of the plan with this number in the list."""
        return self._writers[plan.kind](plan, Random(f"campaign:{self._seed}:{number}"))

    def _copies(self, plan: Plan, random: Random) -> list[Draft]:
        return self._posted(plan, random, self._copied(random), self._window(random))

    def _template(self, plan: Plan, random: Random) -> list[Draft]:
        return self._posted(plan, random, self._slotted(random), self._window(random))

    def _slow(self, plan: Plan, random: Random) -> list[Draft]:
        text = self._copied(random) if random.random() < 0.5 else self._slotted(random)
        return self._posted(plan, random, text, (self._clock.start_ms, self._clock.end_ms))

    def _window(self, random: Random) -> tuple[int, int]:
        """Ten minutes to four hours."""
        start = self._clock.at(random.random())
        return start, start + int(exp(random.uniform(log(10), log(240))) * _MINUTE)

    def _targets(self, random: Random) -> list[Product]:
        """Most are paid for one product that few know, some for two or three, or a popular one."""
        if random.random() < 0.15:
            return [self._shop.product(random)]
        return [pick(self._shop.products, random) for _ in range(pick((1, 1, 1, 2, 3), random))]

    def _posted(
        self, plan: Plan, random: Random, text: _Text, window: tuple[int, int]
    ) -> list[Draft]:
        """Many accounts write what they were told; most campaigns have new accounts."""
        targets = text.products
        fresh = random.random() < 0.6
        accounts = [self._shop.stranger(random) for _ in range(plan.size)]
        found = []
        for number in range(plan.size):
            reused = len(targets) > 1 and number and random.random() < 0.3
            account = accounts[int(random.random() * number)] if reused else accounts[number]
            found.append(
                Draft(
                    int(random.uniform(*window)),
                    text.write(random),
                    pick(targets, random).name,
                    self._shop.name(account),
                    float(abs(text.stars - (random.random() < 0.1))),
                    self._age(account, random, fresh),
                    ReviewTruth(
                        plan.kind, text.base.sentiment, True, plan.id, aspects=text.base.aspects
                    ),
                )
            )
        return found

    def _age(self, account: int, random: Random, fresh: bool) -> float | None:
        age = self._shop.age(account)
        if age is None or not fresh or random.random() > 0.85:
            return age
        return float(round(random.uniform(0, 10), 1))

    def _copied(self, random: Random) -> _Text:
        """One text, and what the copyists change about it."""
        targets, tongue = self._targets(random), language(random)
        stars = 5 if random.random() < 0.7 else 1
        base = compose(targets[0], tongue, stars, random, clauses=pick((2, 3, 3, 4), random))
        return _Text(targets, stars, base, tongue, strength=pick((0, 1, 1, 2, 3), random))

    def _slotted(self, random: Random) -> _Text:
        """Three to five places with two to four wordings each, chosen by a program."""
        targets, tongue = self._targets(random), language(random)
        stars = 5 if random.random() < 0.8 else 1
        side, words = side_of(stars), vocabulary(tongue)
        pool = list(targets[0].attributes(tongue))
        random.shuffle(pool)
        own = targets[0].words[tongue]
        slots = [
            [words.clause(attribute, side, random, own) for _ in range(pick((1, 1, 2, 3), random))]
            for attribute in pool[: pick((3, 4, 5), random)]
        ]
        slots.insert(0, [words.one("story", random, own) for _ in range(pick((1, 2), random))])
        base = Written("", side, tuple((attribute, side) for attribute in pool[: len(slots) - 1]))
        return _Text(targets, stars, base, tongue, slots=slots)

    def _attack(self, plan: Plan, random: Random) -> list[Draft]:
        """New accounts run a product down within hours, each in its own words."""
        product, tongue = self._targets(random)[0], language(random)
        about = random.sample(product.attributes(tongue), 3)
        start = self._clock.at(random.uniform(0, 0.9))
        length = random.uniform(0.5, 3) * _HOUR
        found = []
        for _ in range(plan.size):
            account = self._shop.stranger(random)
            written = compose(product, tongue, 1, random, about=about)
            truth = ReviewTruth(
                plan.kind, written.sentiment, True, plan.id, aspects=written.aspects
            )
            found.append(
                Draft(
                    int(start + random.random() * length),
                    written.text,
                    product.name,
                    self._shop.name(account),
                    1.0 if random.random() < 0.93 else 2.0,
                    self._age(account, random, True),
                    truth,
                )
            )
        return found

    def _burst(self, plan: Plan, random: Random) -> list[Draft]:
        """One account reviews what it cannot have bought, faster than anybody types."""
        account, tongue = self._shop.stranger(random), language(random)
        at = float(self._clock.at(random.uniform(0, 0.97)))
        stars = 5 if random.random() < 0.8 else 1
        age = self._age(account, random, random.random() < 0.4)
        pace = random.uniform(4_000, 45_000)
        found = []
        for _ in range(min(plan.size, 90)):
            product = self._shop.product(random)
            written = compose(product, tongue, stars, random, clauses=pick((1, 2, 3), random))
            truth = ReviewTruth(
                plan.kind, written.sentiment, True, plan.id, aspects=written.aspects
            )
            found.append(
                Draft(
                    int(at),
                    written.text,
                    product.name,
                    self._shop.name(account),
                    float(stars),
                    age,
                    truth,
                )
            )
            at += random.expovariate(1 / pace) + 1_000
        return found

    def _advert(self, plan: Plan, random: Random) -> list[Draft]:
        """A few accounts leave one advert under many products."""
        tongue = language(random)
        text = named("advert", self._shop.product(random), tongue, random)
        accounts = [self._shop.stranger(random) for _ in range(pick((2, 3, 5, 8), random))]
        start, end = self._window(random)
        ages = {account: self._age(account, random, True) for account in accounts}
        found = []
        for _ in range(plan.size):
            account = pick(accounts, random)
            found.append(
                Draft(
                    int(random.uniform(start, end)),
                    edit(text, tongue, random, 1),
                    self._shop.product(random).name,
                    self._shop.name(account),
                    5.0,
                    ages[account],
                    ReviewTruth(plan.kind, None, True, plan.id),
                )
            )
        return found

    def _defect(self, plan: Plan, random: Random) -> list[Draft]:
        """A bad batch: many customers complain of the same on one day, in their own words."""
        product, tongue = self._shop.product(random), language(random)
        about = random.sample(product.attributes(tongue), 2)
        start, length = self._clock.at(random.uniform(0, 0.7)), random.uniform(2, 10) * _HOUR
        found = []
        for _ in range(plan.size):
            given = pick((1, 1, 1, 2, 2, 3), random)
            written = compose(product, tongue, given, random, about=about)
            time_ms = start + random.random() * length
            found.append(
                self._innocents.draft(random, time_ms, "defect", written, given, product=product)
            )
        return found

    def _sale(self, plan: Plan, random: Random) -> list[Draft]:
        """A flash sale has arrived: everybody praises one product within the hour."""
        product = self._shop.product(random)
        start, length = self._clock.at(random.uniform(0, 0.9)), random.uniform(0.5, 3) * _HOUR
        found = []
        for _ in range(plan.size):
            tongue, given = language(random), pick((5, 5, 5, 5, 4), random)
            brief = random.random() < 0.35
            written = (
                short(tongue, given, random) if brief else compose(product, tongue, given, random)
            )
            time_ms = start + random.random() * length
            draft = self._innocents.draft(random, time_ms, "sale", written, given, product=product)
            if random.random() < _NEW_BY_SALE:
                draft = structs.replace(draft, account_days=round(random.uniform(0, 10), 1))
            found.append(draft)
        return found


@dataclass(frozen=True)
class _Text:
    """What a campaign wants to be read: a text to edit, or slots to fill in."""

    products: Sequence[Product]
    stars: int
    base: Written
    language: Language
    strength: int = 0
    slots: Sequence[Sequence[str]] = ()

    def write(self, random: Random) -> str:
        if self.slots:
            return join([pick(slot, random) for slot in self.slots], self.language, random)
        return edit(self.base.text, self.language, random, self.strength)
