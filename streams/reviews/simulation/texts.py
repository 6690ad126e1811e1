"""Texts of reviews, put together clause by clause."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from schemas.reviews import Polarity, Sentiment
from streams.reviews.simulation.shop import Product
from streams.reviews.simulation.vocabulary import Language, Side, pick, vocabulary

_CLAUSES = (1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5)
_STORY, _EMOJI_ONLY = 0.4, "👍😊😂❤️🌹💪😡🤮👎🔥🎉"
_MIXED = {5: 0.06, 4: 0.5, 3: 1.0, 2: 0.25, 1: 0.05}
"""How often a review of so many stars says the other side, too."""


class Written(NamedTuple):
    """A text, what it thinks, and of which attributes it was composed."""

    text: str
    sentiment: Sentiment
    aspects: tuple[tuple[str, Polarity], ...]


def side_of(stars: int) -> Side:
    """What most of a review of so many stars says."""
    return "positive" if stars >= 3 else "negative"


def compose(
    product: Product,
    language: Language,
    stars: int,
    random: Random,
    *,
    clauses: int = 0,
    about: Sequence[str] = (),
) -> Written:
    """A review in its author's own words; `about`: the attributes to choose from, else any."""
    words = vocabulary(language)
    own = product.words[language]
    side = side_of(stars)
    count = clauses or pick(_CLAUSES, random)
    pool = list(about or product.attributes(language))
    random.shuffle(pool)
    parts = [words.one(f"open_{side}", random, own)]
    aspects: list[tuple[str, Polarity]] = []
    for attribute in pool[:count]:
        parts.append(words.clause(attribute, side, random, own))
        aspects.append((attribute, side))
    if random.random() < _STORY * min(count, 3) / 2:
        parts.insert(1 + int(random.random() * len(parts)), words.one("story", random, own))
    mixed = len(pool) > count and random.random() < _MIXED[stars]
    text = join([part for part in parts if part], language, random)
    if mixed:
        other: Side = "negative" if side == "positive" else "positive"
        turned = words.clause(pool[count], other, random, own)
        text = f"{text}{pick(words.lists['contrast'], random)}{turned}"
        aspects.append((pool[count], other))
    end = words.one(f"close_{side}", random, own)
    text = join([text, end] if end else [text], language, random)
    text += pick(words.lists["stop"], random)
    sentiment: Sentiment = "mixed" if mixed and len(aspects) < 4 else side
    return Written(text, sentiment, tuple(aspects))


def join(parts: Sequence[str], language: Language, random: Random) -> str:
    """Clauses with what an author puts between them."""
    joins = vocabulary(language).lists["join"]
    text = "".join([part + pick(joins, random) for part in parts[:-1]]) + parts[-1]
    if language == "en" and random.random() < 0.6:
        return text[:1].upper() + text[1:]
    return text


def short(language: Language, stars: int, random: Random) -> Written:
    """A word or two, as hundreds of others write them."""
    side = side_of(stars)
    text = pick(vocabulary(language).lists[f"short_{side}"], random)
    tail = random.random()
    if tail < 0.25:
        text += pick("！。!~.", random) * (1 + int(random.random() * 3))
    elif tail < 0.32:
        text += pick(_EMOJI_ONLY, random)
    elif tail < 0.36 and language == "en":
        text = text.upper()
    return Written(text, side, ())


def named(name: str, product: Product, language: Language, random: Random) -> str:
    """A text of a kind of template: `form`, `human`, `banned`, `contact`, `advert`.

    Contact details are invented: unused numbers and domains.
    """
    words = dict(product.words[language])
    words["phone"] = (
        f"1990000{random.randrange(10_000):04d}",
        f"199 0000 {random.randrange(9999):04d}",
    )
    words["handle"] = (f"{pick(('wx', 'vip', 'abc', 'lucky'), random)}{random.randrange(10**5)}",)
    words["mail"] = (f"shop{random.randrange(10_000)}@example.com",)
    words["url"] = (f"www.deal{random.randrange(1000)}.example.com",)
    return vocabulary(language).one(name, random, words)
