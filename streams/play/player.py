"""Writes played messages to Kafka, flat out or at a multiple of the recorded speed."""

import time
from collections.abc import Callable, Iterable, Iterator

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from xxhash import xxh3_64_intdigest

from agents.intake.source import CONTROL, END_OF_INPUT, TIME
from schemas.topics import CHANGES, INPUTS
from sinks.cluster import Cluster
from streams.errors import OperatorError
from streams.play.reading import Played

_LARGEST = 12 * 1024 * 1024


class NotWritten(OperatorError):
    """The broker did not take a message."""


class Player:
    """Writes under a topic prefix; equal messages always go to the same partition."""

    def __init__(self, cluster: Cluster, prefix: str, partitions: dict[str, int]) -> None:
        """`partitions` by base name of the topic."""
        self._prefix = prefix
        self._partitions = partitions
        self._failure: KafkaError | None = None
        self.written = 0
        self._producer = Producer(
            {
                **cluster.for_librdkafka(),
                "enable.idempotence": True,
                "linger.ms": 5,
                "compression.type": "lz4",
                "message.max.bytes": _LARGEST,
                "queue.buffering.max.messages": 200_000,
                # A Ctrl-C within a callback would be lost in the client's C code.
                "delivery.report.only.error": True,
            }
        )

    def play(
        self,
        messages: Iterable[Played],
        *,
        speed: float | None = None,
        paced_from_ms: int = 0,
        advance: Callable[[Played], None] = lambda _: None,
    ) -> None:
        """Write everything and wait until it is durable. Raises NotWritten.

        `speed`: a multiple of the recorded speed; None is as fast as the broker takes it, and so is
        all that arrived before `paced_from_ms`.
        """
        for message in messages if speed is None else _paced(messages, speed, paced_from_ms):
            place = xxh3_64_intdigest(message.value) % self._partitions[message.topic]
            self._write(message.topic, message.value, place, message.arrived_ms)
            advance(message)
        self.flush()

    def end(self, topics: Iterable[str] = (*INPUTS, CHANGES)) -> None:
        """Tell every partition of these that no more will come; only a bounded worker listens."""
        for topic in topics:
            self._tell(topic, END_OF_INPUT, 0)
        self.flush()

    def tell_time(self, topic: str, ms: int) -> None:
        """Tell every partition that nothing older than `ms` will come; as `end`."""
        self._tell(topic, TIME, ms)

    def _tell(self, topic: str, what: bytes, ms: int) -> None:
        for place in range(self._partitions[topic]):
            self._produce(topic, None, place, ms, {CONTROL: what})

    def flush(self) -> None:
        """Wait until everything is durable. Raises NotWritten."""
        while self._producer.flush(1.0):
            self._check()
        self._check()

    def _write(self, topic: str, value: bytes, place: int, arrived_ms: int) -> None:
        self._produce(topic, value, place, arrived_ms, {})
        self.written += 1

    def _produce(
        self, topic: str, value: bytes | None, place: int, ms: int, headers: dict[str, bytes]
    ) -> None:
        while True:
            try:
                self._producer.produce(
                    self._prefix + topic,
                    value,
                    partition=place,
                    timestamp=ms,
                    headers=list(headers.items()),
                    on_delivery=self._delivered,
                )
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                raise NotWritten(f"cannot write to {topic}: {error.args[0].str()}") from None
            else:
                break
        self._producer.poll(0)
        self._check()

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        self._failure = self._failure or error

    def _check(self) -> None:
        if self._failure is not None:
            raise NotWritten(f"the broker did not take a message: {self._failure.str()}")


def _paced(messages: Iterable[Played], speed: float, from_ms: int) -> Iterator[Played]:
    started, first = time.monotonic(), None
    for message in messages:
        if message.arrived_ms >= from_ms:
            if first is None:
                started, first = time.monotonic(), message.arrived_ms
            due = started + (message.arrived_ms - first) / 1000 / speed
            if (wait := due - time.monotonic()) > 0:
                time.sleep(wait)
        yield message
