"""Honest reviews, and all the innocent ways in which they repeat themselves."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from random import Random

from schemas.reviews import Sentiment
from streams.reviews.simulation.clock import Clock
from streams.reviews.simulation.edits import edit
from streams.reviews.simulation.shop import Product, Shop
from streams.reviews.simulation.texts import Written, compose, named, short, side_of
from streams.reviews.simulation.truth import Draft, ReviewTruth
from streams.reviews.simulation.vocabulary import Language, pick, vocabulary

CHINESE = 0.75
_STARS = (1, 1, 2, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5)
_MISRATED = 0.02
_MINUTE = 60_000


def language(random: Random) -> Language:
    """Of the next author."""
    return "zh" if random.random() < CHINESE else "en"


def stars(random: Random) -> int:
    """Of the next review."""
    return pick(_STARS, random)


class Innocents:
    """A stream of honest drafts for any stretch of a day."""

    def __init__(self, seed: int, shop: Shop, clock: Clock) -> None:
        self._shop, self._clock = shop, clock
        random = Random(f"memes:{seed}")
        self._memes = {one: self._running_jokes(one, random) for one in ("zh", "en")}
        self._kinds = tuple(_KINDS)
        self._shares = tuple(accumulate(_KINDS.values()))
        self._makers: dict[str, Callable[[Random, int], list[Draft]]] = {
            "composed": self._composed,
            "short": self._short,
            "default": self._default,
            "meme": self._meme,
            "form": self._form,
            "catch_up": self._catch_up,
            "diligent": self._diligent,
            "same_for_all": self._same_for_all,
            "posted_twice": self._posted_twice,
            "follow_up": self._follow_up,
            "household": self._household,
            "risky": self._risky,
        }

    def drafts(self, random: Random, first: float, last: float) -> Iterator[list[Draft]]:
        """One customer after another between two shares of the day, each with all they write."""
        while True:
            time_ms = self._clock.at(first + (last - first) * random.random())
            kind = self._kinds[bisect_left(self._shares, random.random() * self._shares[-1])]
            yield self._makers[kind](random, time_ms)

    def draft(
        self,
        random: Random,
        time_ms: float,
        kind: str,
        written: Written | tuple[str, Sentiment | None],
        rating: float | None,
        *,
        product: Product | None = None,
        author: int | None = None,
    ) -> Draft:
        """One honest review of some product by some customer."""
        product = product or self._shop.product(random)
        author = self._shop.author(random) if author is None else author
        aspects = written.aspects if isinstance(written, Written) else ()
        return Draft(
            int(time_ms),
            written[0],
            product.name,
            self._shop.name(author),
            None if rating is None else float(rating),
            self._shop.age(author),
            ReviewTruth(kind, written[1], aspects=aspects),
        )

    def _running_jokes(self, which: str, random: Random) -> tuple[str, ...]:
        """Texts that everybody copies this week: two known ones, and one that nobody knew."""
        tongue: Language = "zh" if which == "zh" else "en"
        words = vocabulary(tongue)
        product = pick(self._shop.products, random)
        pool = list(product.attributes(tongue))
        random.shuffle(pool)
        clauses = [words.clause(a, "positive", random, product.words[tongue]) for a in pool[:3]]
        slots = {name: (clause,) for name, clause in zip("abc", clauses, strict=True)}
        return (*random.sample(words.lists["meme"], 2), words.one("viral", random, slots))

    def _composed(self, random: Random, time_ms: int) -> list[Draft]:
        product, given = self._shop.product(random), stars(random)
        written = compose(product, language(random), given, random)
        misrated = given != 3 and random.random() < _MISRATED
        rating = None if random.random() < 0.03 else float(6 - given if misrated else given)
        return [self.draft(random, time_ms, "composed", written, rating, product=product)]

    def _short(self, random: Random, time_ms: int) -> list[Draft]:
        given = stars(random)
        return [self.draft(random, time_ms, "short", short(language(random), given, random), given)]

    def _default(self, random: Random, time_ms: int) -> list[Draft]:
        text = pick(vocabulary("zh").lists["default"], random)
        return [self.draft(random, time_ms, "default", (text, None), 5.0)]

    def _meme(self, random: Random, time_ms: int) -> list[Draft]:
        tongue = language(random)
        text = pick(self._memes[tongue], random)
        if random.random() < 0.2:
            text = edit(text, tongue, random, 1)
        return [self.draft(random, time_ms, "meme", (text, None), float(max(3, stars(random))))]

    def _form(self, random: Random, time_ms: int) -> list[Draft]:
        product = self._shop.product(random)
        text = named("form", product, language(random), random)
        given = float(max(3, stars(random)))
        return [self.draft(random, time_ms, "form", (text, "positive"), given, product=product)]

    def _catch_up(self, random: Random, time_ms: int) -> list[Draft]:
        """Somebody goes through the orders of a month: a few words for each."""
        author, tongue, at = self._shop.author(random), language(random), time_ms
        found = []
        for _ in range(3 + int(random.expovariate(0.3))):
            product, given = self._shop.product(random), max(stars(random), stars(random))
            if random.random() < 0.75:
                written = short(tongue, given, random)
            else:
                written = compose(product, tongue, given, random, clauses=1)
            found.append(
                self.draft(random, at, "catch_up", written, given, product=product, author=author)
            )
            at += int(random.uniform(0.15, 1.2) * _MINUTE) + 250 * len(written.text)
        return found

    def _diligent(self, random: Random, time_ms: int) -> list[Draft]:
        """Somebody writes a real review for each of their orders, as fast as one types."""
        author, tongue, at = self._shop.author(random), language(random), time_ms
        letter_ms = random.uniform(700, 1_500) * (1 if tongue == "zh" else 0.25)
        found = []
        for _ in range(3 + int(random.random() * 12)):
            product, given = self._shop.product(random), stars(random)
            written = compose(product, tongue, given, random)
            at += int(random.uniform(5_000, 60_000) + letter_ms * len(written.text))
            found.append(
                self.draft(random, at, "diligent", written, given, product=product, author=author)
            )
        return found

    def _same_for_all(self, random: Random, time_ms: int) -> list[Draft]:
        """Somebody copies one text of their own under all of their orders."""
        author, tongue, at = self._shop.author(random), language(random), time_ms
        given = max(3, stars(random))
        written = compose(self._shop.product(random), tongue, given, random)
        found = []
        for _ in range(2 + min(10, int(random.expovariate(0.5)))):
            found.append(self.draft(random, at, "same_for_all", written, given, author=author))
            at += int(random.uniform(0.1, 1.0) * _MINUTE)
        return found

    def _posted_twice(self, random: Random, time_ms: int) -> list[Draft]:
        """A slow network, a second tap."""
        author, product, given = (
            self._shop.author(random),
            self._shop.product(random),
            stars(random),
        )
        written = compose(product, language(random), given, random)
        later = time_ms + int(random.expovariate(1 / 90_000))
        return [
            self.draft(random, at, "posted_twice", written, given, product=product, author=author)
            for at in (time_ms, later)
        ]

    def _follow_up(self, random: Random, time_ms: int) -> list[Draft]:
        """The same customer has more to say about the same product, hours later."""
        author, product, given = (
            self._shop.author(random),
            self._shop.product(random),
            stars(random),
        )
        tongue = language(random)
        later = time_ms + int(random.uniform(0.2, 8) * 60 * _MINUTE)
        return [
            self.draft(
                random,
                at,
                "follow_up",
                compose(product, tongue, given, random),
                given,
                product=product,
                author=author,
            )
            for at in (time_ms, later)
        ]

    def _household(self, random: Random, time_ms: int) -> list[Draft]:
        """Two or three who bought together, and copied one text."""
        product, tongue, given = self._shop.product(random), language(random), stars(random)
        written = compose(product, tongue, given, random)
        return [
            self.draft(
                random,
                time_ms + int(random.uniform(0, 60) * _MINUTE),
                "household",
                written,
                given,
                product=product,
            )
            for _ in range(pick((2, 2, 3), random))
        ]

    def _risky(self, random: Random, time_ms: int) -> list[Draft]:
        """A single one for other rules: banned words, contact details, adverts, injuries."""
        product, tongue = self._shop.product(random), language(random)
        kind = pick(("human", "human", "banned", "contact", "advert"), random)
        given = 1 if kind == "human" else stars(random)
        start = compose(product, tongue, given, random, clauses=1)
        text = f"{start.text} {named(kind, product, tongue, random)}"
        written = Written(text, side_of(given), start.aspects)
        return [self.draft(random, time_ms, kind, written, given, product=product)]


# Shares of customers; several of them write more than one review.
_KINDS = {
    "composed": 0.68,
    "short": 0.15,
    "default": 0.06,
    "meme": 0.012,
    "form": 0.025,
    "catch_up": 0.012,
    "diligent": 0.002,
    "same_for_all": 0.006,
    "posted_twice": 0.008,
    "follow_up": 0.006,
    "household": 0.0015,
    "risky": 0.008,
}
