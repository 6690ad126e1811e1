"""Live traffic with a past: quiet products, a bulk product that makes the load, and bursts."""

import heapq
from collections.abc import Iterator
from itertools import count, takewhile

import msgspec
import numpy as np

from agents.privacy import redact
from streams.simulation.vocabulary import load_vocabulary
from tests.bench.traffic import Core, Message, event_json, profiles, themes, times, zipf
from windows.texts import clean

PRODUCTS = 20
QUIET_RATE = 100
"""Events a second of all quiet products together, in the past and live."""
_THEMES = 40
_PARAPHRASES = 64
_PROBLEMS = 8
_RARE = 1 / 1500
"""Share of a quiet product's events that the theme of its burst has before: one in five minutes."""
_BURST_EVENTS = 240
_BURST_STEP_MS = 250
_BURST_SPREAD_MS = 60_000
_AUTHORS = 100_000


class LiveTraffic:
    """Event times run from `first_ms` on; from `live_ms` on there are `rate` events a second.

    Every quiet product writes about 40 themes; another theme of it is rare until its burst, 4
    reports a second for a minute, each by another author. The bursts begin evenly spread over one
    minute from `burst_ms` on, so that they meet every phase of a minute.
    """

    def __init__(self, seed: int, *, rate: int, first_ms: int, live_ms: int, burst_ms: int) -> None:
        self._seed = seed
        self._first_ms = first_ms
        self._live_ms = live_ms
        self._bulk_rate = rate - QUIET_RATE
        kinds = load_vocabulary().product
        self.products = [f"{kinds[n % len(kinds)].name}-{n:02d}" for n in range(PRODUCTS)]
        of_kind = [themes(kind, _PARAPHRASES, seed) for kind in kinds]
        every = [list(of_kind[n % len(kinds)]) for n in range(PRODUCTS)]
        # Problems come first, so what bursts is a problem.
        self._burst_themes = [found.pop(n % _PROBLEMS) for n, found in enumerate(every)]
        self._themes = [found[:_THEMES] for found in every]
        step = _BURST_SPREAD_MS // PRODUCTS
        self.begins_ms = [burst_ms + step * n for n in range(PRODUCTS)]
        self._shares = zipf(_THEMES)
        self._profiles = profiles(seed)
        self._ids = count()

    def needed_ms(self, product: int, reports: int) -> int:
        """Event time of the `reports`-th report of the burst of a product."""
        return self.begins_ms[product] + (reports - 1) * _BURST_STEP_MS

    def burst_texts(self, product: int) -> set[str]:
        """The texts of a burst as they leave intake."""
        return {redact(clean(_plain(core))) for core in self._burst_themes[product]}

    def messages(self, until_ms: int) -> Iterator[Message]:
        """Everything before `until_ms`, in order of time."""
        seconds = range(self._first_ms, until_ms, 1000)
        usual = (message for start in seconds for message in self._second(start))
        everything = heapq.merge(usual, *map(self._burst, range(PRODUCTS)))
        return takewhile(lambda message: message.ms < until_ms, everything)

    def _second(self, start: int) -> Iterator[Message]:
        bulk = self._bulk_rate if start >= self._live_ms else 0
        size = QUIET_RATE + bulk
        rng = np.random.default_rng([self._seed, start // 1000])
        ms = np.sort(start + rng.integers(0, 1000, size))
        columns = (
            ms.tolist(),
            times(ms),
            (rng.random(size) * size < bulk).tolist(),
            rng.integers(0, PRODUCTS, size).tolist(),
            np.searchsorted(self._shares, rng.random(size)).tolist(),
            (rng.random(size) < _RARE).tolist(),
            rng.integers(0, 2 * _PARAPHRASES, size).tolist(),
            rng.integers(0, _AUTHORS, size).tolist(),
        )
        for time_ms, time, is_bulk, product, theme, rare, form, author in zip(
            *columns, strict=True
        ):
            burst = rare and not is_bulk
            forms = self._burst_themes[product] if burst else self._themes[product][theme]
            name = "bulk" if is_bulk else self.products[product]
            yield self._message(time_ms, time, name, forms[form % len(forms)], author)

    def _burst(self, product: int) -> Iterator[Message]:
        forms = self._burst_themes[product]
        ms = self.begins_ms[product] + _BURST_STEP_MS * np.arange(_BURST_EVENTS)
        for n, (time_ms, time) in enumerate(zip(ms.tolist(), times(ms), strict=True)):
            core = forms[7 * n % len(forms)]
            yield self._message(time_ms, time, self.products[product], core, _AUTHORS + n)

    def _message(self, ms: int, time: str, product: str, core: Core, author: int) -> Message:
        n = next(self._ids)
        tail = self._profiles[author % len(self._profiles)]
        value = event_json(n, time, product, core.text, author, core.lang, tail)
        return Message(ms, product.encode(), value)


def _plain(core: Core) -> str:
    text: str = msgspec.json.decode(f'"{core.text}"')
    return text
