"""The demonstration from its topics to their removal."""

import uuid
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from agents.assistant.links import pages
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.assistant.demonstration.page import DemoPage
from streams.assistant.demonstration.stage import CUSTOMERS, Stage
from streams.gateway.demo_issuer import DemoIssuer
from streams.gateway.over_kafka import run_gateway
from streams.settings import Settings


async def run_demo(
    settings: Settings, cluster: Cluster, folder: Path, told: Callable[[str], None]
) -> None:
    """Until SIGTERM or SIGINT; `told` is called with the address of the page.

    `folder` is the caller's to remove. Raises OperatorError, SinkError.
    """
    prefix = f"{settings.prefix}try-{uuid.uuid4().hex[:8]}-"
    own = replace(
        settings,
        prefix=prefix,
        gateway_host="127.0.0.1",
        gateway_health_port=0,
        gateway_hotline=pages()["hotline"].link,
    )
    topics = TopicAdmin(cluster, prefix)
    # Whoever is not there now has nothing to be removed either.
    topics.existing()
    try:
        # Not in a thread: it would go on making topics while they are removed.
        topics.create(2)
        async with Stage(cluster, prefix, folder, settings.model_url) as stage:
            page = DemoPage(DemoIssuer(), CUSTOMERS, stage.switches, stage.turn)
            await run_gateway(own, cluster, demo=page, told=told, places=folder)
    finally:
        topics.delete()
        topics.delete_groups()
