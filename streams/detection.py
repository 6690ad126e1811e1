"""Detect on the log: closes minutes of the `signals` partitions, publishes, snapshots."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from faust.types import TP

from agents.detect.partition import DetectPartition
from agents.incidents.lifecycle import Revision
from schemas.errors import NotOurs
from schemas.incidents import cloudevents_headers, encode_incident
from schemas.signals import decode_signal
from schemas.topics import INCIDENTS, SIGNALS
from sinks.kafka import KafkaSink, Message
from streams.intake import MarkDurable, Records
from streams.metrics import Metrics
from streams.settings import Settings
from streams.states import DetectStates
from windows.alignment import Source

logger = logging.getLogger(__name__)

_REST = 20
"""A snapshot may take this fraction (1 / 20) of the time at the most."""


class _Owned:
    """A `signals` partition of ours, and when and where it was last made durable."""

    def __init__(self, partition: DetectPartition) -> None:
        self.partition = partition
        self.lock = asyncio.Lock()
        self.saved_offset = partition.next_offset
        self.next_save = 0.0
        self.shown: frozenset[str] = frozenset()
        """Products with a series of their own in the metrics."""


class DetectStage:
    """Owns the `signals` partitions assigned to this worker."""

    def __init__(
        self,
        settings: Settings,
        sink: KafkaSink,
        states: DetectStates,
        metrics: Metrics,
        *,
        sources: Sequence[Source],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._rules = settings.detect_rules()
        self._sink = sink
        self._states = states
        self._metrics = metrics
        self._sources = tuple(sources)
        self._clock = clock
        self._incidents = settings.topic(INCIDENTS)
        self._owned: dict[TP, _Owned] = {}

    @property
    def topics(self) -> tuple[str, ...]:
        """Full names of the topics of this stage."""
        return (self._settings.topic(SIGNALS),)

    async def load(self, tps: Iterable[TP]) -> Mapping[TP, int]:
        """Take partitions over from their snapshots; where to read each from."""
        resume = {}
        for tp in sorted(tps):
            partition = DetectPartition(self._rules, self._sources)
            state = await self._states.load(tp.partition)
            if state is not None:
                partition.restore(state)
            self._owned[tp] = owned = _Owned(partition)
            owned.next_save = self._clock() + self._settings.snapshot_seconds
            resume[tp] = partition.next_offset
        return resume

    async def drop(self, tps: Iterable[TP]) -> None:
        """Let partitions go once their batch is done; the next owner starts from the snapshot."""
        for tp in sorted(tps):
            if (owned := self._owned.get(tp)) is not None:
                async with owned.lock:
                    self._owned.pop(tp, None)
                    self._show_products(owned, ())

    def positions(self) -> dict[TP, int]:
        """The next offset of every owned partition."""
        return {tp: owned.partition.next_offset for tp, owned in self._owned.items()}

    async def handle(self, tp: TP, records: Records, mark_durable: MarkDurable) -> None:
        """Process one batch. Raises SinkError: what is not durable will be read again."""
        owned = self._owned.get(tp)
        if owned is None:
            return
        started = self._clock()
        async with owned.lock:
            if self._owned.get(tp) is not owned:
                return
            for record in records:
                told = self._take(owned.partition, record.offset, record.value or b"")
                await self._publish(tp.partition, told)
                await self._close(tp, owned.partition)
        self._metrics.add("groundswell_records_total", len(records), SIGNALS, tp.partition)
        self._metrics.observe("groundswell_batch_seconds", self._clock() - started, "detect")
        if owned.partition.ended:
            await self.save(tp, mark_durable)

    def _take(self, partition: DetectPartition, offset: int, value: bytes) -> list[Revision]:
        try:
            return partition.take(decode_signal(value), offset)
        except NotOurs as error:
            logger.error("signals offset %s is not ours, skipped: %s", offset, error)
            partition.next_offset = max(partition.next_offset, offset + 1)
            return []

    async def _close(self, tp: TP, partition: DetectPartition) -> None:
        for _, revisions in partition.close_ready():
            await self._publish(tp.partition, revisions)
            if not revisions:
                self._metrics.add("groundswell_minutes_closed_total", 1, tp.partition)
            # A long stretch of empty minutes must not hold up the heartbeats.
            await asyncio.sleep(0)
        self._metrics.put("groundswell_late_partials", partition.late_partials, tp.partition)
        self._metrics.put("groundswell_forgotten_products", partition.forgotten, tp.partition)

    async def _publish(self, partition: int, revisions: Sequence[Revision]) -> None:
        if not revisions:
            return
        began = self._clock()
        await self._sink.write(map(self._message, revisions))
        seconds = self._clock() - began
        for revision in revisions:
            self._metrics.observe("groundswell_publish_seconds", seconds, partition)
            product = revision.incident.product
            self._metrics.add("groundswell_incidents_total", 1, product, revision.stage)

    def _message(self, revision: Revision) -> Message:
        incident = revision.incident
        return Message(
            self._incidents,
            encode_incident(incident),
            incident.incident_key.encode(),
            headers=cloudevents_headers(incident, revision.stage),
        )

    async def tick(self, mark_durable: MarkDurable) -> None:
        """Snapshot the partitions that are due."""
        for tp, owned in sorted(self._owned.items()):
            if self._clock() >= owned.next_save:
                await self.save(tp, mark_durable)

    async def save(self, tp: TP, mark_durable: MarkDurable) -> None:
        """Snapshot a partition if it has moved. Raises SinkError."""
        owned = self._owned.get(tp)
        if owned is None:
            return
        async with owned.lock:
            started = self._clock()
            offset = owned.partition.next_offset
            if offset > owned.saved_offset:
                size = await self._states.save(tp.partition, offset, owned.partition.state())
                owned.saved_offset = offset
                mark_durable(tp, offset)
                self._metrics.put("groundswell_snapshot_bytes", size, tp.partition)
                self._metrics.put("groundswell_snapshot_timestamp", time.time(), tp.partition)
                self._show_products(owned, owned.partition.products)
            ended = self._clock()
            rest = max(self._settings.snapshot_seconds, _REST * (ended - started))
            owned.next_save = ended + rest

    def _show_products(self, owned: _Owned, names: Iterable[str]) -> None:
        shown = frozenset(names)
        for name in sorted(shown):
            self._metrics.put("groundswell_clusters", owned.partition.products[name].themes, name)
        for name in sorted(owned.shown - shown):
            self._metrics.remove("groundswell_clusters", name)
        owned.shown = shown

    async def save_all(self, mark_durable: MarkDurable) -> None:
        """Snapshot everything owned: before a stop, and before partitions go."""
        for tp in sorted(self._owned):
            await self.save(tp, mark_durable)
