"""One worker: both stages on one Faust app, its timers and its health port."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import faust
from faust.types import TP

from schemas.topics import CHANGES, COMMANDS, DETECT_STATE, INPUTS, INTAKE_STATE, SIGNALS
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink
from streams.detection import DetectStage
from streams.health import HealthServer
from streams.intake import IntakeStage
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.settings import Settings
from streams.sources import sources
from streams.starting import partitions_of, run, started
from streams.states import DetectStates, IntakeStates
from streams.transport.consumer import BatchConsumer
from streams.transport.schema import BatchSchema
from streams.transport.settings import faust_settings
from streams.transport.transport import BatchTransport

_TICK = 1.0
_NEEDED = (*INPUTS, CHANGES, COMMANDS, SIGNALS, INTAKE_STATE, DETECT_STATE)


class Worker:
    """Built inside the event loop that runs it; see `run_worker`."""

    def __init__(
        self,
        settings: Settings,
        cluster: Cluster,
        sink: KafkaSink,
        places: Mapping[str, int],
        *,
        bounded: bool,
    ) -> None:
        self.metrics = Metrics()
        self._settings = settings
        self.liveness = Liveness(settings.stuck_seconds, time.monotonic)
        self.intake = IntakeStage(
            settings,
            sink,
            IntakeStates(cluster, settings.topic(INTAKE_STATE), places[INTAKE_STATE]),
            self.metrics,
            bounded=bounded,
            signal_partitions=places[SIGNALS],
        )
        self.detect = DetectStage(
            settings,
            sink,
            DetectStates(cluster, settings.topic(DETECT_STATE), sink),
            self.metrics,
            sources=sources(places),
        )
        self.app = faust.App(settings.group_id, **faust_settings(cluster))
        self.app.transport = BatchTransport(
            self.app, resume_offsets=self._load, on_revoked=self._drop
        )
        for stage in (self.intake, self.detect):
            topic = self.app.topic(*stage.topics, schema=BatchSchema())
            self.app.agent(topic, name=type(stage).__name__)(self._processor(stage))

    @property
    def consumer(self) -> BatchConsumer:
        """The consumer of the app, once it runs."""
        consumer: BatchConsumer = self.app.consumer
        return consumer

    def _processor(self, stage: IntakeStage | DetectStage) -> Any:
        async def process(stream: Any) -> None:
            async for event in stream.events():
                tp = event.message.tp
                await stage.handle(tp, event.value, self.consumer.mark_durable)

        return process

    async def _load(self, tps: frozenset[TP]) -> Mapping[TP, int]:
        await self._let_go(tps)
        mine = frozenset(tp for tp in tps if tp.topic in self.detect.topics)
        return {**await self.intake.load(tps - mine), **await self.detect.load(mine)}

    async def _drop(self, tps: frozenset[TP]) -> None:
        await self.detect.save_all(self.consumer.mark_durable)
        await self._let_go(tps)

    async def _let_go(self, tps: frozenset[TP]) -> None:
        await self.intake.drop(tps)
        await self.detect.drop(tps)
        for tp in tps:
            self.metrics.forget(self._settings.base_name(tp.topic), tp.partition)

    def _positions(self) -> dict[TP, int]:
        return {**self.intake.positions(), **self.detect.positions()}

    async def stop(self) -> None:
        """Make durable what can be, before a graceful stop."""
        await self.detect.save_all(self.consumer.mark_durable)

    async def tick_for_ever(self) -> None:
        """Idle records, snapshots, lag; a failure crashes the app, which starts from durable."""
        while True:
            await asyncio.sleep(_TICK)
            try:
                await self._tick()
            except Exception as error:
                await self.app.crash(error)
                return

    async def _tick(self) -> None:
        positions = self._positions()
        # A worker to spare owns nothing, and is well.
        ends = await self.consumer.highwaters(*positions) if positions else {}
        self.liveness.look(dict(positions), ends)
        # What has gone while we asked shows nothing any more.
        for tp in positions.keys() & self._positions().keys():
            lag = max(0, ends.get(tp, positions[tp]) - positions[tp])
            name = self._settings.base_name(tp.topic)
            self.metrics.put("groundswell_lag", lag, name, tp.partition)
        await self.intake.tick(self._ends, self.consumer.mark_durable)
        await self.detect.tick(self.consumer.mark_durable)

    async def _ends(self, tps: frozenset[TP]) -> Mapping[TP, int]:
        ends: Mapping[TP, int] = await self.consumer.highwaters(*tps)
        return ends


async def run_worker(settings: Settings, cluster: Cluster, *, bounded: bool) -> int:
    """Run until a signal (0) or a crash (1).

    Raises OperatorError if it cannot start, or has to stop for a reason that is not its own.
    """
    sink = KafkaSink(cluster)
    async with started(sink, cluster):
        places = await partitions_of(settings, cluster, _NEEDED)
        worker = Worker(settings, cluster, sink, places, bounded=bounded)
        health = HealthServer(worker.liveness, worker.metrics)
        return await run(worker, health, settings.host, settings.port, cluster.bootstrap)
