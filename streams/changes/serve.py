"""The webhook as a process of its own, until it is asked to stop."""

import asyncio
import logging
import time

from schemas.topics import CHANGES
from sinks.cluster import Cluster
from sinks.errors import SinkError
from sinks.kafka import KafkaSink
from streams.changes.log import ChangeLog
from streams.changes.rules import load_rules
from streams.changes.senders import senders
from streams.changes.webhook import Webhook
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.settings import Settings
from streams.until import until_signal

logger = logging.getLogger(__name__)
_LOOK = 5.0
"""Seconds between two looks whether the log is there."""


async def serve(settings: Settings, cluster: Cluster) -> None:
    """Take changes until SIGTERM or SIGINT. Raises OperatorError if it cannot start."""
    known, rules = senders(settings), load_rules(settings.changes_file)
    log, metrics = ChangeLog(cluster, settings.prefix), Metrics()
    log.check()
    liveness = Liveness(settings.stuck_seconds, time.monotonic)
    watch = KafkaSink(cluster)
    await watch.start()
    webhook = Webhook(log, known, rules, metrics)
    health = HealthServer(liveness, metrics, "changes_health_port")
    try:
        health_port = await health.start(settings.host, settings.changes_health_port)
        port = await webhook.start(settings.changes_host, settings.changes_port)
        logger.info(
            "taking changes",
            extra={
                "address": f"{settings.changes_host}:{port}",
                "health": f"{settings.host}:{health_port}",
                "secrets": ", ".join(one.name for one in known if one.secret) or "none",
                "rules": len(rules),
            },
        )
        await until_signal(_look(watch, settings.topic(CHANGES), liveness))
    finally:
        await webhook.stop()
        await health.stop()
        await watch.stop()


async def _look(watch: KafkaSink, topic: str, liveness: Liveness) -> None:
    """Alive is who can reach the log; nothing is written by this producer."""
    while True:
        try:
            liveness.look({topic: await watch.partitions(topic)}, {})
        except SinkError as error:
            logger.warning("the log is away", extra={"why": str(error)})
        await asyncio.sleep(_LOOK)
