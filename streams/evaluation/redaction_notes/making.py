"""What every maker of identifiers is made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

Maker = Callable[[Random], str]


def digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def made_day(random: Random, first: int = 2019, last: int = 2025) -> date:
    return date(first, 1, 1) + timedelta(days=random.randrange(365 * (last - first + 1)))
