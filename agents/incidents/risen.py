"""Log templates that rose before an incident or with it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import msgspec

from schemas.causes import RisenTemplate

BEFORE = 30
"""Minutes before the onset in which a rise may lead it."""
AFTER = 5
"""Minutes after the onset in which a rise is one with it."""
MOST = 3
LEAST_COUNT = 3
_LEAST_LIFT = 2.0
_LEAST_GAIN = 8.0
"""Nats of one among thousands of templates."""
_LEAST_OF_ITS_OWN = 2.0
"""Nats of one that was seen to rise together with the texts of the incident."""
_WIDTH = 300


@dataclass(frozen=True)
class Rise:
    """Log lines of one template from their own onset (epoch minute) on.

    `phi`: the count varies by m + phi m**2 around its expectation m. `own`: it is part of the
    incident.
    """

    template: str
    onset: int
    count: float
    expected: float
    phi: float
    own: bool = False

    @property
    def gain(self) -> float:
        """Nats for a raised rate (quasi-Poisson); 0 if it is not raised."""
        expected = max(self.expected, 0.01)
        if self.count <= expected:
            return 0.0
        likelihood = self.count * math.log(self.count / expected) - (self.count - expected)
        return likelihood / (1 + self.phi * expected)


def risen_templates(rises: Iterable[Rise], onset: int) -> tuple[RisenTemplate, ...]:
    """Those that rose from half an hour before the onset to five minutes after it, best first."""
    found = [
        rise
        for rise in rises
        if -AFTER <= onset - rise.onset <= BEFORE
        and rise.count >= max(LEAST_COUNT, _LEAST_LIFT * rise.expected)
        and rise.gain >= (_LEAST_OF_ITS_OWN if rise.own else _LEAST_GAIN)
    ]
    found.sort(key=lambda rise: (-rise.gain, rise.template))
    return tuple(
        RisenTemplate(
            f"t{n}",
            rise.template[:_WIDTH],
            round(rise.count),
            round(rise.expected, 2),
            onset - rise.onset,
        )
        for n, rise in enumerate(found[:MOST], 1)
    )


def known_as(
    told: Sequence[RisenTemplate], found: Sequence[RisenTemplate]
) -> tuple[RisenTemplate, ...]:
    """What was `found` under the ids by which hypotheses cite it, then what else was `told`.

    An id never comes to mean another template: of the others `MOST` stay, the last ones named.
    """
    ids = {one.template: one.id for one in told}
    new = (f"t{n}" for n in count(1 + max(map(_number, told), default=0)))
    named = [
        msgspec.structs.replace(one, id=ids.pop(one.template, None) or next(new)) for one in found
    ]
    there = {one.template for one in found}
    rest = sorted((one for one in told if one.template not in there), key=_number)
    return (*named, *rest[-MOST:])


def _number(risen: RisenTemplate) -> int:
    return int(risen.id[1:])
