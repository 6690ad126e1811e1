import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from faust.types import TP

from schemas.signals import Commanded, Progress, decode_signal
from schemas.state import IntakeHead
from schemas.times import MINUTE_MS
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message
from streams.intake import IntakeStage
from streams.metrics import Metrics
from streams.settings import Settings
from streams.states import IntakeStates
from tests.support.burst import START_MS, event

SOURCE = TP("feedback.app", 0)
OTHER = TP("feedback.app", 1)
MINUTE = START_MS // MINUTE_MS


@dataclass
class Record:
    offset: int
    timestamp: int
    value: bytes
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


class Remembers(KafkaSink):
    """Keeps what is written instead of sending it."""

    def __init__(self) -> None:
        super().__init__(Cluster("nowhere:1"))
        self.written: list[Message] = []

    async def write(self, messages: Iterable[Message]) -> None:
        self.written += messages


class Nothing(IntakeStates):
    """Knows of no source."""

    def __init__(self) -> None:
        self._topic, self._partitions = "intake.state", 1

    async def load(
        self, sources: Iterable[tuple[str, int]]
    ) -> Mapping[tuple[str, int], tuple[IntakeHead | None, list[bytes]]]:
        return {source: (None, []) for source in sources}


class Live:
    """A stage that owns two partitions, at second `now` of its clock."""

    def __init__(self, idle_seconds: float = 15, lateness_ms: int = 10_000) -> None:
        self.now = 1000.0
        self._sink = Remembers()
        self.stage = IntakeStage(
            Settings(idle_seconds=idle_seconds, lateness_ms=lateness_ms),
            self._sink,
            Nothing(),
            Metrics(),
            bounded=False,
            signal_partitions=1,
            clock=lambda: self.now,
        )
        self.ends = {SOURCE: 0, OTHER: 0}
        asyncio.run(self._load())

    async def _load(self) -> None:
        await self.stage.load(self.ends)

    @property
    def written(self) -> list[Message]:
        """All that it wrote since the last tick."""
        return self._sink.written

    def hear(self, seconds: float) -> None:
        """An event dated so long after the start of the first minute."""
        offset, ms = self.ends[SOURCE], START_MS + round(seconds * 1000)
        self.ends[SOURCE] += 1
        record = Record(offset, ms, event("slow", ms, str(offset)))
        asyncio.run(self.stage.handle(SOURCE, [record], lambda *_: None))

    def tick(self, until: float) -> list[tuple[float, Progress]]:
        """Tick every second until second `until` after the start; (second, idle record)."""

        async def ends(tps: frozenset[TP]) -> Mapping[TP, int]:
            return {tp: self.ends[tp] for tp in tps}

        said = []
        while self.now < 1000 + until:
            self.now += 1
            self._sink.written.clear()
            asyncio.run(self.stage.tick(ends, lambda *_: None))
            for message in self._sink.written:
                if message.topic == "signals":
                    signal = decode_signal(message.value or b"")
                    if isinstance(signal, Progress) and signal.partition == SOURCE.partition:
                        said.append((self.now - 1000, signal))
        return said


def test_an_open_minute_is_closed_soon_after_its_end() -> None:
    live = Live()
    live.hear(20)
    said = live.tick(400)
    # At once as idle; 15 s after the end of the minute, 40 s from there; then every minute.
    assert [at for at, _ in said] == [15, 55, 115, 175, 235, 295, 355]
    assert [progress.closed_through - MINUTE for _, progress in said][:3] == [-1, 0, 1]
    assert all(progress.idle for _, progress in said)


def test_a_minute_that_is_over_is_closed_with_the_first_record() -> None:
    live = Live()
    live.hear(58)
    assert [(at, p.closed_through - MINUTE) for at, p in live.tick(80)] == [(15, 0), (75, 1)]


def test_the_lateness_that_is_allowed_is_waited_for() -> None:
    live = Live(idle_seconds=5, lateness_ms=30_000)
    live.hear(40)
    assert [(at, p.closed_through - MINUTE) for at, p in live.tick(60)] == [(5, -1), (50, 0)]


def test_who_speaks_within_the_idle_time_is_never_given_up_and_never_late() -> None:
    live = Live()
    for second in range(0, 280, 14):
        live.hear(second)
        assert live.tick(second + 14) == []


def test_who_speaks_again_is_heard() -> None:
    live = Live()
    live.hear(20)
    assert [at for at, _ in live.tick(30)] == [15]
    live.hear(50)
    assert [(at, p.closed_through - MINUTE) for at, p in live.tick(80)] == [(45, -1), (55, 0)]


def test_nobody_waits_for_commands_so_they_never_say_that_they_are_idle() -> None:
    live = Live()
    commands = TP("incidents.commands", 0)
    asyncio.run(live.stage.load([commands]))
    durable: list[tuple[TP, int]] = []
    record = Record(0, START_MS, b'{"action":"ack","incident_id":"i","by":"ana"}')

    def mark(tp: TP, offset: int) -> None:
        durable.append((tp, offset))

    asyncio.run(live.stage.handle(commands, [record], mark))
    # At once, without a minute that closes.
    assert durable == [(commands, 1)]
    (signal,) = [decode_signal(m.value or b"") for m in live.written if m.topic == "signals"]
    assert isinstance(signal, Commanded)
    asked: list[TP] = []

    async def ends(tps: frozenset[TP]) -> Mapping[TP, int]:
        asked.extend(tps)
        return {}

    live.now += 1000
    asyncio.run(live.stage.tick(ends, mark))
    assert set(asked) == {SOURCE, OTHER}
