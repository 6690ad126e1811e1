"""How the stream itself is: where each source stands, what waits, what was refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from schemas.signals import END, Counters, Progress
from schemas.times import MINUTE_MS, Timestamp, format_ms

Place: TypeAlias = tuple[str, int]
"""A topic without prefix, and a partition."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """An input partition.

    `watermark`: event time up to which its minutes are closed; null before the first one and after
    the last. `behind_minutes`: less than the source that is furthest; null if it is not waited for.
    """

    topic: str
    partition: int
    state: Literal["live", "idle", "ended", "silent"]
    watermark: Timestamp | None
    behind_minutes: int | None
    lag: int
    accepted: int
    late: int
    duplicates: int
    refused: int


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """`lag`: records that the workers have not committed; `waiting`: the same by topic.

    `workers`: members of their group. Counts are since the beginning of the log. Before it is
    `known` they say nothing.
    """

    state: Literal["starting", "ok", "away"]
    reason: str = ""
    known: bool = False
    workers: int = 0
    lag: int = 0
    waiting: dict[str, int] = {}
    accepted: int = 0
    late: int = 0
    duplicates: int = 0
    refused: dict[str, int] = {}
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Offsets:
    """What the broker says of the topics of the workers; `lag` by place."""

    inputs: Sequence[Place]
    lag: Mapping[Place, int]
    workers: int


def health_of(said: Iterable[Progress], offsets: Offsets) -> Health:
    """What the sources last said of themselves and the broker of them, in one."""
    latest = {(p.topic, p.partition): p for p in said}
    furthest = max((p.closed_through for p in latest.values() if _counts(p)), default=0)
    places = sorted({*latest, *offsets.inputs})
    refused: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for progress in latest.values():
        refused.update(progress.counters.refused)
    for (topic, _), lag in offsets.lag.items():
        waiting[topic] += lag
    return Health(
        state="ok",
        known=True,
        workers=offsets.workers,
        lag=sum(waiting.values()),
        waiting=dict(sorted(waiting.items())),
        accepted=sum(p.counters.accepted for p in latest.values()),
        late=sum(p.counters.late for p in latest.values()),
        duplicates=sum(p.counters.duplicates for p in latest.values()),
        refused=dict(sorted(refused.items())),
        sources=tuple(_source(p, latest.get(p), furthest, offsets.lag.get(p, 0)) for p in places),
    )


def _counts(progress: Progress) -> bool:
    return 0 < progress.closed_through < END


def _source(place: Place, said: Progress | None, furthest: int, lag: int) -> Source:
    counters = said.counters if said else Counters()
    waited_for = said is not None and _counts(said) and not said.idle
    watermark = (said.closed_through + 1) * MINUTE_MS if said and _counts(said) else None
    return Source(
        topic=place[0],
        partition=place[1],
        state=_state(said),
        watermark=None if watermark is None else format_ms(watermark),
        behind_minutes=furthest - said.closed_through if said and waited_for else None,
        lag=lag,
        accepted=counters.accepted,
        late=counters.late,
        duplicates=counters.duplicates,
        refused=sum(counters.refused.values()),
    )


def _state(said: Progress | None) -> Literal["live", "idle", "ended", "silent"]:
    if said is None:
        return "silent"
    if said.closed_through >= END:
        return "ended"
    if said.idle:
        return "idle"
    return "live" if said.closed_through else "silent"
