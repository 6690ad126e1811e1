"""The publisher's own topic, read and never written; needs the extra `edge-topic`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from edge.errors import Missing, Unreachable
from edge.updates.source import MOST_METADATA, PIECE, Source
from schemas.packages import MOST_FILE
from schemas.topics import PACKAGES

PATIENCE_S = 15.0
"""Without a record or the end of the topic for so long, the broker is away."""
_STEP_S = 0.2
_MOST_RECORDS = 200_000
_MOST_KEY = 1_000
_MOST_KEPT = 16 << 20
"""Bytes of metadata kept in memory."""


class _Place(NamedTuple):
    partition: int
    offset: int


class Topic(Source):
    """The latest value of each key, from the beginning of the topic to its end as of now.

    One pass keeps metadata, and of everything else only where it lies: that is read when asked for.
    """

    def __init__(self, options: Mapping[str, str], prefix: str = "") -> None:
        """`options`: of librdkafka, such as bootstrap.servers. Raises Unreachable."""
        self._topic = prefix + PACKAGES
        self._brokers = options.get("bootstrap.servers", "")
        self._errors: list[KafkaError] = []
        # A consumer alone, of no group: nothing is committed, nothing can be produced.
        fixed = {
            "group.id": "groundswell-edge",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            # Files are asked for one by one; by its own the end of each is told 500 ms late.
            "fetch.wait.max.ms": 10,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "allow.auto.create.topics": False,
            "fetch.message.max.bytes": MOST_FILE + MOST_METADATA,
            "queued.max.messages.kbytes": 4 * MOST_FILE >> 10,
            "log_level": 0,
            "error_cb": self._errors.append,
        }
        try:
            self._consumer = Consumer({**options, **fixed})
        except (KafkaException, ValueError, TypeError) as error:
            raise Unreachable(f"settings of the Kafka client: {error}") from None
        self._kept: dict[str, bytes] = {}
        self._places: dict[str, _Place] = {}
        try:
            self._scan()
        except BaseException:
            self._consumer.close()
            raise

    def __str__(self) -> str:
        return f"{self._topic} on {self._brokers}"

    def close(self) -> None:
        self._consumer.close()

    def _read(self, key: str, start: int, length: int) -> Iterator[bytes]:  # noqa: ARG002
        # A file is one record, which Kafka gives whole, also when only its end is wanted.
        value = self._kept.get(key)
        if value is None:
            value = self._fetch(key)
        for at in range(start, len(value), PIECE):
            yield value[at : at + PIECE]

    def _scan(self) -> None:
        partitions = self._partitions()
        self._consumer.assign([TopicPartition(self._topic, one, 0) for one in partitions])
        records = size = 0
        for message in self._messages(len(partitions)):
            records += 1
            key, value = _text(message.key()), message.value()
            if records > _MOST_RECORDS:
                raise Unreachable(f"{self}: more than {_MOST_RECORDS} records")
            if key is None:
                continue
            size -= len(self._kept.pop(key, b""))
            self._places.pop(key, None)
            if value is None:
                continue
            if key.startswith("metadata/") and len(value) <= MOST_METADATA:
                self._kept[key] = value
                size += len(value)
                if size > _MOST_KEPT:
                    raise Unreachable(f"{self}: more than {_MOST_KEPT >> 20} MiB of metadata")
            else:
                self._places[key] = _Place(message.partition() or 0, message.offset() or 0)
        self._consumer.unassign()

    def _fetch(self, key: str) -> bytes:
        place = self._places.get(key)
        if place is None:
            raise Missing(f"{self} has no {key}")
        self._consumer.assign([TopicPartition(self._topic, place.partition, place.offset)])
        for message in self._messages(1):
            if message.offset() == place.offset and (value := message.value()) is not None:
                return value
            break
        # Compaction has taken it away since: a newer one is there.
        raise Unreachable(f"{self}: {key} has just been replaced: run it again")

    def _partitions(self) -> list[int]:
        try:
            topics = self._consumer.list_topics(self._topic, timeout=PATIENCE_S).topics
        except KafkaException as error:
            raise self._away(error.args[0]) from None
        found = topics.get(self._topic)
        if found is None or found.error is not None or not found.partitions:
            raise Unreachable(f"there is no topic {self._topic} on {self._brokers}")
        return sorted(found.partitions)

    def _messages(self, partitions: int) -> Iterator[Message]:
        """Up to the end of so many partitions."""
        waited = 0.0
        while partitions:
            message = self._consumer.poll(_STEP_S)
            if message is None:
                waited += _STEP_S
                if waited > PATIENCE_S:
                    raise self._away(None)
                continue
            waited = 0.0
            error = message.error()
            if error is None:
                yield message
            elif error.code() == KafkaError._PARTITION_EOF:
                partitions -= 1
            else:
                raise self._away(error)

    def _away(self, error: KafkaError | None) -> Unreachable:
        self._consumer.poll(0)
        told = error or (self._errors[-1] if self._errors else None)
        said = told.str() if told else "no answer"
        return Unreachable(f"{self}: {said}: run it again")


def _text(key: bytes | str | None) -> str | None:
    if not isinstance(key, bytes) or len(key) > _MOST_KEY:
        return None
    try:
        return key.decode("ascii")
    except UnicodeDecodeError:
        return None
