"""What is sold, and who writes about it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from random import Random

from streams.reviews.simulation.grammar import Words
from streams.reviews.simulation.vocabulary import Language, pick, vocabulary

_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_FLATTEN, _STEEP = 8, 0.9
"""Of the power law of popularity."""
_REGULARS = 0.15
"""Share of reviews by the twentieth of the authors that write much."""
_AGE_KNOWN, _AGE_LOG_MEAN, _AGE_LOG_SD = 0.8, 6.3, 1.5
"""Account ages are log-normal with a median of 540 days; one in 40 is younger than 30."""


@dataclass(frozen=True)
class Product:
    """One product of a domain."""

    name: str
    domain: str
    noun: int

    @cached_property
    def words(self) -> dict[Language, Words]:
        """Per language the lists of words, its own name among them."""
        found: dict[Language, Words] = {}
        for language in _LANGUAGES:
            domain = vocabulary(language).domains[self.domain]
            noun = domain.nouns[self.noun % len(domain.nouns)]
            found[language] = {**domain.words, "noun": (noun,)}
        return found

    def attributes(self, language: Language) -> tuple[str, ...]:
        """What it may be praised or blamed for."""
        return vocabulary(language).domains[self.domain].attributes


class Shop:
    """Products by popularity, and authors, of whom few write much."""

    def __init__(self, seed: int, products: int, authors: int) -> None:
        random = Random(f"shop:{seed}")
        domains = sorted(vocabulary("zh").domains)
        self.products = tuple(
            Product(f"p-{number:05d}", pick(domains, random), random.randrange(1000))
            for number in range(products)
        )
        weights = [1 / (rank + _FLATTEN) ** _STEEP for rank in range(products)]
        self._popularity = tuple(accumulate(weights))
        self._authors = authors
        self._seed = seed

    def product(self, random: Random) -> Product:
        """One of those that people buy, the popular ones more often."""
        at = bisect_left(self._popularity, random.random() * self._popularity[-1])
        return self.products[min(at, len(self.products) - 1)]

    def author(self, random: Random) -> int:
        """The number of one of its customers."""
        if random.random() < _REGULARS:
            return int(random.random() * (1 + self._authors // 20))
        return int(random.random() * self._authors)

    def stranger(self, random: Random) -> int:
        """The number of somebody who is no customer."""
        return self._authors + int(random.random() * self._authors)

    def name(self, author: int) -> str:
        """How an author is called: the numbers of customers and strangers lie mixed."""
        return f"u-{(author * 2_654_435_761 + self._seed) % 2**32:010d}"

    def age(self, author: int) -> float | None:
        """How many days an account has been there; None: not known."""
        random = Random(self._seed * 1_000_003 + author)
        if random.random() > _AGE_KNOWN:
            return None
        return float(round(random.lognormvariate(_AGE_LOG_MEAN, _AGE_LOG_SD), 1))
