"""What the answers to a crowd come to."""

from collections.abc import Sequence

from tests.bench.results import percentile
from tests.bench.turn_load import Turned

LIMIT_MS = 2_000.0
REFUSED = (429, 503)


def answered(turns: Sequence[Turned]) -> list[Turned]:
    """Those with an answer of use within two seconds."""
    return [t for t in turns if t.http == 200 and t.useful and t.ms < LIMIT_MS]


def refused(turns: Sequence[Turned]) -> list[Turned]:
    """Those who were told to come again."""
    return [t for t in turns if t.http in REFUSED]


def within(turns: Sequence[Turned], since_s: float, until_s: float) -> list[Turned]:
    """Those that began then."""
    return [t for t in turns if since_s <= t.at < until_s]


def p(turns: Sequence[Turned], percent: float) -> float:
    """Of their times, ms."""
    return percentile([t.ms for t in turns], percent)


def late(turns: Sequence[Turned]) -> int:
    """How many had neither an answer in time nor a refusal."""
    return len(turns) - len(answered(turns)) - len(refused(turns))
