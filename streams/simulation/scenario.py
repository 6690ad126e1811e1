"""What is to be simulated."""

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from schemas.times import EARLIEST_MS, LATEST_MS, MINUTE_MS
from streams.simulation.errors import BadScenario

DAY = 1440
DEFAULT_START_MS = 1_767_571_200_000
"""2026-01-05T00:00:00Z, a Monday."""
_QUIET_MINUTES = 75
_MINUTES_PER_INCIDENT = 150


@dataclass(frozen=True)
class Scenario:
    """Arguments of one simulation; equal scenarios give equal bytes.

    `hours` are the hours with incidents, after `history_days` days without; `rate` is the mean
    number of background events a minute, over the week and all products; `incidents` None means
    about one per product and two and a half hours. Raises BadScenario.
    """

    seed: int = 1
    hours: float = 3.0
    products: int = 3
    rate: float = 600.0
    start_ms: int = DEFAULT_START_MS
    history_days: int = 0
    incidents: int | None = None

    def __post_init__(self) -> None:
        checks = (
            ("seed", self.seed, 0, 2**32 - 1),
            ("hours", self.hours, 0.5, 24 * 366),
            ("products", self.products, 1, 100),
            ("rate", self.rate, 1, 1_000_000),
            ("history-days", self.history_days, 0, 366),
            ("incidents", self.incidents or 0, 0, 10_000),
            ("start", self.start_ms, EARLIEST_MS, LATEST_MS - 732 * DAY * MINUTE_MS),
        )
        for name, value, low, high in checks:
            if not low <= value <= high:
                raise BadScenario(f"{name} is {value}; it must be within {low} and {high}")

    @property
    def first_minute(self) -> int:
        """Epoch minute of the first simulated minute."""
        return self.start_ms // MINUTE_MS

    @property
    def history_minutes(self) -> int:
        """Minutes of warm-up before the hours begin."""
        return self.history_days * DAY

    @property
    def minutes(self) -> int:
        """Simulated minutes, the history included."""
        return self.history_minutes + round(self.hours * 60)

    @property
    def quiet_until(self) -> int:
        """Minutes from the start without incidents: the history, or a quiet beginning."""
        return self.history_minutes or min(_QUIET_MINUTES, self.minutes // 3)

    @property
    def incident_count(self) -> int:
        """How many incidents are tried; fewer are planned where they do not fit."""
        if self.incidents is not None:
            return self.incidents
        room = self.minutes - self.quiet_until
        return max(1, round(self.products * room / _MINUTES_PER_INCIDENT))

    def rng(self, *purpose: str) -> np.random.Generator:
        """A generator of its own for each purpose, so that one more draw here moves nothing there.

        The draws are fixed by numpy's version too: numpy does not promise streams for ever.
        """
        return np.random.default_rng([self.seed, *(crc32(word.encode()) for word in purpose)])


def demonstration(seed: int) -> Scenario:
    """A working morning of two products at some hundred events a minute."""
    return Scenario(
        seed=seed,
        hours=4.0,
        products=2,
        rate=300.0,
        start_ms=DEFAULT_START_MS + 8 * 60 * MINUTE_MS,
        incidents=5,
    )


SMALL = Scenario(
    seed=12,
    hours=3.0,
    products=2,
    rate=200.0,
    start_ms=DEFAULT_START_MS + 8 * 60 * MINUTE_MS,
    incidents=4,
)
"""Small enough for a test."""
