"""Events as columns, before they become text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.times import MINUTE_MS
from streams.simulation.population import USERS, Population
from streams.simulation.scenario import Scenario
from streams.simulation.themes import CHANNEL_SHARES, LOG_CHANNEL, Theme

ZH, EN, LOG = 0, 1, 2
LANGUAGES = ("zh", "en", "log")


@dataclass(frozen=True)
class Events:
    """Events in columns of equal length.

    `theme` indexes the themes, `time_ms` is epoch milliseconds, `channel` indexes
    `schemas.topics.COLLECTED`, `user` is a number below USERS + BOTS, `language` indexes LANGUAGES.
    """

    theme: NDArray[np.int32]
    time_ms: NDArray[np.int64]
    channel: NDArray[np.int8]
    user: NDArray[np.int32]
    language: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.time_ms)

    def pick(self, index: NDArray[np.int64]) -> "Events":
        """The events at these positions, in this order."""
        return Events(
            theme=self.theme[index],
            time_ms=self.time_ms[index],
            channel=self.channel[index],
            user=self.user[index],
            language=self.language[index],
        )

    @classmethod
    def joined(cls, parts: Sequence["Events"]) -> "Events":
        """One after the other."""
        return cls(
            theme=np.concatenate([part.theme for part in parts]),
            time_ms=np.concatenate([part.time_ms for part in parts]),
            channel=np.concatenate([part.channel for part in parts]),
            user=np.concatenate([part.user for part in parts]),
            language=np.concatenate([part.language for part in parts]),
        )


def make_events(
    theme: int,
    time_ms: NDArray[np.int64],
    channel: NDArray[np.int64],
    user: NDArray[np.int64],
    population: Population,
) -> Events:
    """Events of one theme; each user writes in the user's own language."""
    chinese = population.chinese[np.minimum(user, USERS - 1)]
    language = np.where(channel == LOG_CHANNEL, LOG, np.where(chinese, ZH, EN))
    return Events(
        theme=np.full(len(time_ms), theme, dtype=np.int32),
        time_ms=time_ms.astype(np.int64),
        channel=channel.astype(np.int8),
        user=user.astype(np.int32),
        language=language.astype(np.int8),
    )


def within_minutes(
    scenario: Scenario, counts: NDArray[np.int64], offset: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Event times in ms: `counts[i]` of them somewhere in minute `offset + i` of the run."""
    minute = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    start = (scenario.first_minute + offset) * MINUTE_MS
    return start + minute * MINUTE_MS + rng.integers(0, MINUTE_MS, len(minute))


def background(
    scenario: Scenario,
    index: int,
    theme: Theme,
    counts: NDArray[np.int64],
    population: Population,
) -> Events:
    """The everyday events of a theme, `counts` per minute of the run."""
    rng = scenario.rng("background", str(index))
    time_ms = within_minutes(scenario, counts, 0, rng)
    channel = rng.choice(5, size=len(time_ms), p=CHANNEL_SHARES[theme.kind])
    user = rng.integers(0, USERS, len(time_ms))
    return make_events(index, time_ms, channel, user, population)
