"""The tree on the topic `edge.packages`, which is compacted: a path is a key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from schemas.topics import PACKAGES
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from streams.edge.tree import FIRST, TIMESTAMP, Step, Tree, digest_of
from streams.states import read_compacted


def publish(tree: Tree, cluster: Cluster, prefix: str) -> tuple[int, int]:
    """Make the topic the tree's; (records written, removed). Raises OperatorError, SinkError.

    A stop anywhere leaves what the readers had or have: the same again finishes it.
    """
    TopicAdmin(cluster, prefix).partitions(PACKAGES)
    return asyncio.run(_publish(tree, cluster, prefix + PACKAGES))


def ahead(tree: Tree, cluster: Cluster, prefix: str) -> int:
    """How many records are not as the tree has them. Raises OperatorError, SinkError."""
    TopicAdmin(cluster, prefix).partitions(PACKAGES)
    return sum(len(step.files) for step in asyncio.run(_steps(tree, cluster, prefix + PACKAGES)))


async def _steps(tree: Tree, cluster: Cluster, topic: str) -> Iterator[Step]:
    read = await read_compacted(cluster, topic, 0)
    found = {key.decode(errors="replace"): value for key, value in read.items() if key}
    there = {path: digest_of(content) for path, content in found.items()}
    oldest = {path: found[path] for path in (FIRST, TIMESTAMP) if path in found}
    return tree.steps(there, oldest)


async def _publish(tree: Tree, cluster: Cluster, topic: str) -> tuple[int, int]:
    steps = await _steps(tree, cluster, topic)
    written = removed = 0
    sink = KafkaSink(cluster)
    await sink.start()
    try:
        for step in steps:
            # The next ones refer to these: only when the broker has them.
            await sink.write(
                Message(topic, content, path.encode(), 0) for path, content in step.files.items()
            )
            gone = sum(1 for content in step.files.values() if content is None)
            removed += gone
            written += len(step.files) - gone
    finally:
        await sink.stop()
    return written, removed
