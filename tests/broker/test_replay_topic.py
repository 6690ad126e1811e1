"""The revisions of a replay on a topic of their own, each once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from schemas.incidents import cloudevents_headers, decode_incident, encode_incident
from sinks.cluster import Cluster
from sinks.files import locked
from streams.bounded import Tail
from streams.replay.errors import CannotReplay
from streams.replay.publishing import check_topic, publish
from streams.replay.said import Said
from tests.streams.cli.running import fail
from tests.support.burst import END_MS, burst
from tests.support.incidents import incident
from tests.support.ledger import headers_of
from tests.support.replaying import Replays

if TYPE_CHECKING:
    from confluent_kafka import Message

    from tests.support.stream import Stream

pytestmark = pytest.mark.broker


@pytest.fixture
def topic(stream: Stream) -> Iterator[str]:
    name = f"{stream.prefix}replayed"
    yield name
    admin = AdminClient({"bootstrap.servers": stream.bootstrap, "log_level": 0})
    admin.delete_topics([name])[name].result()


def said(**other: Any) -> Said:
    return Said("updated", encode_incident(incident(**other)))


def read(stream: Stream, topic: str) -> list[Message]:
    tail = Tail(Cluster(stream.bootstrap), topic, 4)
    try:
        return list(tail.rest())
    finally:
        tail.close()


@pytest.mark.slow
def test_a_rerun_adds_nothing(stream: Stream, topic: str, tmp_path: Path) -> None:
    replays = Replays(stream.bootstrap, stream.prefix, tmp_path / "replays")
    stream.write(("feedback.app", 0), [value for _, value in burst()], END_MS)
    done = replays.run("one", "--to-topic", topic)
    told = replays.incidents("one")
    assert told
    assert f"{topic}: {len(told)} revisions written, 0 were there" in done.stdout
    found = {}
    for message in read(stream, topic):
        value = message.value() or b""
        opened = decode_incident(value)
        found[opened.event_id] = value
        assert message.key() == opened.incident_key.encode()
        assert headers_of(message) == cloudevents_headers(opened, "opened")
    assert found == told
    done = replays.run("one", "--to-topic", topic)
    assert f"{topic}: 0 revisions written, {len(told)} were there" in done.stdout
    assert len(read(stream, topic)) == len(told)
    # The result is there, but not what it was made of.
    shutil.rmtree(replays.out("one") / "work")
    done = replays.run("one", "--to-topic", topic)
    assert f"{topic}: 0 revisions written, {len(told)} were there" in done.stdout
    # Two at a time would both find that it lacks something.
    (lock,) = replays.out("one").glob("work/*/.lock")
    with locked(lock):
        said = replays.run("one", "--to-topic", topic, code=1).stderr
    assert said.startswith("groundswell: another replay is at work in ")


def test_what_was_written_before_a_kill_is_not_written_again(stream: Stream, topic: str) -> None:
    cluster = Cluster(stream.bootstrap)
    whole = [said(revision=n) for n in range(1, 40)]
    assert publish(cluster, topic, lambda: iter(whole[:17])) == (17, 0)
    assert publish(cluster, topic, lambda: iter(whole)) == (22, 17)
    # In their order, for they have one key.
    assert [m.value() for m in read(stream, topic)] == [one.value for one in whole]


def test_a_topic_of_others_is_left_alone(stream: Stream, topic: str) -> None:
    cluster = Cluster(stream.bootstrap)
    publish(cluster, topic, lambda: iter([said(revision=1)]))
    # Nothing is written, not even what would be new.
    other = [said(revision=2), said(revision=1, severity="info")]
    with pytest.raises(CannotReplay, match=r"has incident .*:1 with other content, of another"):
        publish(cluster, topic, lambda: iter(other))
    assert len(read(stream, topic)) == 1
    producer = Producer({"bootstrap.servers": stream.bootstrap})
    producer.produce(topic, b'{"no": "incident"}')
    producer.flush(10)
    with pytest.raises(CannotReplay, match=r"holds records that are no incidents: name another"):
        publish(cluster, topic, lambda: iter(other))
    # It is said before the work is done as well.
    with pytest.raises(CannotReplay, match=r"holds records that are no incidents: name another"):
        check_topic(cluster, topic)


def test_live_topics_of_another_prefix_are_refused(stream: Stream) -> None:
    cluster = Cluster(stream.bootstrap)
    check_topic(cluster, "prefix-of-nobody-incidents")
    with pytest.raises(CannotReplay, match="is a topic of the live stream: name another one"):
        check_topic(cluster, f"{stream.prefix}incidents")


@pytest.mark.parametrize("name", ["acme-incidents", "incidents", "acme-feedback.app", "signals"])
def test_live_topics_are_refused(name: str) -> None:
    given = ("--from", "2026-01-01", "--to", "2026-01-02", "--prefix", "acme-")
    assert fail("replay", *given, "--to-topic", name) == (
        f"--to-topic {name} is a topic of the live stream: name another one"
    )
