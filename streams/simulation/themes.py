"""What is written about: every theme of every product, with its volume and rhythm."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from streams.simulation.products import Product
from streams.simulation.scenario import DAY, Scenario
from streams.simulation.vocabulary import Words, load_vocabulary

LOG_CHANNEL = 4
"""Index of `logs.errors` in `schemas.topics.COLLECTED`; channels below are indices into it."""
_ZIPF = 0.9
_NEW_SHARE = 0.15
"""Share of the problems of a product that have never been reported before their incident."""
_PROBLEM_RANKS = 0.35
"""How far problems rank behind the other themes, of 1."""


class Kind(StrEnum):
    """What sort of theme it is."""

    PROBLEM = "problem"
    BACKGROUND = "background"
    LOG = "log"
    JOB = "job"
    SPAM = "spam"


CHANNEL_SHARES = {
    Kind.PROBLEM: (0.36, 0.14, 0.14, 0.14, 0.22),
    Kind.BACKGROUND: (0.5, 0.2, 0.12, 0.18, 0.0),
    Kind.LOG: (0.0, 0.0, 0.0, 0.0, 1.0),
    Kind.JOB: (0.0, 0.0, 0.0, 0.0, 1.0),
    Kind.SPAM: (0.25, 0.15, 0.0, 0.6, 0.0),
}


NO_WORDS = Words()


@dataclass(frozen=True)
class Rhythm:
    """Volume over time, as in the minute generator of the detection notes.

    `rate`: mean events a minute over the week; `amplitude`: share that follows the day; `weekend`:
    factor on Saturday and Sunday; `phase`: minutes; `phi`: variance is m + phi m^2.
    """

    rate: float
    amplitude: float
    weekend: float
    phase: float
    phi: float


@dataclass(frozen=True)
class Theme:
    """One theme of one product; `product` is the product's index."""

    product: int
    key: str
    kind: Kind
    templates: Words
    rhythm: Rhythm
    service: str = ""
    category: str | None = None
    level: str = "ERROR"
    rating: int = 2
    terms: Words = NO_WORDS
    causes: tuple[str, ...] = ()
    job_minute: int = 0


def make_themes(scenario: Scenario, products: Sequence[Product]) -> list[Theme]:
    """All themes, product by product; the rates of one product follow Zipf's law."""
    weights = np.array([(index + 1) ** -0.5 for index in range(len(products))])
    rates = scenario.rate * weights / weights.sum()
    return [
        theme
        for index, product in enumerate(products)
        for theme in _themes_of(scenario, index, product, float(rates[index]))
    ]


def _themes_of(scenario: Scenario, index: int, product: Product, rate: float) -> list[Theme]:
    words = load_vocabulary()
    rng = scenario.rng("themes", product.name)
    problems = [p for p in words.problem if not p.kinds or product.kind in p.kinds]
    others = [b for b in words.background if not b.kinds or product.kind in b.kinds]
    new = rng.permutation(len(problems))[: max(1, round(_NEW_SHARE * len(problems)))]
    known = np.ones(len(problems) + len(others) + len(words.log), dtype=bool)
    known[new] = False
    place = rng.random(len(known))
    place[: len(problems)] += _PROBLEM_RANKS
    volume = np.where(known, (place.argsort().argsort() + 1.0) ** -_ZIPF, 0.0)
    rhythms = iter([_rhythm(rng, share) for share in rate * volume / volume.sum()])
    themes = [
        Theme(
            product=index,
            key=p.key,
            kind=Kind.PROBLEM,
            templates=Words(p.zh, p.en, p.log),
            rhythm=next(rhythms),
            service=p.service,
            category=p.category,
            terms=p.terms,
            causes=p.causes,
        )
        for p in problems
    ]
    themes += [
        Theme(index, b.key, Kind.BACKGROUND, Words(b.zh, b.en), next(rhythms), rating=b.rating)
        for b in others
    ]
    themes += [
        Theme(index, n.key, Kind.LOG, Words(log=n.log), next(rhythms), n.service, level=n.level)
        for n in words.log
    ]
    themes += [
        Theme(
            product=index,
            key=job.key,
            kind=Kind.JOB,
            templates=Words(log=job.log),
            rhythm=Rhythm(rate=max(6.0, rate / 12), amplitude=0.0, weekend=1.0, phase=0.0, phi=0.1),
            service=job.service,
            level=job.level,
            terms=Words(log=job.terms),
            job_minute=int(rng.integers(90, 270)),
        )
        for job in words.job
    ]
    silent = Rhythm(0.0, 0.0, 1.0, 0.0, 0.0)
    return [*themes, Theme(index, "spam", Kind.SPAM, words.spam, silent, rating=5)]


def _rhythm(rng: np.random.Generator, rate: float) -> Rhythm:
    return Rhythm(
        rate=float(rate),
        amplitude=float(rng.uniform(0.3, 1.0)),
        weekend=float(rng.uniform(0.4, 1.0)),
        phase=float(rng.normal(0.0, 45.0)) % DAY,
        phi=float(rng.choice((0.02, 0.1, 0.4))),
    )
