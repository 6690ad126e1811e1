"""A log of one test: topics, records and committed offsets under the prefix of the test."""

from __future__ import annotations

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic


class Log:
    """Topics and groups whose names start with ``prefix``."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.bootstrap = bootstrap
        self.prefix = prefix
        self._admin = AdminClient({"bootstrap.servers": bootstrap})
        self._producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 5})

    def topic(self, name: str, partitions: int) -> str:
        topic = NewTopic(self.prefix + name, partitions, 1)
        for created in self._admin.create_topics([topic]).values():
            created.result()
        return self.prefix + name

    def produce(self, topic: str, partition: int, numbers: range) -> None:
        """One record a number, as its decimal text: the number equals the offset."""
        for number in numbers:
            self._producer.produce(topic, b"%d" % number, partition=partition)
            self._producer.poll(0)
        assert self._producer.flush(30) == 0

    def committed(self, group: str, topic: str, partitions: int) -> list[int | None]:
        """The committed offset of each partition; None where nothing was committed."""
        client = Consumer({"bootstrap.servers": self.bootstrap, "group.id": group})
        asked = [TopicPartition(topic, number) for number in range(partitions)]
        offsets = [tp.offset for tp in client.committed(asked, timeout=30)]
        client.close()
        return [offset if offset >= 0 else None for offset in offsets]


@pytest.fixture
def log(bootstrap: str, prefix: str) -> Log:
    return Log(bootstrap, prefix)
