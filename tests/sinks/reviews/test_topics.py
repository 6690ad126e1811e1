import asyncio
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.topics import REVIEW_LABELS, RISK_TICKETS
from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed, Unreachable
from sinks.kafka import KafkaSink, Message
from sinks.reviews.duck import ReviewFile
from sinks.reviews.night import Night, lines
from sinks.reviews.options import FILE
from sinks.reviews.topics import publish
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.broker.machine import free_port
from tests.support.nights import DATE, ask, label, night, ticket, write_night

pytestmark = pytest.mark.broker
_ROOT = Path(__file__).parents[3]
_NEXT = "2026-11-21"


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create()
    yield prefix
    admin.delete()


def on(bootstrap: str, topic: str, partitions: int) -> list[tuple[str, bytes | None]]:
    """Keys and values, sorted by key, of one key in their order."""
    tail = Tail(Cluster(bootstrap), topic, partitions)
    found = [((m.key() or b"").decode(), m.value()) for m in tail.rest()]
    tail.close()
    return sorted(found, key=lambda pair: pair[0])


def labels_on(bootstrap: str, prefix: str) -> list[tuple[str, bytes | None]]:
    return on(bootstrap, prefix + REVIEW_LABELS, 4)


def tickets_on(bootstrap: str, prefix: str) -> list[tuple[str, bytes | None]]:
    return on(bootstrap, prefix + RISK_TICKETS, 1)


@pytest.mark.slow
def test_only_what_changes_is_written(bootstrap: str, topics: str, tmp_path: Path) -> None:
    to: dict[str, Any] = {"topics": True, "cluster": Cluster(bootstrap), "prefix": topics}
    labels = [label(f"shop:{n}") for n in range(5)]
    first = night(tmp_path / "1", labels, [ticket("a"), ticket("b")])
    found = write_night(first, tmp_path, **to)
    assert found.topics == {REVIEW_LABELS: 5, RISK_TICKETS: 2}
    expected = [(one.source, msgspec.json.encode(one)) for one in labels]
    assert labels_on(bootstrap, topics) == expected
    assert write_night(first, tmp_path, **to).topics == {REVIEW_LABELS: 0, RISK_TICKETS: 0}
    other = label("shop:0", sentiment="mixed")
    again = night(tmp_path / "2", [other, *labels[1:4]], [ticket("b"), ticket("c")])
    found = write_night(again, tmp_path, **to)
    # A label that is gone is not repeated, a ticket that is gone is taken back.
    assert found.topics == {REVIEW_LABELS: 1, RISK_TICKETS: 2}
    assert labels_on(bootstrap, topics)[1] == ("shop:0", msgspec.json.encode(other))
    assert len(labels_on(bootstrap, topics)) == 6
    assert tickets_on(bootstrap, topics) == [
        ("a", msgspec.json.encode(ticket("a"))),
        ("a", None),
        ("b", msgspec.json.encode(ticket("b"))),
        ("c", msgspec.json.encode(ticket("c"))),
    ]
    assert ask(tmp_path, "SELECT * FROM review_pending") == []


@pytest.mark.slow
def test_a_row_that_moved_to_another_day_is_written_as_it_is_now(
    bootstrap: str, topics: str, tmp_path: Path
) -> None:
    to: dict[str, Any] = {"topics": True, "cluster": Cluster(bootstrap), "prefix": topics}
    write_night(night(tmp_path / "1", [label("a"), label("b")]), tmp_path, **to)
    moved = label("b", date=_NEXT)
    write_night(night(tmp_path / "2", [moved], date=_NEXT), tmp_path, **to)
    assert labels_on(bootstrap, topics)[1:] == [
        ("b", msgspec.json.encode(label("b"))),
        ("b", msgspec.json.encode(moved)),
    ]


@pytest.mark.slow
def test_a_broker_that_is_away_loses_no_message(
    bootstrap: str, topics: str, tmp_path: Path
) -> None:
    away = Cluster(f"127.0.0.1:{free_port()}")
    first = night(tmp_path / "1", [label("a"), label("b")], [ticket("x"), ticket("y")])
    with pytest.raises(Unreachable, match=r"^not written: topics: cannot write to [^\n]+$"):
        write_night(first, tmp_path, topics=True, cluster=away)
    assert ask(tmp_path, "SELECT count(*) FROM review_labels") == [(2,)]
    # What changes meanwhile is written once, as it is in the end.
    second = night(tmp_path / "2", [label("b", sentiment="mixed")], [ticket("y")])
    with pytest.raises(Unreachable):
        write_night(second, tmp_path, topics=True, cluster=away)
    # Another night brings it along.
    other = night(tmp_path / "3", [label("c", date=_NEXT)], date=_NEXT)
    found = write_night(other, tmp_path, topics=True, cluster=Cluster(bootstrap), prefix=topics)
    assert found.topics == {REVIEW_LABELS: 2, RISK_TICKETS: 2}
    assert labels_on(bootstrap, topics) == [
        ("b", msgspec.json.encode(label("b", sentiment="mixed"))),
        ("c", msgspec.json.encode(label("c", date=_NEXT))),
    ]
    assert tickets_on(bootstrap, topics) == [("x", None), ("y", msgspec.json.encode(ticket("y")))]


def test_topics_that_are_missing_are_told_at_once(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    given = night(tmp_path / "1", [label("a")])
    with pytest.raises(Unreachable, match=f"topics: topic {prefix}review_labels does not exist"):
        write_night(given, tmp_path, topics=True, cluster=Cluster(bootstrap), prefix=prefix)


def test_without_kafka_topics_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"topics are asked for, but no Kafka"):
        write_night(night(tmp_path / "1", [label("a")]), tmp_path, topics=True)


class _Dies(KafkaSink):
    """The broker has the messages, but nobody hears of it."""

    async def write(self, messages: Iterable[Message]) -> None:
        await super().write(messages)
        raise DeliveryFailed("cut off")


def test_what_was_not_confirmed_is_written_again(
    bootstrap: str, topics: str, tmp_path: Path
) -> None:
    store = ReviewFile(tmp_path / FILE, targets=(REVIEW_LABELS, RISK_TICKETS))

    async def run(given: Night) -> None:
        sinks = _Dies(Cluster(bootstrap)), KafkaSink(Cluster(bootstrap))
        with lines(given) as rows, store.opened() as connection:
            store.store(connection, DATE, rows)
            for sink in sinks:
                await sink.start()
            with pytest.raises(DeliveryFailed, match="cut off"):
                await publish(connection, sinks[0], topics)
            assert await publish(connection, sinks[1], topics) == {
                REVIEW_LABELS: 2,
                RISK_TICKETS: 0,
            }
            for sink in sinks:
                await sink.stop()

    asyncio.run(run(night(tmp_path / "1", [label("a"), label("b")])))
    assert [key for key, _ in labels_on(bootstrap, topics)] == ["a", "a", "b", "b"]


_WRITER = """
import sys
from pathlib import Path
from sinks.cluster import Cluster
from sinks.reviews import topics
from tests.support.nights import label, night, ticket, write_night

place, bootstrap, prefix, turn = Path(sys.argv[1]), *sys.argv[2:]
topics._CHUNK = 200
labels = [label(f"shop:{n}", excerpt=turn) for n in range(3000)]
given = night(place / turn, labels, [ticket("a", title=turn)], size=500)
print("ready", flush=True)
write_night(given, place, topics=True, cluster=Cluster(bootstrap), prefix=prefix)
"""


@pytest.mark.slow
def test_killed_at_any_moment_every_row_comes_to_its_topic(
    bootstrap: str, topics: str, tmp_path: Path
) -> None:
    """Each run has other labels, and only the last one is not killed."""
    killed = 0
    for turn, patience in enumerate((0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 60.0)):
        command = [sys.executable, "-c", _WRITER, str(tmp_path), bootstrap, topics, str(turn % 3)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=_ROOT) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            try:
                assert writer.wait(patience) == 0
            except subprocess.TimeoutExpired:
                writer.kill()
                killed += 1
    assert killed >= 3
    last: dict[str, bytes | None] = dict(labels_on(bootstrap, topics))
    assert last == {
        f"shop:{n}": msgspec.json.encode(label(f"shop:{n}", excerpt="1")) for n in range(3000)
    }
    assert dict(tickets_on(bootstrap, topics)) == {"a": msgspec.json.encode(ticket("a", title="1"))}
    assert ask(tmp_path, "SELECT count(*) FROM review_pending") == [(0,)]
