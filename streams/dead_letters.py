"""Reading the dead letters back, and sending them where they came from."""

from collections.abc import Iterator
from typing import NamedTuple, cast

from confluent_kafka import KafkaError, Message, Producer

from schemas.dead_letters import DeadLetter
from schemas.errors import NotOurs
from schemas.topics import CHANGES, COMMANDS, DEAD_LETTERS, INPUTS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.errors import OperatorError

_LARGEST = 24 * 1024 * 1024
_HELD = 100_000
"""Records a producer holds."""


class UnknownLetter(OperatorError):
    """No dead letter has this identity."""


class Kept(NamedTuple):
    """A dead letter with the record it is about."""

    letter: DeadLetter
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


class DeadLetterBox:
    """The dead-letter topic under a prefix."""

    def __init__(self, cluster: Cluster, prefix: str) -> None:
        self._cluster = cluster
        self._prefix = prefix
        self._topic = prefix + DEAD_LETTERS

    def all(self) -> Iterator[Kept]:
        """Every dead letter up to now, each record once, in the order it was refused."""
        places = TopicAdmin(self._cluster, self._prefix).partitions(DEAD_LETTERS)
        tail = Tail(self._cluster, self._topic, places)
        seen: set[str] = set()
        try:
            for message in tail.rest():
                kept = _kept(message)
                if kept is not None and kept.letter.id not in seen:
                    seen.add(kept.letter.id)
                    yield kept
        finally:
            tail.close()

    def find(self, identity: str) -> Kept:
        """The dead letter topic-partition@offset. Raises UnknownLetter."""
        for kept in self.all():
            if kept.letter.id == identity:
                return kept
        raise UnknownLetter(f"no dead letter {identity}; see: groundswell dead-letters list")

    def requeue(self, letters: list[Kept]) -> None:
        """Write records back to the topics they came from, as they were. Raises OperatorError."""
        producer = Producer(
            {
                **self._cluster.for_librdkafka(),
                "enable.idempotence": True,
                # As who wrote it first: the records of a key stay on one partition.
                "partitioner": "murmur2_random",
                "message.max.bytes": _LARGEST,
                "queue.buffering.max.messages": _HELD,
            }
        )
        failures: list[str] = []
        for kept in letters:
            if kept.letter.topic not in (*INPUTS, CHANGES, COMMANDS):
                failures.append(f"{kept.letter.id}: not an input topic")
                continue
            while len(producer) >= _HELD:
                producer.poll(0.1)
            producer.produce(
                self._prefix + kept.letter.topic,
                kept.value,
                kept.key,
                timestamp=kept.letter.time_ms,
                # Not a dict: Kafka allows a name twice.
                headers=list(kept.headers),
                on_delivery=lambda error, record: failures.extend(_failure(error, record)),
            )
            producer.poll(0)
        producer.flush()
        if failures:
            raise OperatorError(f"{len(failures)} were not requeued; the first: {failures[0]}")


def _failure(error: KafkaError | None, record: Message) -> Iterator[str]:
    if error is not None:
        yield error.str()
    elif record.offset() is None:
        # As in sinks.producer: one that later records overtook may be nowhere (KAFKA-15591).
        yield "it does not say where a record stands"


def _headers(message: Message) -> list[tuple[str, bytes | None]]:
    # The client's own types say less than it does: a list of pairs, or None.
    return cast(list[tuple[str, bytes | None]], message.headers() or [])


def _kept(message: Message) -> Kept | None:
    headers = [(name, bytes(value or b"")) for name, value in _headers(message)]
    try:
        letter = DeadLetter.of_headers(headers)
    except NotOurs:
        return None
    original = [(name, value) for name, value in headers if not name.startswith("dlq-")]
    return Kept(letter, message.key(), message.value(), original)
