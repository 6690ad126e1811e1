import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from aiokafka.partitioner import DefaultPartitioner
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.dead_letters import DeadLetter
from schemas.errors import Reason
from sinks.cluster import Cluster
from sinks.dead_letters import DeadLetterSink
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.dead_letters import DeadLetterBox, Kept, UnknownLetter
from streams.errors import OperatorError

pytestmark = pytest.mark.broker
TEN_MB = b"x" * (10 * 1024 * 1024)


@dataclass
class Record:
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]] = field(default_factory=list)


def letter(
    offset: int, reason: Reason = Reason.NOT_JSON, topic: str = "feedback.app"
) -> DeadLetter:
    return DeadLetter(reason, "detail", topic, 1, offset, 1_763_630_043_120)


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2, {"feedback.app": {"retention.ms": "-1"}})
    yield prefix
    admin.delete()


def refuse(bootstrap: str, prefix: str, *refused: tuple[DeadLetter, Record]) -> None:
    async def write() -> None:
        sink = KafkaSink(Cluster(bootstrap))
        await sink.start()
        await DeadLetterSink(sink, prefix + "dead-letters").write(refused)
        await sink.write([Message(prefix + "dead-letters", b"not ours", b"k")])
        await sink.stop()

    asyncio.run(write())


def ids(box: DeadLetterBox) -> list[str]:
    return [kept.letter.id for kept in box.all()]


def test_what_was_refused_is_read_back_once_and_as_it_was(bootstrap: str, topics: str) -> None:
    twice = [("trace", b"1"), ("trace", b"2")]
    one = (letter(7), Record(b"key", b"{broken", twice))
    two = (letter(8, Reason.EMPTY_TEXT), Record(None, None))
    refuse(bootstrap, topics, one, two)
    refuse(bootstrap, topics, one)
    found = list(DeadLetterBox(Cluster(bootstrap), topics).all())
    assert [kept.letter for kept in found] == [one[0], two[0]]
    assert (found[0].key, found[0].value, found[0].headers) == (b"key", b"{broken", twice)
    assert (found[1].value, found[1].headers) == (None, [])


def test_one_is_found_by_where_it_came_from(bootstrap: str, topics: str) -> None:
    refuse(bootstrap, topics, (letter(7), Record(b"k", TEN_MB)))
    box = DeadLetterBox(Cluster(bootstrap), topics)
    assert box.find("feedback.app-1@7").value == TEN_MB
    with pytest.raises(UnknownLetter, match=r"no dead letter feedback\.app-1@9"):
        box.find("feedback.app-1@9")


@pytest.mark.slow
def test_what_is_requeued_is_as_it_was(bootstrap: str, topics: str) -> None:
    twice = [("trace", b"1"), ("trace", b"2")]
    refuse(
        bootstrap,
        topics,
        (letter(7), Record(b"key", b"{broken", twice)),
        (letter(8), Record(None, TEN_MB)),
    )
    box = DeadLetterBox(Cluster(bootstrap), topics)
    box.requeue(list(box.all()))
    tail = Tail(Cluster(bootstrap), topics + "feedback.app", 2)
    back = sorted(tail.rest(), key=lambda message: len(message.value() or b""))
    tail.close()
    assert [(m.key(), m.value(), m.timestamp()[1]) for m in back] == [
        (b"key", b"{broken", 1_763_630_043_120),
        (None, TEN_MB, 1_763_630_043_120),
    ]
    assert back[0].headers() == twice


def test_a_key_comes_back_to_where_its_other_records_are(bootstrap: str, topics: str) -> None:
    keys = [b"key-%d" % n for n in range(16)]
    box = DeadLetterBox(Cluster(bootstrap), topics)
    box.requeue([Kept(letter(n), key, b"{", []) for n, key in enumerate(keys)])
    tail = Tail(Cluster(bootstrap), topics + "feedback.app", 2)
    where = {message.key(): message.partition() for message in tail.rest()}
    tail.close()
    partition_of = DefaultPartitioner()
    assert where == {key: partition_of(key, [0, 1], [0, 1]) for key in keys}
    assert set(where.values()) == {0, 1}


def test_what_came_from_no_input_is_not_requeued(bootstrap: str, topics: str) -> None:
    refuse(bootstrap, topics, (letter(7, topic="incidents"), Record(None, b"x")))
    box = DeadLetterBox(Cluster(bootstrap), topics)
    with pytest.raises(OperatorError, match=r"1 were not requeued; the first: .* not an input"):
        box.requeue(list(box.all()))


def test_more_than_the_producer_holds_are_requeued(
    bootstrap: str, topics: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(bootstrap, topics, (letter(7), Record(None, b"{")))
    box = DeadLetterBox(Cluster(bootstrap), topics)
    monkeypatch.setattr("streams.dead_letters._HELD", 10)
    box.requeue([*box.all()] * 500)
    tail = Tail(Cluster(bootstrap), topics + "feedback.app", 2)
    assert sum(1 for _ in tail.rest()) == 500
    tail.close()


class _Overtaken:
    """A producer that is told of no offset, and of no error (KAFKA-15591)."""

    def __init__(self, _: object) -> None:
        self.flush = self.poll = lambda *_: 0

    def __len__(self) -> int:
        return 0

    def offset(self) -> None:
        return None

    def produce(self, *_: object, on_delivery: Callable[..., None], **__: object) -> None:
        on_delivery(None, self)


def test_one_without_an_offset_was_not_requeued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.dead_letters.Producer", _Overtaken)
    box = DeadLetterBox(Cluster("127.0.0.1:1"), "")
    with pytest.raises(OperatorError, match="not requeued; the first: it does not say where"):
        box.requeue([Kept(letter(7), b"key", b"{", [])])


def test_letters_are_read_though_older_ones_were_deleted(bootstrap: str, topics: str) -> None:
    for offset in range(3):
        refuse(bootstrap, topics, (letter(offset), Record(None, b"{")))
    client = AdminClient({"bootstrap.servers": bootstrap})
    gone = TopicPartition(topics + "dead-letters", 0, 3)
    for deleted in client.delete_records([gone]).values():
        deleted.result()
    assert ids(DeadLetterBox(Cluster(bootstrap), topics)) == ["feedback.app-1@2"]


def test_without_the_topic_it_says_what_to_run(bootstrap: str, prefix: str) -> None:
    with pytest.raises(OperatorError, match="run: groundswell topics create"):
        list(DeadLetterBox(Cluster(bootstrap), prefix).all())


def test_an_empty_topic_holds_nothing(bootstrap: str, topics: str) -> None:
    assert ids(DeadLetterBox(Cluster(bootstrap), topics)) == []
