"""The process `groundswell enrich`: the enricher, the model, its health port."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from agents.llm.analyst import ModelAnalyst
from agents.llm.client import ModelClient
from agents.llm.errors import ModelError
from agents.llm.settings import ModelSettings
from schemas.topics import COMMANDS, INCIDENTS
from sinks.clock import now_ms
from sinks.cluster import Cluster
from sinks.errors import CannotRead
from sinks.feed import Feed
from streams.admin import TopicAdmin
from streams.enrichment.commands import CommandLog
from streams.enrichment.enricher import Enricher
from streams.enrichment.figures import Figures
from streams.enrichment.model import model_of, place_of
from streams.enrichment.patience import Outage
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.settings import Settings, SettingsError
from streams.until import until_signal

logger = logging.getLogger(__name__)
GROUP = "groundswell-enrich"
STOP_SECONDS = 4.5
"""In all: a third for what it does, and a third for each hold on Kafka to be let go."""
_TICK = 2.0
_ANSWERS = 5.0
"""Seconds that Kafka has to say how far the topic reaches: its client would try for 40."""
_LOOKING = "asking for the end of the topic"


async def run_enrich(settings: Settings, cluster: Cluster) -> int:
    """Run until SIGTERM or Ctrl-C (0).

    Raises OperatorError or SinkError if it cannot start; later it waits for whoever is away.
    """
    metrics = Metrics()
    liveness = Liveness(settings.stuck_seconds, time.monotonic)
    async with AsyncExitStack() as stack:
        health = HealthServer(liveness, metrics, "enrich_port")
        stack.push_async_callback(health.stop)
        port = await health.start(settings.host, settings.enrich_port)
        enriching = await stack.enter_async_context(enriching_of(settings, cluster, metrics))
        logger.info("enrich started", extra={"bootstrap": cluster.bootstrap, "port": port})
        await until_signal(
            enriching.enricher.run(),
            _tick_for_ever(enriching, liveness, metrics),
            _introduce(enriching),
            patience=STOP_SECONDS / 3,
        )
    return 0


@dataclass(frozen=True)
class Enriching:
    """An enricher that is connected, and the model it asks, if there is one."""

    enricher: Enricher
    model: ModelSettings | None
    analyst: ModelAnalyst | None
    outage: Outage


@asynccontextmanager
async def enriching_of(
    settings: Settings, cluster: Cluster, metrics: Metrics
) -> AsyncIterator[Enriching]:
    """Connect, and let go. Raises OperatorError, SinkError."""
    model = model_of(settings)
    partitions = await asyncio.to_thread(_partitions, settings, cluster)
    async with AsyncExitStack() as stack:
        analyst = await stack.enter_async_context(_analyst(model)) if model else None
        outage = Outage()
        commands = CommandLog(cluster, settings.topic(COMMANDS), partitions, metrics, outage)
        stack.push_async_callback(_within, commands)
        await commands.start()
        enricher = Enricher(
            lambda: Feed(cluster, settings.topic(INCIDENTS), settings.prefix + GROUP),
            commands,
            metrics,
            outage,
            analyst,
            now_ms,
        )
        stack.push_async_callback(_within, enricher)
        await enricher.start()
        yield Enriching(enricher, model, analyst, outage)


def _partitions(settings: Settings, cluster: Cluster) -> int:
    """Of the topic of commands. Raises OperatorError."""
    admin = TopicAdmin(cluster, settings.prefix)
    admin.partitions(INCIDENTS)
    return admin.partitions(COMMANDS)


@asynccontextmanager
async def _analyst(model: ModelSettings) -> AsyncIterator[ModelAnalyst]:
    try:
        client = ModelClient(model)
    except ValueError as error:
        raise SettingsError(f"setting model_url: {error}") from None
    try:
        yield ModelAnalyst(model, client, clock_ms=now_ms, seed=secrets.randbits(63))
    finally:
        await client.close()


async def _within(part: CommandLog | Enricher) -> None:
    """Stop a part; a Kafka that is away must not keep us."""
    try:
        async with asyncio.timeout(STOP_SECONDS / 3):
            await part.stop()
    except TimeoutError:
        logger.warning("%s does not let go of Kafka: left behind", type(part).__name__)


async def _introduce(enriching: Enriching) -> None:
    """Say what it will do. A model that is away is asked again with the first incident."""
    model, analyst = enriching.model, enriching.analyst
    if model is None or analyst is None:
        logger.info("relating incidents; no model set: rules only")
        return
    try:
        form = await analyst.probe()
    except ModelError as error:
        logger.warning("relating incidents; %s does not answer yet: %s", place_of(model), error)
    else:
        logger.info("relating incidents; asking %s (%s)", place_of(model), form)


async def _tick_for_ever(enriching: Enriching, liveness: Liveness, metrics: Metrics) -> None:
    model, analyst, enricher = enriching.model, enriching.analyst, enriching.enricher
    outage = enriching.outage
    figures = Figures(analyst, model.model, metrics) if analyst and model else None
    while True:
        if figures:
            figures.show(enricher.asking)
        try:
            async with asyncio.timeout(_ANSWERS):
                positions, ends = await enricher.progress()
        except CannotRead as away:
            outage.begins(_LOOKING, away)
        except TimeoutError:
            error = CannotRead(f"no answer within {_ANSWERS:.0f} s")
            outage.begins(_LOOKING, error, waited=_ANSWERS)
        else:
            outage.ends(_LOOKING)
            liveness.look(positions, ends)
        await asyncio.sleep(_TICK)
