"""Revisions of a replay on a topic of their own, each once however often it is tried."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from xxhash import xxh3_128_digest

from schemas.errors import NotOurs
from schemas.incidents import cloudevents_headers, decode_incident
from schemas.topics import BY_NAME, INCIDENTS
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from streams.errors import OperatorError
from streams.replay.errors import CannotReplay
from streams.replay.job import PATIENCE
from streams.replay.log import Log, Reading, answering
from streams.replay.said import Said

_NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")
_BATCH = 500
_APPEAR_SECONDS = 15.0


def check_name(topic: str, prefix: str) -> None:
    """Refuse what can be no name, and the live topics, those without the prefix as well.

    Raises CannotReplay.
    """
    if not _NAME.fullmatch(topic) or topic in (".", ".."):
        raise CannotReplay(f"--to-topic {topic!r}: a name has up to 249 of a-z A-Z 0-9 . _ -")
    if topic.removeprefix(prefix) in BY_NAME or topic in BY_NAME:
        raise _live(topic)


def check_topic(cluster: Cluster, topic: str) -> None:
    """Refuse what is of another stream, or holds something else, before the work is done.

    Raises OperatorError.
    """
    existing = TopicAdmin(cluster).existing()
    for name in BY_NAME:
        if topic.endswith(name):
            prefix = topic.removesuffix(name)
            if any(prefix + other in existing for other in BY_NAME if other != name):
                raise _live(topic)
    _there(cluster, topic, existing.get(topic, 0))


def _live(topic: str) -> CannotReplay:
    return CannotReplay(f"--to-topic {topic} is a topic of the live stream: name another one")


def _partitions(cluster: Cluster, topic: str) -> int:
    """Of the topic, which is created, as the live one is, if need be. Raises OperatorError."""
    topics = TopicAdmin(cluster)
    if found := topics.existing().get(topic):
        return found
    admin = AdminClient(cluster.for_librdkafka())
    like = BY_NAME[INCIDENTS]
    new = NewTopic(topic, like.partitions, config=like.config)
    try:
        admin.create_topics([new])[topic].result()
    except KafkaException as error:
        if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
            reason = error.args[0].str()
            raise OperatorError(f"cannot create topic {topic}: {reason}") from None
    deadline = time.monotonic() + _APPEAR_SECONDS
    while not (found := topics.existing().get(topic)):
        if time.monotonic() > deadline:
            raise OperatorError(f"topic {topic} was created and does not appear: run again")
        time.sleep(0.05)
    return found


def publish(
    cluster: Cluster, topic: str, revisions: Callable[[], Iterator[Said]]
) -> tuple[int, int]:
    """Write what is not there yet; (written, already there). Nothing is, if anything contradicts.

    Raises OperatorError, SinkError.
    """
    there = _there(cluster, topic, _partitions(cluster, topic))
    missing = present = 0
    for one in revisions():
        known = there.get(decode_incident(one.value).event_id)
        if known is None:
            missing += 1
        elif known == xxh3_128_digest(one.value):
            present += 1
        else:
            raise CannotReplay(
                f"topic {topic} has incident {decode_incident(one.value).event_id} with other"
                " content, of another replay: name another topic"
            )
    if missing:
        asyncio.run(_write(cluster, _messages(topic, revisions(), there)))
    return missing, present


def _there(cluster: Cluster, topic: str, partitions: int) -> dict[str, bytes]:
    """Identity and digest of every revision on the topic."""
    found: dict[str, bytes] = {}
    with closing(Log(cluster, PATIENCE)) as log:
        for partition in range(partitions):
            with answering(cluster):
                low, high = log.bounds(topic, partition)
            for records in Reading(log, topic, partition, low, high).batches():
                for record in records:
                    value = record.value or b""
                    try:
                        found[decode_incident(value).event_id] = xxh3_128_digest(value)
                    except NotOurs:
                        raise CannotReplay(
                            f"--to-topic {topic} holds records that are no incidents: name another"
                        ) from None
    return found


def _messages(topic: str, revisions: Iterator[Said], there: dict[str, bytes]) -> Iterator[Message]:
    for one in revisions:
        incident = decode_incident(one.value)
        if incident.event_id not in there:
            yield Message(
                topic,
                one.value,
                incident.incident_key.encode(),
                headers=cloudevents_headers(incident, one.stage),
            )


async def _write(cluster: Cluster, messages: Iterator[Message]) -> None:
    sink = KafkaSink(cluster)
    await sink.start()
    try:
        while batch := list(islice(messages, _BATCH)):
            await sink.write(batch)
    finally:
        await sink.stop()
