"""An enriching process inside a test, and what it writes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from agents.llm.analyst import ModelAnalyst
from agents.llm.client import ModelClient
from agents.llm.settings import ModelSettings
from schemas.commands import Command, Explain, Relate, decode_command
from schemas.incidents import Incident, encode_incident
from schemas.topics import COMMANDS, INCIDENTS
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.errors import CannotRead
from sinks.feed import Feed
from sinks.kafka import KafkaSink, Message
from streams.bounded import Tail
from streams.enrichment.commands import CommandLog
from streams.enrichment.enricher import Enricher
from streams.enrichment.patience import Outage
from streams.metrics import Metrics
from tests.support.waiting import eventually


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What we logged ourselves, and not the libraries."""
    return [one.getMessage() for one in caplog.records if one.name.startswith("streams.")]


class Log:
    """The topics of a test: incidents to write, commands to read."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.cluster = Cluster(bootstrap)
        self.prefix = prefix
        self._commands = Tail(self.cluster, prefix + COMMANDS, 1)
        self._read: list[Command] = []

    async def publish(self, *incidents: Incident) -> None:
        """As detect does."""
        sink = KafkaSink(self.cluster)
        await sink.start()
        topic = self.prefix + INCIDENTS
        await sink.write(
            Message(topic, encode_incident(one), one.incident_key.encode()) for one in incidents
        )
        await sink.stop()

    def commands(self) -> list[Command]:
        """All that were written so far, each with its incident as the key."""
        for message in self._commands.rest():
            command = decode_command(message.value())
            assert message.key() == command.incident_id.encode()
            self._read.append(command)
        return list(self._read)

    def relations(self) -> list[Relate]:
        """Those that relate."""
        return [command for command in self.commands() if isinstance(command, Relate)]

    def explanations(self) -> list[Explain]:
        """Those that explain; the calls that they announced are left out."""
        said = [command for command in self.commands() if isinstance(command, Explain)]
        return [command for command in said if command.rca.status != "pending"]

    def close(self) -> None:
        """Let go of the connection."""
        self._commands.close()


class Running:
    """An enricher at work; and its metrics."""

    def __init__(self, log: Log, analyst: ModelAnalyst | None, feed: type[Feed]) -> None:
        self.metrics = Metrics()
        outage = Outage()
        self.commands = CommandLog(log.cluster, log.prefix + COMMANDS, 1, self.metrics, outage)
        self.enricher = Enricher(
            lambda: feed(log.cluster, log.prefix + INCIDENTS, log.prefix + "groundswell-enrich"),
            self.commands,
            self.metrics,
            outage,
            analyst,
            now_ms,
        )

    async def lag(self) -> float:
        """Revisions that are not read or not settled."""
        await self.enricher.progress()
        name = "groundswell_enrich_lag"
        found = next(m for m in self.metrics.registry.collect() if m.name == name)
        return sum(sample.value for sample in found.samples)

    async def _is_settled(self) -> bool:
        try:
            return not await self.lag()
        except CannotRead:
            # It connects again.
            return False

    async def settled(self) -> None:
        """Wait until nothing is left to do."""
        await eventually(self._is_settled, "nothing is left to do")


@asynccontextmanager
async def enriching(
    log: Log, analyst: ModelAnalyst | None = None, feed: type[Feed] = Feed
) -> AsyncIterator[Running]:
    """Run one; at the end it is stopped as by a signal."""
    running = Running(log, analyst, feed)
    await running.commands.start()
    await running.enricher.start()
    task = asyncio.create_task(running.enricher.run())
    try:
        yield running
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.wait({task})
        await running.enricher.stop()
        await running.commands.stop()


@asynccontextmanager
async def analyst_of(url: str, **other: Any) -> AsyncIterator[ModelAnalyst]:
    """One that asks the server of a test; `other` settings as they are named."""
    settings = ModelSettings(url, "m", **other)
    client = ModelClient(settings, wait_s=0.01)
    try:
        yield ModelAnalyst(settings, client, clock_ms=now_ms, seed=1)
    finally:
        await client.close()
