"""The tree on a real Kafka, read by a TUF client."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from confluent_kafka import Message

from schemas.topics import PACKAGES
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink
from sinks.kafka import Message as Record
from streams.admin import TopicAdmin, TopicsDiffer
from streams.bounded import Tail
from streams.edge.errors import Taken
from streams.edge.topic import ahead, publish
from streams.edge.tree import Tree
from tests.support.publisher import House, install, pack

pytestmark = pytest.mark.broker


@pytest.fixture
def cluster(bootstrap: str, prefix: str) -> Iterator[Cluster]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create()
    yield Cluster(bootstrap)
    admin.delete()


def tree(house: House) -> Tree:
    return Tree(house.repository, datetime.now(UTC))


def records(cluster: Cluster, prefix: str) -> list[Message]:
    tail = Tail(cluster, prefix + PACKAGES, 1)
    try:
        return list(tail.rest())
    finally:
        tail.close()


def latest(cluster: Cluster, prefix: str) -> dict[str, bytes | None]:
    return {(one.key() or b"").decode(): one.value() for one in records(cluster, prefix)}


def from_topic(cluster: Cluster, prefix: str) -> Callable[[str], bytes | None]:
    return latest(cluster, prefix).get


def test_a_device_follows_the_topic(house: House, cluster: Cluster, prefix: str) -> None:
    house.publish(1, pack())
    assert ahead(tree(house), cluster, prefix) == len(tree(house).paths)
    assert publish(tree(house), cluster, prefix) == (len(tree(house).paths), 0)
    keys = [(one.key() or b"").decode() for one in records(cluster, prefix)]
    assert keys == tree(house).paths
    assert publish(tree(house), cluster, prefix) == (0, 0)
    before = latest(cluster, prefix)
    house.publish(2, pack(change=2))
    publish(tree(house), cluster, prefix)
    after = latest(cluster, prefix)
    assert {path for path, value in after.items() if value is not None} == set(tree(house).paths)
    gone = before.keys() - set(tree(house).paths)
    assert gone
    assert all(after[path] is None for path in gone)
    assert ahead(tree(house), cluster, prefix) == 0
    manifest, got = install(from_topic(cluster, prefix), house.first_root, pack())
    assert (manifest.version, got) == (2, pack(change=2))


def test_every_moment_of_publishing_is_one_a_device_can_read(
    house: House, cluster: Cluster, prefix: str
) -> None:
    house.publish(1, pack())
    publish(tree(house), cluster, prefix)
    house.publish(2, pack(change=2))
    publish(tree(house), cluster, prefix)
    seen: dict[str, bytes | None] = {}
    versions = []
    for number, one in enumerate(records(cluster, prefix), 1):
        seen[(one.key() or b"").decode()] = one.value()
        if number >= 8:
            manifest, got = install(seen.get, house.first_root, pack())
            assert got == pack(change=2 if manifest.version == 2 else 0)
            versions.append(manifest.version)
    assert versions == sorted(versions)
    assert set(versions) == {1, 2}


def test_a_topic_that_is_not_there_is_said(house: House, bootstrap: str, prefix: str) -> None:
    house.publish(1, pack())
    with pytest.raises(TopicsDiffer, match="topics create"):
        publish(tree(house), Cluster(bootstrap), prefix)


def test_another_publishers_topic_is_left_alone(
    house: House, cluster: Cluster, prefix: str, tmp_path: Path
) -> None:
    house.publish(1, pack())
    publish(tree(house), cluster, prefix)
    other = House.build(tmp_path / "other")
    other.publish(1, pack())
    with pytest.raises(Taken, match="another publisher"):
        publish(tree(other), cluster, prefix)


def test_what_others_wrote_there_is_mended(house: House, cluster: Cluster, prefix: str) -> None:
    house.publish(1, pack())
    publish(tree(house), cluster, prefix)
    path = next(p for p in tree(house).paths if p.startswith("targets/differences/"))

    async def tamper() -> None:
        sink = KafkaSink(cluster)
        await sink.start()
        try:
            topic = prefix + PACKAGES
            await sink.write([Record(topic, b"tampered", path.encode())])
            await sink.write([Record(topic, b"more", b"targets/strange")])
        finally:
            await sink.stop()

    asyncio.run(tamper())
    assert publish(tree(house), cluster, prefix) == (1, 1)
    install(from_topic(cluster, prefix), house.first_root)


COMMAND = """
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from sinks.cluster import Cluster
from streams.edge import topic
from streams.edge.tree import Tree
from tests.support.publisher import House
house = House(Path(sys.argv[1]))
print("at work", flush=True)
topic.publish(Tree(house.repository, datetime.now(UTC)), Cluster(sys.argv[2]), sys.argv[3])
"""


@pytest.mark.slow
def test_killed_while_it_publishes_the_same_again_finishes_it(
    house: House, cluster: Cluster, prefix: str
) -> None:
    house.publish(1, pack())
    publish(tree(house), cluster, prefix)
    command = [sys.executable, "-c", COMMAND, str(house.folder), cluster.bootstrap, prefix]
    ended = set()
    for version in range(2, 6):
        house.publish(version, pack(change=version))
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.02 * version)
            process.kill()
        ended.add(process.returncode)
        manifest, got = install(from_topic(cluster, prefix), house.first_root, pack())
        assert manifest.version in (version - 1, version)
        assert got == pack(change=manifest.version if manifest.version > 1 else 0)
        publish(tree(house), cluster, prefix)
        manifest, got = install(from_topic(cluster, prefix), house.first_root, pack())
        assert (manifest.version, got) == (version, pack(change=version))
    assert -signal.SIGKILL in ended
