"""Intake on the log: feeds the partitions of the input topics, makes what they say durable."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from aiokafka import ConsumerRecord
from faust.types import TP

from agents.intake.commands import CommandIntake
from agents.intake.events import EventIntake
from agents.intake.source import Output, SourceIntake
from schemas.signals import Signal, encode_signal
from schemas.state import IntakeHead
from schemas.times import MINUTE_MS
from schemas.topics import CHANGES, COMMANDS, DEAD_LETTERS, INPUTS, SIGNALS
from sinks.dead_letters import DeadLetterSink, RefusedLimit
from sinks.kafka import KafkaSink, Message
from streams.metrics import Metrics
from streams.routing import place_of, product_of
from streams.settings import Settings
from streams.sources import Intakes
from streams.states import IntakeStates

MarkDurable = Callable[[TP, int], None]
EndOffsets = Callable[[frozenset[TP]], Awaitable[Mapping[TP, int]]]
Records = Sequence["ConsumerRecord[bytes, bytes]"]
_IDLE_AGAIN = 60.0
"""Seconds between two idle records of a partition that stays silent, if no minute is open."""


class _Owned:
    """An input partition of ours, and when it last spoke by our clock."""

    def __init__(self, source: SourceIntake, now: float) -> None:
        self.source = source
        self.heard = now
        self.said_idle: float | None = None
        self.lock = asyncio.Lock()

    def idle_at(self, idle_seconds: float, lateness_ms: int) -> float:
        """When to say, by our clock, that it is silent, or that it still is."""
        if self.said_idle is None:
            return self.heard + idle_seconds
        head = self.source.head
        again = self.said_idle + _IDLE_AGAIN
        if head.resume_offset < head.next_offset:
            # A minute is open: as long after its end as any partition is waited for.
            left_ms = (head.closed_through + 2) * MINUTE_MS - head.seen_ms
            wait = left_ms / 1000 + max(idle_seconds, lateness_ms / 1000)
            again = min(again, max(self.said_idle, self.heard + wait))
        return again


class IntakeStage:
    """Owns the input partitions assigned to this worker."""

    def __init__(
        self,
        settings: Settings,
        sink: KafkaSink,
        states: IntakeStates,
        metrics: Metrics,
        *,
        bounded: bool,
        signal_partitions: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._rules = settings.intake_rules(bounded=bounded)
        self._bounded = bounded
        self._sink = sink
        self._states = states
        self._metrics = metrics
        self._signal_partitions = signal_partitions
        self._clock = clock
        self._signals = settings.topic(SIGNALS)
        self._dead_letters = DeadLetterSink(sink, settings.topic(DEAD_LETTERS))
        self._limit = RefusedLimit(settings.refused_share, settings.refused_stretch)
        self._owned: dict[TP, _Owned] = {}
        self._intakes = Intakes(self._rules)
        self._base = {settings.topic(name): name for name in (*INPUTS, CHANGES, COMMANDS)}

    @property
    def topics(self) -> tuple[str, ...]:
        """Full names of the topics of this stage."""
        return tuple(self._base)

    async def load(self, tps: Iterable[TP]) -> Mapping[TP, int]:
        """Take partitions over from durable state; where to read each from."""
        wanted = sorted(tps)
        states = await self._states.load((self._base[tp.topic], tp.partition) for tp in wanted)
        resume = {}
        for tp in wanted:
            name = self._base[tp.topic]
            head, ids = states[name, tp.partition]
            self._owned[tp] = _Owned(self._source(name, tp.partition, head, ids), self._clock())
            resume[tp] = head.resume_offset if head else 0
        return resume

    def _source(
        self, name: str, partition: int, head: IntakeHead | None, ids: list[bytes]
    ) -> SourceIntake:
        if name == COMMANDS:
            return CommandIntake(name, partition, self._rules, head)
        return self._intakes.of((name, partition), head, ids)

    async def drop(self, tps: Iterable[TP]) -> None:
        """Let partitions go once their batch is done; the next owner starts from durable state."""
        for tp in sorted(tps):
            if (owned := self._owned.get(tp)) is not None:
                async with owned.lock:
                    self._owned.pop(tp, None)

    def positions(self) -> dict[TP, int]:
        """The next offset of every owned partition."""
        return {tp: owned.source.next_offset for tp, owned in self._owned.items()}

    async def handle(self, tp: TP, records: Records, mark_durable: MarkDurable) -> None:
        """Process one batch. Raises SinkError: what is not durable will be read again."""
        owned = self._owned.get(tp)
        if owned is None:
            return
        async with owned.lock:
            if self._owned.get(tp) is not owned:
                return
            started = owned.heard = self._clock()
            owned.said_idle = None
            out = owned.source.feed(records)
            await self._write(tp, owned.source, out, mark_durable, len(records))
        name = self._base[tp.topic]
        self._metrics.add("groundswell_records_total", len(records), name, tp.partition)
        self._metrics.observe("groundswell_batch_seconds", self._clock() - started, "intake")

    async def tick(self, end_offsets: EndOffsets, mark_durable: MarkDurable) -> None:
        """Say on the log which partitions are silent: once, when that closes a minute, and then
        every minute.
        """
        now = self._clock()
        silent = frozenset(tp for tp, owned in self._owned.items() if self._is_silent(owned, now))
        if self._bounded or not silent:
            return
        ends = await end_offsets(silent)
        for tp in sorted(silent & ends.keys()):
            owned = self._owned.get(tp)
            if owned is None:
                continue
            async with owned.lock:
                # It may have spoken, or gone, while we asked.
                at_end = owned.source.next_offset >= ends[tp]
                if at_end and self._is_silent(owned, now) and self._owned.get(tp) is owned:
                    await self._say_idle(tp, owned, now, mark_durable)

    def _is_silent(self, owned: _Owned, now: float) -> bool:
        if not owned.source.is_waited_for:
            return False
        return now >= owned.idle_at(self._settings.idle_seconds, self._settings.lateness_ms)

    async def _say_idle(self, tp: TP, owned: _Owned, now: float, mark_durable: MarkDurable) -> None:
        silent_ms = int((now - owned.heard) * 1000)
        plan = owned.source.plan_idle(silent_ms)
        if plan is not None:
            # The decision first: after a crash the same minutes are closed at the same offset.
            await self._sink.write(self._durable(owned.source, plan))
        out = owned.source.idle(silent_ms)
        await self._write(tp, owned.source, out, mark_durable, 0)
        owned.said_idle = now

    async def _write(
        self,
        tp: TP,
        source: SourceIntake,
        out: Output,
        mark_durable: MarkDurable,
        records: int,
    ) -> None:
        last = f"{out.refused[-1][0].id} {out.refused[-1][0].reason}" if out.refused else ""
        self._limit.count(source.topic, source.partition, records, len(out.refused), last)
        await self._sink.write(m for signal in out.signals for m in self._route(signal))
        await self._dead_letters.write(out.refused)
        if out.head is not None:
            await self._sink.write(self._durable(source, out.head))
            mark_durable(tp, out.head.resume_offset)
            self._metrics.counters(
                source.topic, source.partition, out.head.counters, out.head.closed_through
            )

    def _durable(self, source: SourceIntake, head: IntakeHead) -> Iterable[Message]:
        """The ids before the head, on the same partition: the head says that they are there."""
        if isinstance(source, EventIntake):
            yield from self._states.ids(source, source.dedupe.unwritten())
        yield self._states.head(head)

    def _route(self, signal: Signal) -> Iterable[Message]:
        """To the partition of its product; what concerns every product goes to all of them."""
        value = encode_signal(signal)
        if product := product_of(signal):
            place = place_of(product, self._signal_partitions)
            return [Message(self._signals, value, product.encode(), place)]
        key = f"{signal.topic}/{signal.partition}".encode()
        places = range(self._signal_partitions)
        return [Message(self._signals, value, key, place) for place in places]
