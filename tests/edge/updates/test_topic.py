"""The update from the topic, by a real Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

import edge.updates.topic
from edge.errors import Missing, Unreachable
from edge.updates.slots import Slots
from edge.updates.topic import Topic
from schemas.topics import BY_NAME, PACKAGES
from tests.support.packages import Bench, content, pack

BIG = Random(5).randbytes(300_000)
"""What no compression makes smaller."""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    bench.repository.add(2, pack(2, BIG))
    return bench


def running(bench: Bench) -> dict[str, bytes]:
    return content(Slots(bench.home.packs, bench.bundled).start())


def is_model(key: str, bench: Bench) -> bool:
    return key.startswith("targets/differences") and len(bench.repository.files[key]) > 10_000


def publish(bootstrap: str, prefix: str, records: list[tuple[str, bytes | None]]) -> None:
    producer = Producer({"bootstrap.servers": bootstrap, "message.max.bytes": 30_000_000})
    for key, value in records:
        producer.produce(prefix + PACKAGES, value, key)
    assert producer.flush(30) == 0


@pytest.fixture
def topic(bootstrap: str, prefix: str) -> Iterator[dict[str, str]]:
    options = {"bootstrap.servers": bootstrap}
    admin, name = AdminClient({**options}), prefix + PACKAGES
    admin.create_topics([NewTopic(name, 1, 1, config=BY_NAME[PACKAGES].config)])[name].result(30)
    yield options
    admin.delete_topics([name])[name].result(30)


@pytest.mark.broker
def test_from_the_topic(bench: Bench, prefix: str, topic: dict[str, str]) -> None:
    brokers = topic["bootstrap.servers"]
    # Every key twice, the wrong value first, and one that is gone.
    publish(brokers, prefix, [(key, b"old") for key in bench.repository.files])
    publish(brokers, prefix, [*bench.repository.files.items(), ("targets/gone", None)])
    source = Topic(topic, prefix)
    try:
        assert bench.update(source).after == 2
        assert running(bench) == pack(2, BIG)
        with pytest.raises(Missing):
            next(source.read("targets/gone"))
        with pytest.raises(Missing):
            next(source.read("metadata/2.root.json"))
        (model,) = [one for one in bench.repository.files if is_model(one, bench)]
        whole = bench.repository.files[model]
        assert b"".join(source.read(model, 70_000)) == whole[70_000:]
    finally:
        source.close()


@pytest.mark.broker
def test_the_topic_is_only_read(bench: Bench, prefix: str, topic: dict[str, str]) -> None:
    publish(topic["bootstrap.servers"], prefix, list(bench.repository.files.items()))
    source = Topic(topic, prefix)
    bench.update(source)
    source.close()
    admin = AdminClient({**topic})
    groups = {one.group_id for one in admin.list_consumer_groups().result(20).valid}
    assert "groundswell-edge" not in groups
    assert not {"Producer", "AdminClient"} & set(vars(edge.updates.topic))


@pytest.mark.broker
def test_a_topic_that_is_not_there(bootstrap: str, prefix: str) -> None:
    with pytest.raises(Unreachable, match="no topic"):
        Topic({"bootstrap.servers": bootstrap}, prefix)


def test_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.updates.topic.PATIENCE_S", 1.0)
    with pytest.raises(Unreachable):
        Topic({"bootstrap.servers": "127.0.0.1:1"})
    with pytest.raises(Unreachable, match="settings"):
        Topic({"bootstrap.servers": "127.0.0.1:1", "no.such.thing": "x"})
