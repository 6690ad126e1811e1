"""Writes messages to the input topics, evenly over topics and partitions."""

import time
from collections.abc import Callable, Iterable, Sequence

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as KafkaMessage

from tests.bench.traffic import Message

_PACE_MS = 20
"""How often a paced feeder looks at the clock."""


class Feeder:
    """Message i goes to topic i mod topics; the record has the time and the key of the message.

    `behind_ms`: how late a paced message was at the worst, once the past had been written.
    """

    def __init__(self, bootstrap: str, topics: Sequence[str], partitions: int) -> None:
        self._places = [(topic, n) for n in range(partitions) for topic in topics]
        self._failure: KafkaError | None = None
        self.written = 0
        self.behind_ms = 0.0
        self._producer = Producer(
            {
                "bootstrap.servers": bootstrap,
                "linger.ms": 5,
                "compression.type": "lz4",
                "queue.buffering.max.messages": 100_000,
                "log_level": 0,
            }
        )

    def write(
        self, messages: Iterable[Message], wait: Callable[[int], None] = lambda _: None
    ) -> None:
        """Write everything and wait until it is durable; `wait` is called with every time."""
        places = self._places
        for ms, key, value in messages:
            wait(ms)
            topic, partition = places[self.written % len(places)]
            while True:
                try:
                    self._producer.produce(
                        topic, value, key, partition, on_delivery=self._delivered, timestamp=ms
                    )
                    break
                except BufferError:
                    self._producer.poll(0.05)
            self.written += 1
            if not self.written % 100:
                self._producer.poll(0)
        self._producer.flush()
        if self._failure is not None:
            raise KafkaException(self._failure)

    def paced(self, messages: Iterable[Message]) -> None:
        """Write every message at its time by the wall clock; those of the past at once."""
        next_look = 0
        caught_up = False

        def wait(ms: int) -> None:
            nonlocal next_look, caught_up
            if ms < next_look:
                return
            next_look = ms + _PACE_MS
            early = ms - time.time() * 1000
            if early > 0:
                caught_up = True
                self._producer.poll(0)
                time.sleep(early / 1000)
            elif caught_up:
                self.behind_ms = max(self.behind_ms, -early)

        self.write(messages, wait)

    def _delivered(self, error: KafkaError | None, _: KafkaMessage) -> None:
        self._failure = self._failure or error
