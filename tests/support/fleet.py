"""Receivers that carry the incidents of a topic, for as long as a test looks on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from schemas.incidents import Incident, encode_incident
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.config import Common, Receiver
from sinks.kafka import KafkaSink, Message
from sinks.runner import Runner
from sinks.sink import Sink
from streams.metrics import Metrics


class Notebook(Sink):
    """Keeps what it is given; `troubles` are raised first, one a call."""

    def __init__(self) -> None:
        self.calls: list[list[Incident]] = []
        self.reminded: list[list[Incident]] = []
        self.troubles: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()

    async def deliver(self, incidents: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
        await self.open.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        self.calls.append(list(incidents))

    async def remind(self, unresolved: Sequence[Incident], now_ms: int) -> None:  # noqa: ARG002
        self.reminded.append(list(unresolved))

    @property
    def told(self) -> list[str]:
        """`id:revision` of everything, in its order."""
        return [incident.event_id for call in self.calls for incident in call]


class Ledger(Notebook):
    """One that is given every revision."""

    every_revision: ClassVar[bool] = True
    batch: ClassVar[int] = 3


class Fleet:
    """Receivers on one topic; `metrics` as the process has them."""

    def __init__(self, bootstrap: str, topic: str) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self.metrics = Metrics()

    async def write(self, *incidents: Incident, partition: int = 0) -> None:
        """Put revisions on the topic."""
        sink = KafkaSink(Cluster(self._bootstrap))
        await sink.start()
        await sink.write(
            Message(self._topic, encode_incident(one), one.incident_key.encode(), partition)
            for one in incidents
        )
        await sink.stop()

    async def carry(
        self, receivers: Sequence[Receiver], during: Callable[[], Awaitable[None]]
    ) -> None:
        """Run them until `during` is over."""
        runner = Runner(
            receivers, Cluster(self._bootstrap), self._topic, self._topic,
            self.metrics, now_ms, pause=0.05,
        )  # fmt: skip
        running = asyncio.create_task(runner.run())
        try:
            await during()
            assert not running.done(), "it ended by itself"
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    def value(self, name: str, *labels: str) -> float:
        """A metric's value, 0 if it has none."""
        text = self.metrics.text().decode()
        for line in text.splitlines():
            if line.startswith(name + "{") and all(f'"{label}"' in line for label in labels):
                return float(line.rsplit(" ", 1)[1])
        return 0.0


def receiver(sink: Sink, name: str = "one", per_minute: int = 0, **common: object) -> Receiver:
    """A receiver of the name with this sink."""
    return Receiver(name, "test", sink, Common(**common), per_minute)  # type: ignore[arg-type]
