"""The reference: the same records through the agents in this process, without log or worker."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agents.detect.partition import DetectPartition
from schemas.incidents import encode_incident
from schemas.signals import Signal
from streams.routing import place_of, product_of
from streams.settings import Settings
from streams.sources import bounded_intake
from windows.alignment import Source


@dataclass
class Record:
    """A record as it stands on the log."""

    offset: int
    timestamp: int
    value: bytes | None
    key: bytes | None = None
    headers: list[tuple[str, bytes]] = field(default_factory=list)


def undisturbed(
    records: dict[Source, list[Record]], signal_partitions: int, settings: Settings | None = None
) -> dict[str, bytes]:
    """Incident revisions by id:revision, as their bytes.

    Each source is fed to its end before the next one begins: an order no worker has, so that the
    order in which partials arrive is shown to change nothing.
    """
    settings = settings or Settings()
    partitions = [
        DetectPartition(settings.detect_rules(), records) for _ in range(signal_partitions)
    ]
    offset = 0
    incidents: dict[str, bytes] = {}
    for source, log in records.items():
        for signal in bounded_intake(source, settings).feed(log).signals:
            for partition in _route(signal, partitions):
                partition.take(signal, offset)
            offset += 1
    for partition in partitions:
        for _, revisions in partition.close_ready():
            for revision in revisions:
                incidents[revision.incident.event_id] = encode_incident(revision.incident)
    return incidents


def _route(signal: Signal, partitions: list[DetectPartition]) -> Iterable[DetectPartition]:
    product = product_of(signal)
    return [partitions[place_of(product, len(partitions))]] if product else partitions
