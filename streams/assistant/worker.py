"""The assistant's worker: turns on a Faust app, its timers and its health port."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import faust
from faust.types import TP

from schemas.topics import ACTIONS, AUDIT, INTERACTIONS, REPLIES, REQUESTS, SESSIONS
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.errors import SinkError
from sinks.producer import Producer
from streams.assistant.answering import Answering, ToolsOf, WordsOf, without_words
from streams.assistant.answers import Answers
from streams.assistant.sessions import Sessions
from streams.assistant.spending import Book, day_booked
from streams.assistant.turns import Limits, Turns
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.requests import Replier, RequestReader
from streams.settings import Settings, SettingsError
from streams.starting import CannotStart, partitions_of, run, started
from streams.transport.consumer import BatchConsumer
from streams.transport.schema import BatchSchema
from streams.transport.settings import faust_settings
from streams.transport.transport import BatchTransport

_TICK = 1.0
_NEEDED = (REQUESTS, REPLIES, SESSIONS, AUDIT, ACTIONS, INTERACTIONS)


class AssistantWorker:
    """Built inside the event loop that runs it; see `run_assistant`."""

    def __init__(
        self,
        settings: Settings,
        cluster: Cluster,
        sink: Producer,
        replier: Replier,
        metrics: Metrics,
        places: Mapping[str, int],
        answering: Answering,
        tools_of: ToolsOf,
        words_of: WordsOf,
    ) -> None:
        self._metrics = metrics
        self.liveness = Liveness(settings.stuck_seconds, time.monotonic)
        self._sessions = Sessions(
            cluster, settings.topic(SESSIONS), sink, metrics, most=settings.assistant_sessions
        )
        group = settings.prefix + settings.assistant_group
        self.app = faust.App(group, **faust_settings(cluster))
        answers = Answers(
            answering,
            tools_of,
            words_of,
            self._sessions,
            metrics,
            topic=settings.topic,
            group=group,
            clock=time.time,
            today=_calendar(settings.assistant_timezone),
        )
        self._turns = Turns(
            answers,
            self._sessions,
            RequestReader({settings.topic(REPLIES): places[REPLIES]}),
            replier,
            metrics,
            partitions=places[REQUESTS],
            crash=self._crash,
            limits=Limits(settings.assistant_side_by_side, settings.assistant_most_turns),
        )
        self.app.transport = BatchTransport(
            self.app, resume_offsets=self._load, on_revoked=self._turns.drop
        )
        topic = self.app.topic(settings.topic(REQUESTS), schema=BatchSchema())
        self.app.agent(topic, name="turns")(self._process)
        self._crashing: asyncio.Task[None] | None = None

    @property
    def consumer(self) -> BatchConsumer:
        """The consumer of the app, once it runs."""
        consumer: BatchConsumer = self.app.consumer
        return consumer

    async def _process(self, stream: Any) -> None:
        async for event in stream.events():
            await self._turns.take(event.message.tp, event.value)

    async def _load(self, tps: frozenset[TP]) -> Mapping[TP, int]:
        await self._turns.load(tps, self.consumer.mark_durable)
        # Where the group stands: what was done with is committed.
        return {}

    def _crash(self, error: Exception) -> None:
        if self._crashing is None:
            self._crashing = asyncio.create_task(self.app.crash(error))

    async def stop(self) -> None:
        """End the turns that have begun; the others are for the next owner."""
        await self._turns.drop(list(self._turns.unfinished()))

    async def tick_for_ever(self) -> None:
        """Lag, sessions that are over; a failure crashes the app, which starts from the log."""
        while True:
            await asyncio.sleep(_TICK)
            try:
                await self._tick()
            except Exception as error:
                self._crash(error)
                return

    async def _tick(self) -> None:
        consumer = self.consumer
        positions = {
            tp: next_offset if first is None else first
            for tp, first in self._turns.unfinished().items()
            if (next_offset := consumer.next_offset(tp)) is not None
        }
        ends = await consumer.highwaters(*positions) if positions else {}
        self.liveness.look(dict(positions), ends)
        for tp in positions.keys() & self._turns.unfinished().keys():
            lag = max(0, ends.get(tp, positions[tp]) - positions[tp])
            self._metrics.put("groundswell_lag", lag, REQUESTS, tp.partition)
        self._turns.show()
        await self._sessions.tidy(now_ms())


def _calendar(timezone: str) -> Callable[[], date]:
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsError(f"setting assistant_timezone: no time zone {timezone!r}") from None

    def today() -> date:
        return datetime.now(zone).date()

    return today


@asynccontextmanager
async def _replying(cluster: Cluster, metrics: Metrics) -> AsyncIterator[Replier]:
    replier = Replier(cluster, metrics)
    try:
        await replier.start()
    except SinkError as error:
        raise CannotStart(str(error)) from None
    try:
        yield replier
    finally:
        await replier.stop()


async def run_assistant(
    settings: Settings,
    cluster: Cluster,
    metrics: Metrics,
    answering: Answering,
    tools_of: ToolsOf,
    words_of: WordsOf = without_words,
    book: Book | None = None,
) -> int:
    """Run until a signal (0) or a crash (1). `book` is told what the model has cost today.

    Raises OperatorError if it cannot start, or has to stop for a reason that is not its own.
    """
    # Longer than Kafka's own restarts: what waits is small, and a worker that ends starts cold.
    sink = Producer(cluster, gives_up_s=300.0)
    async with started(sink, cluster), _replying(cluster, metrics) as replier:
        places = await partitions_of(settings, cluster, _NEEDED)
        if places[SESSIONS] != places[REQUESTS]:
            raise CannotStart(
                f"{settings.topic(SESSIONS)} needs as many partitions as"
                f" {settings.topic(REQUESTS)}: {places[REQUESTS]}, not {places[SESSIONS]}"
            )
        worker = AssistantWorker(
            settings, cluster, sink, replier, metrics, places, answering, tools_of, words_of
        )
        health = HealthServer(worker.liveness, metrics, "assistant_port")
        async with AsyncExitStack() as stack:
            if book is not None:
                paid = settings.topic(INTERACTIONS), places[INTERACTIONS]
                await stack.enter_async_context(day_booked(cluster, *paid, book, now_ms()))
            return await run(
                worker, health, settings.host, settings.assistant_port, cluster.bootstrap
            )
