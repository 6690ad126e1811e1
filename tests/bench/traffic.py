"""Made-up feedback shaped like the Event contract: about 230 bytes of JSON an event.

Three products, about 45 themes each, Chinese and English. A text is either one of a few hundred
that come back again and again, or novel: a paraphrase of its theme with random words and a number
of its own, so that no two are equal.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from streams.simulation.texts import pool
from streams.simulation.vocabulary import Background, Problem, ProductKind, load_vocabulary

FIRST_MS = 1_736_121_600_000
"""2025-01-06T00:00Z: always the same, so that every run closes the same minutes."""
_CHUNK = 10_000
_AUTHORS = 50_000
_PROFILES = 2_000
_WORDS = 40_000
_PARAPHRASES = 64
_REPEATED = 2
"""Texts per theme and language where texts come back."""
_SYLLABLES = (
    "ba be bi bo da de du fa fi go ha ho ka ki lo ma mi mo na ne no pa ra ri sa so ta tu vi za"
)
_CHARACTERS = (
    "天地人山水火木金土日月星风云雨雪花草树鸟鱼马牛羊门窗车船书笔衣食住行春夏秋冬东南西北上下左右"
)


class Message(NamedTuple):
    """A record to write: its time in epoch ms, its key (the product) and its JSON."""

    ms: int
    key: bytes
    value: bytes


class Core(NamedTuple):
    """A text of a theme, escaped for JSON."""

    product: str
    lang: str
    text: str


def themes(kind: ProductKind, paraphrases: int, seed: int) -> list[list[Core]]:
    """The texts of every theme of a product, `paraphrases` per theme and language."""
    words = load_vocabulary()
    slots = {
        lang: {
            "feature": getattr(kind.features, lang),
            "page": getattr(kind.pages, lang),
            "city": getattr(words.cities, lang),
        }
        for lang in ("zh", "en")
    }
    random = Random(f"{seed} {kind.name}")
    written: tuple[Problem | Background, ...] = (*words.problem, *words.background)
    return [
        [
            Core(kind.name, lang, msgspec.json.encode(text).decode()[1:-1])
            for lang in ("zh", "en")
            for text in pool(getattr(theme, lang), lang, paraphrases, random, slots[lang])
        ]
        for theme in written
        if not theme.kinds or kind.name in theme.kinds
    ]


def novelties(seed: int) -> dict[str, list[str]]:
    """Invented words per language, for texts that nobody has written before."""
    random = Random(seed)
    syllables = _SYLLABLES.split()
    return {
        "en": ["".join(random.choices(syllables, k=3)) for _ in range(_WORDS)],
        "zh": ["".join(random.choices(_CHARACTERS, k=2)) for _ in range(_WORDS)],
    }


def profiles(seed: int) -> list[str]:
    """The end of an event: rating and attributes of one user."""
    random = Random(seed)
    return [
        f',"rating":{random.randrange(1, 6)},"attributes":{{'
        f'"app_version":"7.{random.randrange(4)}.0","os":"{random.choice(("android", "ios"))}",'
        f'"region":"CN-{random.randrange(11, 42)}"}}}}'
        for _ in range(_PROFILES)
    ]


def zipf(size: int) -> NDArray[np.float64]:
    """Cumulative shares of `size` things by Zipf's law with exponent 0.9."""
    weights = (np.arange(size) + 1.0) ** -0.9
    return np.asarray(np.cumsum(weights / weights.sum()))


class Traffic:
    """Deterministic by seed; `novel` is the share of novel texts, `rate` events a second."""

    def __init__(self, seed: int, *, novel: float, rate: float = 1000.0) -> None:
        self._seed = seed
        self._novel = novel
        self._rate = rate
        size = _PARAPHRASES if novel else _REPEATED
        kinds = load_vocabulary().product
        self._themes = [theme for kind in kinds for theme in themes(kind, size, seed)]
        # Mixed, so that every product has frequent and rare themes.
        Random(seed).shuffle(self._themes)
        self._shares = zipf(len(self._themes))
        self._words = novelties(seed)
        self._profiles = profiles(seed)

    def messages(self, count: int) -> Iterator[Message]:
        """The first `count` messages, in order of time."""
        chunks = (message for start in range(0, count, _CHUNK) for message in self._chunk(start))
        return islice(chunks, count)

    def _chunk(self, start: int) -> Iterator[Message]:
        rng = np.random.default_rng([self._seed, start])
        ms = FIRST_MS + (np.arange(start, start + _CHUNK) * (1000.0 / self._rate)).astype(np.int64)
        columns = (
            range(start, start + _CHUNK),
            ms.tolist(),
            times(ms),
            np.searchsorted(self._shares, rng.random(_CHUNK)).tolist(),
            rng.integers(0, 2 * _PARAPHRASES, _CHUNK).tolist(),
            (rng.random(_CHUNK) < self._novel).tolist(),
            rng.integers(0, _WORDS, _CHUNK).tolist(),
            rng.integers(0, _WORDS, _CHUNK).tolist(),
            rng.integers(0, _AUTHORS, _CHUNK).tolist(),
        )
        for n, time_ms, time, theme, form, is_novel, first, second, author in zip(
            *columns, strict=True
        ):
            forms = self._themes[theme]
            product, lang, text = forms[form % len(forms)]
            if is_novel:
                words = self._words[lang]
                text = f"{text} {words[first]} {words[second]} {n}"
            tail = self._profiles[author % _PROFILES]
            yield Message(
                time_ms, product.encode(), event_json(n, time, product, text, author, lang, tail)
            )


def times(ms: NDArray[np.int64]) -> Sequence[str]:
    """RFC 3339 in UTC, without the zone."""
    texts: list[str] = np.datetime_as_string(ms.astype("datetime64[ms]"), unit="ms").tolist()
    return texts


def event_json(
    n: int, time: str, product: str, text: str, author: int, lang: str, tail: str
) -> bytes:
    """One event as a producer sends it; `text` is escaped, `tail` is a profile."""
    return (
        f'{{"id":"r-{n}","time":"{time}Z","product":"{product}","text":"{text}",'
        f'"author":"u-{author}","lang":"{lang}"{tail}'
    ).encode()
