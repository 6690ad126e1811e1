"""Our own labelled stream of short texts: what customers write, mostly Chinese, and about what."""

import math
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from random import Random
from typing import NamedTuple

from streams.simulation.texts import mangle, render
from streams.simulation.vocabulary import load_vocabulary

TEXTS = 3_600
SEED = 20_261

_ZIPF = 0.5
"""Sizes fall with this power of their rank: 165 to 18 texts at 3,600 of 88 themes."""
_BURST_SHARE = 0.6
"""Share of a theme's texts that fall into its burst; the rest is spread over the stream."""
_BURST_WIDTH = 0.05
"""Standard deviation of the burst, as a share of the stream."""
_FASHION = 0.25
"""How far around the present way to say it (as a share of all ways) people choose their words."""
_TWO_CLAUSES = 0.5
"""Share of texts that say the matter in two ways at once, as people do when they are upset."""
_JOINT = {"zh": "，", "en": ", "}
_PREFIX, _SUFFIX, _WIDE = 0.3, 0.45, 0.05
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}


class Labelled(NamedTuple):
    """A text and the theme it is about."""

    text: str
    theme: str


def corpus(texts: int = TEXTS, seed: int = SEED) -> list[Labelled]:
    """`texts` labelled texts in stream order, the same for the same arguments.

    Themes differ in size (Zipf), each has a burst somewhere in the stream, and the way people put
    it drifts from the first phrase of the theme to the last. Texts carry typos, emoji, full-width
    letters, numbers, greetings and pleas.
    """
    random = Random(seed)
    themes = load_themes()
    names = sorted(themes)
    random.shuffle(names)
    dated = [
        (when, theme, number)
        for theme, size in zip(names, _sizes(len(names), texts), strict=True)
        for number, when in enumerate(_moments(size, random))
    ]
    return [
        Labelled(_written(themes[theme], when, theme, random), theme)
        for when, theme, _ in sorted(dated)
    ]


def load_themes() -> dict[str, tuple[str, ...]]:
    """The phrases of every theme; names that start with `english` are in English."""
    folder = files("streams.evaluation") / "data"
    tables = (file for file in folder.iterdir() if file.name.startswith("themes-"))
    themes: dict[str, tuple[str, ...]] = {}
    for file in sorted(tables, key=lambda file: file.name):
        found = tomllib.loads(file.read_text(encoding="utf-8"))["themes"]
        themes.update((name, tuple(phrases)) for name, phrases in found.items())
    return themes


def _sizes(themes: int, texts: int) -> list[int]:
    """Largest first; rounding goes to the largest."""
    weights = [rank**-_ZIPF for rank in range(1, themes + 1)]
    sizes = [math.floor(texts * weight / math.fsum(weights)) for weight in weights]
    sizes[0] += texts - sum(sizes)
    return sizes


def _moments(size: int, random: Random) -> list[float]:
    """When the texts of one theme come, as shares of the stream."""
    burst = random.random()
    moments = []
    for _ in range(size):
        when = random.random()
        if random.random() < _BURST_SHARE:
            when = min(max(random.gauss(burst, _BURST_WIDTH), 0.0), 1.0)
        moments.append(when)
    return moments


def _written(phrases: Sequence[str], when: float, theme: str, random: Random) -> str:
    language = "en" if theme.startswith("english") else "zh"
    clauses = 2 if random.random() < _TWO_CLAUSES else 1
    text = _JOINT[language].join(
        mangle(render(_chosen(phrases, when, random), random, {}), language, random)
        for _ in range(clauses)
    )
    around = load_vocabulary().around[random.choice(("neutral", "upset"))]
    if random.random() < _PREFIX:
        text = random.choice(around[f"prefix_{language}"]) + text
    if random.random() < _SUFFIX:
        text += random.choice(around[f"suffix_{language}"])
    return text.translate(_FULL_WIDTH) if random.random() < _WIDE else text


def _chosen(phrases: Sequence[str], when: float, random: Random) -> str:
    near = when + random.gauss(0.0, _FASHION)
    return phrases[math.floor(near * len(phrases)) % len(phrases)]
