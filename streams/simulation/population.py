"""Who writes: the users of a product and their attributes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.simulation.products import Product
from streams.simulation.scenario import Scenario

USERS = 20_000
BOTS = 6
"""Authors of spam, numbered after the users."""
ATTRIBUTES = ("app_version", "os", "region", "device")

_DEVICES = (
    ("iPhone 15", "ios", 0.14),
    ("iPhone 13", "ios", 0.10),
    ("iPhone SE", "ios", 0.06),
    ("iPad Air", "ios", 0.04),
    ("Mi 14", "android", 0.12),
    ("Redmi Note 12", "android", 0.11),
    ("OPPO Reno 11", "android", 0.09),
    ("vivo X100", "android", 0.08),
    ("Galaxy S24", "android", 0.08),
    ("Pixel 8", "android", 0.04),
    ("Mate 60", "harmony", 0.09),
    ("P60", "harmony", 0.05),
)
_CHINA = (("CN-44", 0.27), ("CN-31", 0.22), ("CN-11", 0.2), ("CN-33", 0.16), ("CN-51", 0.15))
_ABROAD = (("US-CA", 0.28), ("US-NY", 0.22), ("GB-LND", 0.2), ("SG-01", 0.18), ("DE-BE", 0.12))
_VERSION_SHARES = (0.22, 0.33, 0.2, 0.15, 0.1)
_MIN_SHARE, _MAX_SHARE = 0.02, 0.36
"""A rarer slice has too few users, a commoner one says nothing."""


@dataclass(frozen=True)
class Population:
    """Users of one product: per attribute the values, and each user's index into them (USERS,)."""

    values: dict[str, tuple[str, ...]]
    codes: dict[str, NDArray[np.int64]]
    chinese: NDArray[np.bool_]

    def column(self, name: str) -> list[str]:
        """The value of an attribute for every user."""
        return [self.values[name][code] for code in self.codes[name].tolist()]

    def members(self, attributes: dict[str, str]) -> NDArray[np.bool_]:
        """Which users have all these attribute values; bool of shape (USERS,)."""
        mask = np.ones(USERS, dtype=bool)
        for name, value in attributes.items():
            mask &= self.codes[name] == self.values[name].index(value)
        return mask

    def slices(self, size: int) -> list[dict[str, str]]:
        """All slices of one or two attributes that something may be about, in a fixed order.

        They hold between 2 and 36 percent of the users.
        """
        singles = [{name: value} for name in ATTRIBUTES for value in self.values[name]]
        found = singles if size == 1 else self._pairs()
        return [s for s in found if _MIN_SHARE <= self.members(s).mean() <= _MAX_SHARE]

    def _pairs(self) -> list[dict[str, str]]:
        # The device says the system already, so the two together are no slice of two.
        names = [
            (one, two)
            for i, one in enumerate(ATTRIBUTES)
            for two in ATTRIBUTES[i + 1 :]
            if (one, two) != ("os", "device")
        ]
        return [
            {one: a, two: b}
            for one, two in names
            for a in self.values[one]
            for b in self.values[two]
        ]


def implied(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes that follow from those given: the device says the system."""
    systems = {device: os for device, os, _ in _DEVICES}
    device = attributes.get("device")
    return {"os": systems[device]} if device in systems else {}


def make_population(scenario: Scenario, product: Product) -> Population:
    """Draw the users of a product."""
    rng = scenario.rng("population", product.name)
    chinese = rng.random(USERS) < product.chinese_share
    # One Chinese writer in thirty lives abroad, and the other way round.
    at_home = rng.random(USERS) >= 1 / 30
    regions = tuple(name for name, _ in _CHINA + _ABROAD)
    inside = _draw(rng, [share for _, share in _CHINA])
    outside = _draw(rng, [share for _, share in _ABROAD]) + len(_CHINA)
    device = _draw(rng, [share for *_, share in _DEVICES])
    systems = tuple(dict.fromkeys(os for _, os, _ in _DEVICES))
    system_of = np.array([systems.index(os) for _, os, _ in _DEVICES])
    major = int(rng.integers(3, 9))
    versions = tuple(f"{major}.{minor}.{patch}" for minor, patch in _newest_first(rng))
    return Population(
        values={
            "app_version": versions,
            "os": systems,
            "region": regions,
            "device": tuple(name for name, *_ in _DEVICES),
        },
        codes={
            "app_version": _draw(rng, list(_VERSION_SHARES)),
            "os": system_of[device],
            "region": np.where(chinese == at_home, inside, outside),
            "device": device,
        },
        chinese=chinese,
    )


def _newest_first(rng: np.random.Generator) -> list[tuple[int, int]]:
    newest = int(rng.integers(5, 20))
    return [(newest - age, int(rng.integers(0, 4))) for age in range(len(_VERSION_SHARES))]


def _draw(rng: np.random.Generator, shares: list[float]) -> NDArray[np.int64]:
    return rng.choice(len(shares), size=USERS, p=np.array(shares) / sum(shares))
