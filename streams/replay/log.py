"""Stretches of the log, without a group: nothing is joined, nothing is committed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from sinks.cluster import Cluster
from streams.admin import NoBroker
from streams.records import Record
from streams.replay.errors import Interrupted, TopicGone

T = TypeVar("T")
_BATCH = 2_000
_POLL = 0.05
_SILENCE = 2.0
"""Seconds without a word, after which the broker is asked why."""
_ASK = 5.0
_ELECTION_SECONDS = 10.0
_GONE = (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION)
_NO_LEADER = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE, *_GONE)
_OFF = (KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE)


class Log:
    """A connection to the log; `patience`: seconds to wait for a broker."""

    def __init__(self, cluster: Cluster, patience: float) -> None:
        self.cluster = cluster
        self.patience = patience
        self.ask_seconds = min(patience, _ASK)
        self._learned = False
        self.consumer = Consumer(
            {
                **cluster.for_librdkafka(),
                # The client wants a name; without a commit no broker learns it.
                "group.id": "groundswell-replay",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
                # As the live worker, to which a transaction that was given up is on the log, too.
                "isolation.level": "read_uncommitted",
                "fetch.wait.max.ms": 20,
                "queued.max.messages.kbytes": 16 * 1024,
                "fetch.message.max.bytes": 4 * 1024 * 1024,
            }
        )

    def close(self) -> None:
        """Let go of it."""
        self.consumer.close()

    def learn(self) -> None:
        """Who leads what: a topic that is met unprepared costs a second."""
        if not self._learned:
            # Who is away is noticed by the reading, which is patient.
            with suppress(KafkaException):
                self.consumer.list_topics(timeout=self.ask_seconds)
                self._learned = True

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """The first offset that is there, and the end. Raises KafkaException."""
        place = TopicPartition(topic, partition)
        found: tuple[int, int] = patient(
            lambda: self.consumer.get_watermark_offsets(place, timeout=self.ask_seconds)
        )
        return found


class Reading:
    """The records of a partition from offset `position` to before `stop`.

    `lost`: offsets that retention deleted meanwhile. One reading of a log at a time.
    """

    def __init__(self, log: Log, topic: str, partition: int, start: int, stop: int) -> None:
        self._log = log
        self._topic = topic
        self._partition = partition
        self.position = start
        self.stop = stop
        self.lost = 0

    def batches(self) -> Iterator[list[Record]]:
        """Lists of records as they come, some of them empty.

        It ends when the position has reached the stop, for offsets have gaps, and there may be
        less records than offsets. Raises TopicGone, Interrupted.
        """
        consumer = self._log.consumer
        self._log.learn()
        self._begin()
        heard = asked = time.monotonic()
        try:
            while self.position < self.stop:
                before = self.position
                # A full batch comes at once; for less the client waits to the end of its time.
                most = min(_BATCH, self.stop - before)
                yield self._taken(consumer.consume(most, timeout=_POLL))
                now = time.monotonic()
                if self.position > before:
                    heard = asked = now
                elif now - asked > _SILENCE:
                    self._look(now - heard)
                    asked = time.monotonic()
        finally:
            consumer.unassign()

    def _begin(self) -> None:
        place = TopicPartition(self._topic, self._partition, self.position)
        self._log.consumer.assign([place])

    def _taken(self, messages: list[KafkaMessage]) -> list[Record]:
        records = []
        for message in messages:
            error = message.error()
            offset = message.offset() or 0
            if error is not None:
                self._told(error, offset)
            elif offset >= self.stop:
                # There was a gap before it, or nothing is left of the range.
                self.position = self.stop
                break
            elif offset >= self.position:
                records.append(Record(offset, message.timestamp()[1], message.value()))
                self.position = offset + 1
        return records

    def _told(self, error: KafkaError, offset: int) -> None:
        if error.code() == KafkaError._PARTITION_EOF:
            # What lies before the end and was not given is no record.
            self.position = max(self.position, min(offset, self.stop))
        elif error.code() in _OFF:
            # If it does not answer now, it will be asked again.
            with suppress(KafkaException):
                self._skip()
        elif error.code() in _GONE:
            raise gone(self._topic)

    def _skip(self) -> None:
        """Go on with what retention has left. Raises TopicGone."""
        low, high = self._log.bounds(self._topic, self._partition)
        if high < self.stop:
            raise TopicGone(
                f"{self._topic}-{self._partition} ends at {high}, but the plan reads up to"
                f" {self.stop}: it was deleted and created again; remove the work folder to plan"
                " again"
            )
        if low > self.position:
            self.lost += min(low, self.stop) - self.position
            self.position = min(low, self.stop)
            self._begin()

    def _look(self, silent: float) -> None:
        """Why nothing comes. Raises TopicGone, Interrupted."""
        try:
            asked = self._log.consumer.list_topics(self._topic, timeout=self._log.ask_seconds)
            found = asked.topics[self._topic]
            if found.error is not None and found.error.code() in _GONE:
                raise gone(self._topic)
            self._skip()
        except KafkaException:
            # No answer: it is the broker that is away.
            pass
        if silent > self._log.patience:
            raise Interrupted(
                f"no answer of Kafka at {self._log.cluster} for {silent:.0f} s; what is done is"
                " kept: run the same command again when it is back"
            )


def gone(topic: str) -> TopicGone:
    """The topic is not there any more."""
    return TopicGone(
        f"topic {topic} was deleted since the replay was planned, so the rest of it cannot be read;"
        " remove the work folder to plan again without it"
    )


@contextmanager
def answering(cluster: Cluster) -> Iterator[None]:
    """Whatever Kafka has against a question, in words. Raises NoBroker."""
    try:
        yield
    except KafkaException as error:
        raise NoBroker(f"Kafka at {cluster} gives no answer: {error.args[0].str()}") from None


def patient(ask: Callable[[], T]) -> T:
    """The answer: a topic shows up a moment before its partitions have leaders."""
    deadline = time.monotonic() + _ELECTION_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            if error.args[0].code() not in _NO_LEADER or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
