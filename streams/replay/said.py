"""What a replay says, in the order in which it says it."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from schemas.incidents import Incident, Stage, encode_incident
from streams.replay.job import Job

Order = tuple[str, str, str, int]


class _Place(msgspec.Struct, frozen=True):
    """As much of an incident as its order needs."""

    updated_at: str
    product: str
    incident_id: str
    revision: int


class Said(NamedTuple):
    """A revision as it goes out, and what it says has happened."""

    stage: Stage
    value: bytes


_place = msgspec.json.Decoder(_Place).decode


def order_of(incident: Incident | _Place) -> Order:
    """Revisions are told by time, product, incident and number."""
    return (incident.updated_at, incident.product, incident.incident_id, incident.revision)


def encode_said(stage: Stage, incident: Incident) -> bytes:
    """A line of the file of a shard."""
    return b"%s %s\n" % (stage.encode(), encode_incident(incident))


def said(job: Job) -> Iterator[Said]:
    """All revisions of a replay whose shards have ended, in order."""
    with ExitStack() as stack:
        # One that is not asked for has no file.
        paths = filter(Path.exists, (job.shard(n, "revisions") for n in range(job.plan.shards)))
        shards = [map(_read, stack.enter_context(path.open("rb"))) for path in paths]
        yield from heapq.merge(*shards, key=lambda one: order_of(_place(one.value)))


def _read(line: bytes) -> Said:
    stage, _, value = line.rstrip(b"\n").partition(b" ")
    return Said(msgspec.convert(stage.decode(), Stage), value)
