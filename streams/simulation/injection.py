"""Events of an injected incident."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.times import MINUTE_MS
from streams.simulation.counts import spread
from streams.simulation.events import LOG, Events, make_events, within_minutes
from streams.simulation.plans import Plan
from streams.simulation.population import ATTRIBUTES, USERS, Population
from streams.simulation.scenario import Scenario
from streams.simulation.themes import CHANNEL_SHARES, Kind
from streams.simulation.world import World

MIN_SIZE_SD = 6.0
MIN_AUTHORS = 15
_MIN_EVENTS = 4
_RAMP_MINUTES = 3
_FLOOR = 0.15

_CAPABLE = np.array(
    [[1, 1, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=bool
)
"""Which channel (row) carries which of ATTRIBUTES (column) with every event."""


@dataclass(frozen=True)
class Injection:
    """The events of one plan and what the truth says of them.

    `expected` and `deviation`: mean and standard deviation of the theme's background over the
    duration; `detectable_at_ms`: end of the first minute by which the excess since the onset is 6
    standard deviations of the background since then and comes from 15 authors.
    """

    plan: Plan
    events: Events
    expected: float
    deviation: float
    authors: int
    share: float
    detectable_at_ms: int | None

    @property
    def size_sd(self) -> float:
        """Injected events in standard deviations of the background (at least one event)."""
        return len(self.events) / self.deviation

    @property
    def detectable(self) -> bool:
        """At least 6 standard deviations and 15 authors over the whole duration."""
        return self.size_sd >= MIN_SIZE_SD and self.authors >= MIN_AUTHORS


def course(duration: int) -> NDArray[np.float64]:
    """Share of the excess in each minute: a short linear rise, then a decay to a floor.

    The half-life is a third of the duration; what breaks at a change breaks at once and is
    reported most at first.
    """
    middle = np.arange(duration) + 0.5
    rise = np.minimum(middle / min(_RAMP_MINUTES, duration / 5), 1.0)
    weights = rise * (_FLOOR + (1 - _FLOOR) * 0.5 ** (3 * middle / duration))
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def inject(world: World, plan: Plan) -> Injection:
    """Draw the events of `plan`.

    A theme that was never reported before takes its size from a middling problem of its product.
    """
    scenario, population = world.scenario, world.populations[plan.product]
    level, phi = world.levels[plan.theme], world.themes[plan.theme].rhythm.phi
    rng = scenario.rng("inject", str(plan.theme), str(plan.onset))
    span = slice(plan.onset, plan.end)
    measure = level if level.any() else world.usual_level(plan.product)
    wanted = max(_MIN_EVENTS, plan.size * max(1.0, spread(measure[span], phi)))
    counts = rng.poisson(wanted * course(plan.duration))
    time_ms = within_minutes(scenario, counts, plan.onset, rng)
    user, inside = _users(rng, plan, population, len(time_ms))
    channel = _channels(rng, plan, inside)
    events = make_events(plan.theme, time_ms, channel, user, population)
    return Injection(
        plan=plan,
        events=events,
        expected=float(level[span].sum()),
        deviation=max(1.0, spread(level[span], phi)),
        authors=_distinct_authors(events),
        share=float(inside.mean()) if len(inside) else 0.0,
        detectable_at_ms=_detectable_at(scenario, plan, events, level, phi),
    )


def _users(
    rng: np.random.Generator, plan: Plan, population: Population, count: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    if plan.slice is None:
        return rng.integers(0, USERS, count), np.zeros(count, dtype=bool)
    mask = population.members(plan.slice)
    # An exact share of the slice, in random places, so that few events keep it too.
    inside = rng.permutation(count) < np.ceil(plan.share * count)
    insiders = rng.choice(np.flatnonzero(mask), count)
    outsiders = rng.choice(np.flatnonzero(~mask), count)
    return np.where(inside, insiders, outsiders), inside


def _channels(rng: np.random.Generator, plan: Plan, inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    shares = np.array(CHANNEL_SHARES[Kind.PROBLEM])
    anywhere = rng.choice(5, size=len(inside), p=shares)
    if plan.slice is None:
        return anywhere
    capable = shares * carries(tuple(plan.slice))
    return np.where(inside, rng.choice(5, size=len(inside), p=capable / capable.sum()), anywhere)


def carries(attributes: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which channels carry all these attributes with every event; bool of shape (5,)."""
    columns = [ATTRIBUTES.index(name) for name in attributes]
    return np.asarray(_CAPABLE[:, columns].all(axis=1))


def _distinct_authors(events: Events) -> int:
    # Log lines name no author.
    return len(np.unique(events.user[events.language != LOG]))


def _detectable_at(
    scenario: Scenario, plan: Plan, events: Events, level: NDArray[np.float64], phi: float
) -> int | None:
    for minute in range(plan.onset + 1, plan.end + 1):
        until_ms = (scenario.first_minute + minute) * MINUTE_MS
        so_far = events.pick(np.flatnonzero(events.time_ms < until_ms))
        deviation = max(1.0, spread(level[plan.onset : minute], phi))
        if len(so_far) >= MIN_SIZE_SD * deviation and _distinct_authors(so_far) >= MIN_AUTHORS:
            return until_ms
    return None
