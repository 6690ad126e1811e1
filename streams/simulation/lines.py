"""Events as the JSON that a producer sends."""

from collections.abc import Iterator, Sequence
from random import Random

import msgspec
import numpy as np
from numpy.typing import NDArray

from schemas.topics import CHANNELS, COLLECTED
from streams.simulation.delivery import Delivery
from streams.simulation.events import LANGUAGES, Events
from streams.simulation.population import ATTRIBUTES, BOTS, USERS, Population
from streams.simulation.products import Product
from streams.simulation.scenario import Scenario
from streams.simulation.texts import pool, render
from streams.simulation.themes import LOG_CHANNEL, Kind, Theme
from streams.simulation.vocabulary import load_vocabulary
from streams.simulation.world import World

_POOL = 256
"""Rendered texts per theme and language; with prefix and suffix, thousands of forms."""
_SURROUNDINGS = 64
_BLANK = 0.45
_CONTACT = 0.3
"""Share of the endings of tickets that give contact data."""
_MOODS = ("glad", "neutral", "upset")
_STARS = (-1, 0, 0, 1)
"""How far ratings are off the usual one of their theme."""
_CHUNK = 16_384
_WEB_OFFSET_HOURS = 8
_APP, _WEB, _TICKET, _SOCIAL = range(4)
_NAMED = (_APP, _SOCIAL)
"""Channels whose producers say the channel; for the others the topic says it."""


class Surfaces:
    """All rendered texts, escaped for JSON, in one list, and where each theme's begin."""

    def __init__(self, world: World) -> None:
        scenario, themes = world.scenario, world.themes
        self.texts: list[str] = []
        self.first = np.zeros((len(themes), len(LANGUAGES)), dtype=np.int64)
        self.size = np.ones((len(themes), len(LANGUAGES)), dtype=np.int64)
        for index, theme in enumerate(themes):
            words = _slot_words(world.products[theme.product])
            size = BOTS if theme.kind is Kind.SPAM else _POOL
            for code, language in enumerate(LANGUAGES):
                templates = getattr(theme.templates, language)
                if templates:
                    random = _random(scenario, theme.key, language, str(theme.product))
                    rendered = pool(templates, language, size, random, words[language])
                    self.first[index, code] = len(self.texts)
                    self.size[index, code] = size
                    self.texts += map(_escaped, rendered)
        self.prefixes, self.suffixes = _surroundings(scenario)


def _random(scenario: Scenario, *purpose: str) -> Random:
    return Random(int(scenario.rng("texts", *purpose).integers(2**62)))


def _escaped(text: str) -> str:
    return msgspec.json.encode(text).decode()[1:-1]


def _slot_words(product: Product) -> dict[str, dict[str, Sequence[str]]]:
    cities = load_vocabulary().cities
    return {
        language: {
            "feature": getattr(product.features, language),
            "page": getattr(product.pages, language),
            "city": getattr(cities, language),
        }
        for language in LANGUAGES
    }


def _surroundings(scenario: Scenario) -> tuple[list[str], list[str]]:
    """Prefixes and suffixes, `_SURROUNDINGS` of each per style, in the order of `_styles`."""
    words = load_vocabulary()
    prefixes: list[str] = []
    suffixes: list[str] = []
    for mood in _MOODS:
        for ticket in (False, True):
            for language in LANGUAGES:
                random = _random(scenario, "around", mood, str(ticket), language)
                around = words.around[mood]
                openings = around.get(f"prefix_{language}", ("",))
                endings = around.get(f"suffix_{language}", words.trace.log)
                contacts = getattr(words.contact, language) if ticket else ()
                for _ in range(_SURROUNDINGS):
                    draw = random.random()
                    prefixes.append(_escaped("" if draw < _BLANK else random.choice(openings)))
                    draw = random.random()
                    ending = random.choice(contacts if contacts and draw < _CONTACT else endings)
                    blank = language != "log" and draw > 1 - _BLANK
                    suffixes.append(_escaped("" if blank else render(ending, random, {})))
    return prefixes, suffixes


def _styles(channel: int, events: Events, themes: Sequence[Theme]) -> NDArray[np.int64]:
    mood = np.array([_MOODS.index(_mood(theme.rating)) for theme in themes])[events.theme]
    return np.asarray((mood * 2 + (channel == _TICKET)) * len(LANGUAGES) + events.language)


def _mood(rating: int) -> str:
    return "glad" if rating > 3 else "neutral" if rating == 3 else "upset"


class Renderer:
    """The lines of one topic; `events` are those of the topic in order of time."""

    def __init__(self, world: World, channel: int, events: Events, surfaces: Surfaces) -> None:
        scenario, themes = world.scenario, world.themes
        rng = scenario.rng("lines", COLLECTED[channel])
        self._channel = channel
        self._events = events
        self._surfaces = surfaces
        self._label = f'{{"id":"{CHANNELS[COLLECTED[channel]]}-{scenario.seed}-'
        self._heads = [_head(channel, theme, world.products[theme.product]) for theme in themes]
        self._tails = [_tails(channel, theme) for theme in themes]
        self._users = [_user_forms(channel, population) for population in world.populations]
        self._product = np.array([theme.product for theme in themes])
        self._core = _cores(rng, events, themes, surfaces)
        style = _styles(channel, events, themes) * _SURROUNDINGS
        self._prefix = style + rng.integers(0, _SURROUNDINGS, len(events))
        self._suffix = style + rng.integers(0, _SURROUNDINGS, len(events))
        self._star = rng.integers(0, len(_STARS), len(events))

    def lines(self, delivery: Delivery) -> Iterator[bytes]:
        """The messages in order of arrival, each without a newline."""
        count = len(self._events)
        for start in range(0, len(delivery.rows), _CHUNK):
            rows = delivery.rows[start : start + _CHUNK]
            good = rows[rows < count]
            rendered = iter(self._render(good))
            for row in rows.tolist():
                yield next(rendered) if row < count else delivery.broken[row - count][1]

    def _render(self, rows: NDArray[np.int64]) -> list[bytes]:
        events = self._events.pick(rows)
        surfaces = self._surfaces
        texts, prefixes, suffixes = surfaces.texts, surfaces.prefixes, surfaces.suffixes
        heads, tails, users, label = self._heads, self._tails, self._users, self._label
        columns = (
            rows.tolist(),
            _times(self._channel, events.time_ms),
            events.theme.tolist(),
            self._prefix[rows].tolist(),
            self._core[rows].tolist(),
            self._suffix[rows].tolist(),
            self._star[rows].tolist(),
            self._product[events.theme].tolist(),
            events.user.tolist(),
        )
        return [
            f'{label}{row}","time":{time}{heads[theme]},"text":"{prefixes[before]}{texts[core]}'
            f'{suffixes[after]}"{tails[theme][star]}{users[product][user]}}}'.encode()
            for row, time, theme, before, core, after, star, product, user in zip(
                *columns, strict=True
            )
        ]


def _head(channel: int, theme: Theme, product: Product) -> str:
    fields = {"channel": CHANNELS[COLLECTED[channel]]} if channel in _NAMED else {}
    fields["product"] = product.name
    if channel == LOG_CHANNEL:
        fields |= {"service": theme.service, "level": theme.level}
    return "," + msgspec.json.encode(fields).decode()[1:-1]


def _tails(channel: int, theme: Theme) -> list[str]:
    if channel != _APP:
        return ["" for _ in _STARS]
    return [f',"rating":{min(max(theme.rating + star, 1), 5)}' for star in _STARS]


def _cores(
    rng: np.random.Generator, events: Events, themes: Sequence[Theme], surfaces: Surfaces
) -> NDArray[np.int64]:
    size = surfaces.size[events.theme, events.language]
    pick = (rng.random(len(events)) * size).astype(np.int64)
    spam = np.array([theme.kind is Kind.SPAM for theme in themes])[events.theme]
    # A bot repeats one text, and each bot has its own.
    pick = np.where(spam, events.user - USERS, pick)
    return np.asarray(surfaces.first[events.theme, events.language] + pick, dtype=np.int64)


def _times(channel: int, time_ms: NDArray[np.int64]) -> list[str]:
    if channel == _TICKET:
        return [str(ms) for ms in time_ms.tolist()]
    # The web form writes local time with its offset; all three forms are in the contract.
    hours = _WEB_OFFSET_HOURS if channel == _WEB else 0
    zone = f"+{hours:02d}:00" if hours else "Z"
    local = time_ms + hours * 3_600_000
    texts = np.datetime_as_string(local.astype("datetime64[ms]"), unit="ms").tolist()
    return [f'"{text}{zone}"' for text in texts]


def _user_forms(channel: int, population: Population) -> list[str]:
    """The end of a line for each user; bots have the attributes of the first users."""
    names = {_WEB: ("os", "region"), _SOCIAL: ("region",)}.get(channel, ATTRIBUTES)
    columns = [[f'"{name}":"{value}"' for value in population.column(name)] for name in names]
    attributes = [f',"attributes":{{{",".join(parts)}}}' for parts in zip(*columns, strict=True)]
    if channel == LOG_CHANNEL:
        forms = attributes
    elif channel == _SOCIAL:
        # Social posts name no language, and only some say where they come from.
        forms = [tail if user % 5 > 1 else "" for user, tail in enumerate(attributes)]
    else:
        languages = np.where(population.chinese, "zh", "en").tolist()
        forms = [
            f',"lang":"{lang}"{tail}' for lang, tail in zip(languages, attributes, strict=True)
        ]
    forms += forms[:BOTS]
    if channel == LOG_CHANNEL:
        return forms
    return [f',"author":"u-{user}"{tail}' for user, tail in enumerate(forms)]
