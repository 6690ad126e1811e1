"""What must not become an incident: traffic surges, the nightly job and spam."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.simulation.events import Events, make_events, within_minutes
from streams.simulation.population import BOTS, USERS, Population
from streams.simulation.scenario import DAY, Scenario
from streams.simulation.themes import CHANNEL_SHARES, Kind, Theme

_SURGE_HOURS = 8
"""Hours of a product per surge."""
_SURGE_ROOM = 120
"""A shorter part with incidents has no surge: it would leave them no place."""
_SURGE_RAMP = 5
JOB_MINUTES = 10
_SPAM_HOURS = 2
"""Hours of a product per burst of spam."""


@dataclass(frozen=True)
class Surge:
    """All themes of a product rise together by `factor`; minutes count from the run's start."""

    product: int
    start: int
    end: int
    factor: float

    def profile(self, minutes: int) -> NDArray[np.float64]:
        """Factor per minute of the run, with a ramp on both sides."""
        corners = (self.start, self.start + _SURGE_RAMP, self.end - _SURGE_RAMP, self.end)
        height = np.interp(np.arange(minutes), corners, (0.0, 1.0, 1.0, 0.0))
        return 1.0 + (self.factor - 1.0) * height


def plan_surges(scenario: Scenario, products: int) -> list[Surge]:
    """About one surge per product and eight hours of the part with incidents, at least one."""
    rng = scenario.rng("surges")
    room = scenario.minutes - scenario.quiet_until
    count = max(1, round(products * room / 60 / _SURGE_HOURS)) if room >= _SURGE_ROOM else 0
    surges: list[Surge] = []
    for number in range(count):
        length = int(rng.integers(15, min(60, room // 3) + 1))
        start = scenario.quiet_until + int(rng.integers(0, room - length))
        surge = Surge(number % products, start, start + length, float(rng.uniform(2.0, 4.0)))
        if all(
            s.product != surge.product or s.end < surge.start or surge.end < s.start for s in surges
        ):
            surges.append(surge)
    return sorted(surges, key=lambda s: (s.start, s.product))


def job_starts(scenario: Scenario, theme: Theme) -> list[int]:
    """Minutes from the start of the run at which the nightly job fails."""
    first = (theme.job_minute - scenario.first_minute) % DAY
    return list(range(first, scenario.minutes, DAY))


def job_level(scenario: Scenario, theme: Theme) -> NDArray[np.float64]:
    """Expected log lines per minute of the run."""
    level = np.zeros(scenario.minutes)
    for start in job_starts(scenario, theme):
        level[start : start + JOB_MINUTES] = theme.rhythm.rate
    return level


def spam(
    scenario: Scenario, themes: Sequence[Theme], populations: Sequence[Population]
) -> list[Events]:
    """Bursts of adverts, each by one author with one text."""
    parts = []
    for index, theme in enumerate(themes):
        if theme.kind is not Kind.SPAM:
            continue
        rng = scenario.rng("spam", str(index))
        for _ in range(max(1, round(scenario.minutes / 60 / _SPAM_HOURS))):
            length = min(int(rng.integers(5, 16)), scenario.minutes)
            start = int(rng.integers(0, scenario.minutes - length + 1))
            counts = rng.poisson(4.0, length)
            time_ms = within_minutes(scenario, counts, start, rng)
            channel = rng.choice(5, size=len(time_ms), p=CHANNEL_SHARES[theme.kind])
            author = np.full(len(time_ms), USERS + int(rng.integers(0, BOTS)))
            parts.append(make_events(index, time_ms, channel, author, populations[theme.product]))
    return parts
