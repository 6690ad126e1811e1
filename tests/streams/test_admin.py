from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from schemas.topics import TOPICS
from sinks.cluster import Cluster
from streams.admin import NoBroker, TopicAdmin, table
from streams.broker.machine import free_port
from streams.errors import OperatorError

broker = pytest.mark.broker
NAMES = [topic.name for topic in TOPICS]


@broker
def test_topics_are_created_as_the_table_says_and_only_once(bootstrap: str, prefix: str) -> None:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    assert admin.differences() == [f"{prefix}{name}: missing" for name in NAMES]
    assert admin.create() == [prefix + name for name in NAMES]
    assert admin.differences() == []
    assert admin.create() == []
    there = admin.existing()
    assert {name: there[prefix + name] for name in NAMES} == {t.name: t.partitions for t in TOPICS}
    assert admin.delete() == sorted(prefix + name for name in NAMES)
    assert admin.delete() == []


@broker
def test_what_was_created_can_be_written_to_at_once(bootstrap: str, prefix: str) -> None:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    created = admin.create(3)
    with closing(Consumer({"bootstrap.servers": bootstrap, "group.id": prefix})) as consumer:
        for name in created:
            # It asks the leader, and is refused by one that does not know yet.
            assert consumer.get_watermark_offsets(TopicPartition(name, 0), timeout=10) == (0, 0)
    admin.delete()


@broker
def test_what_differs_is_named(bootstrap: str, prefix: str) -> None:
    client = AdminClient({"bootstrap.servers": bootstrap})
    wrong = [
        NewTopic(prefix + "signals", 2, 1, config={"max.message.bytes": "1000000"}),
        NewTopic(prefix + "detect.state", 1, 1, config={"max.message.bytes": "11534336"}),
    ]
    for created in client.create_topics(wrong).values():
        created.result()
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create()
    assert admin.differences() == [
        f"{prefix}signals: max.message.bytes is 1000000, wanted 11534336",
        f"{prefix}detect.state: cleanup.policy is delete, wanted compact",
        f"{prefix}detect.state: needs as many partitions as {prefix}signals",
    ]
    admin.delete()


@broker
def test_fewer_partitions_and_other_settings(bootstrap: str, prefix: str) -> None:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2, {"changes": {"retention.ms": "-1"}})
    there = admin.existing()
    assert (there[prefix + "signals"], there[prefix + "changes"]) == (2, 1)
    assert admin.differences() == []
    admin.delete()


@broker
def test_more_partitions_for_topics_that_have_more_than_one(bootstrap: str, prefix: str) -> None:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(6)
    there = admin.existing()
    for topic in TOPICS:
        assert there[prefix + topic.name] == (1 if topic.partitions == 1 else 6)
    admin.delete()


@broker
def test_two_that_create_at_once_both_succeed(bootstrap: str, prefix: str) -> None:
    admins = [TopicAdmin(Cluster(bootstrap), prefix) for _ in range(4)]
    with ThreadPoolExecutor(len(admins)) as pool:
        created = list(pool.map(TopicAdmin.create, admins))
    assert {name for names in created for name in names} == {prefix + name for name in NAMES}
    admins[0].delete()


@broker
def test_a_topic_that_cannot_be_created_is_one_line(bootstrap: str) -> None:
    with pytest.raises(OperatorError, match="cannot create topic") as raised:
        TopicAdmin(Cluster(bootstrap), "no blanks ").create()
    assert "\n" not in str(raised.value)
    assert "KafkaError{" not in str(raised.value)


@pytest.mark.slow
def test_a_broker_that_is_away_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.admin._TIMEOUT", 0.5)
    address = f"127.0.0.1:{free_port()}"
    admin = TopicAdmin(Cluster(address))
    for ask in (admin.existing, admin.create, admin.differences, admin.delete):
        with pytest.raises(NoBroker, match=f"no Kafka answers at {address}: start it, give --boot"):
            ask()


def test_the_table_lists_every_topic() -> None:
    rows = table()
    assert [row[0] for row in rows] == NAMES
    assert all(all(row) for row in rows)
    assert {row[0]: row[4] for row in rows}["detect.state"] == "compacted"
    assert {row[0]: row[4] for row in rows}["signals"] == "7 d"
