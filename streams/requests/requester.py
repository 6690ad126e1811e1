"""Asks over Kafka and waits for the answer on a reply partition of its own.

The reply partition is assigned, not shared out by a group: no rebalance, and an answer is never
read by another one. It is ready when its place at the end of that partition is confirmed, so that
no answer can be overlooked and none of an earlier life is taken.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import cast

from confluent_kafka import KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from streams.metrics import Metrics
from streams.requests.errors import BrokerAway, NoPlace, NoReply, NotReady, Overloaded
from streams.requests.headers import (
    CORRELATION,
    DEADLINE,
    ID_BYTES,
    INSTANCE,
    INSTANCE_BYTES,
    PARTS,
    REPLY_PARTITION,
    REPLY_TOPIC,
    SCHEMA,
    Headers,
    mark_of,
)
from streams.requests.neighbours import Neighbours
from streams.requests.producers import quick_producer
from streams.requests.replies import Replies
from streams.requests.waiting import OnPart, Question, Waiting

logger = logging.getLogger(__name__)
_LOOK = 1.0
"""Seconds between two looks whether Kafka is there, and the most that one takes."""
_SMOOTH = 0.05


class Requester:
    """`partition`: where nobody else listens. `most`: questions that wait at once.

    `name`: of what is asked, in metrics.
    """

    def __init__(
        self,
        cluster: Cluster,
        topic: str,
        reply_topic: str,
        partition: int,
        metrics: Metrics,
        *,
        name: str = "assistant",
        most: int = 2_048,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.instance = os.urandom(INSTANCE_BYTES)
        self._cluster = cluster
        self._topic = topic
        self._place = TopicPartition(reply_topic, partition)
        self._metrics = metrics
        self._name = name
        self._most = most
        self._clock = clock
        self._waiting = Waiting()
        self._neighbours = Neighbours(self._place, time.monotonic)
        self._producer = quick_producer(cluster)
        self._replies: Replies | None = None
        self._looking: asyncio.Task[None] | None = None
        self._open = False
        self._trouble = ""
        self._takes_s = 0.05
        self._address = (
            (REPLY_TOPIC, reply_topic.encode()),
            (REPLY_PARTITION, partition.to_bytes(4, "big", signed=True)),
            (INSTANCE, self.instance),
            (SCHEMA, b"1"),
        )

    @property
    def ready(self) -> bool:
        """Whether an answer would be heard, and Kafka is there."""
        return self._open and not self._trouble

    @property
    def in_flight(self) -> int:
        """Questions that wait."""
        return len(self._waiting)

    async def start(self) -> None:
        """Connect and take the place. Raises BrokerAway, NoPlace."""
        try:
            await self._producer.start()
            await self._check()
            # Not before: a client that is made starts threads.
            self._replies = replies = Replies(self._cluster, self._place, self._hear)
            await replies.start()
        except (DeliveryFailed, KafkaException) as error:
            await self.close(0.0)
            raise BrokerAway(f"no Kafka at {self._cluster}: {error}") from error
        except BaseException:
            await self.close(0.0)
            raise
        self._open = True
        self._looking = asyncio.create_task(self._look(replies))

    async def _check(self) -> None:
        if not await self._producer.partitions(self._topic):
            raise NoPlace(f"topic {self._topic} does not exist; run: groundswell topics create")
        there = await self._producer.partitions(self._place.topic)
        if self._place.partition >= there:
            raise NoPlace(
                f"topic {self._place.topic} has no partition {self._place.partition}, but"
                f" {there}; run: groundswell topics create, or take a lower one"
            )

    async def close(self, patience: float = 10.0) -> None:
        """Take no more, wait so long for the answers that are under way, let go; safe twice."""
        self._open = False
        deadline = time.monotonic() + patience
        while len(self._waiting) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        self._waiting.end(NotReady("the requester was closed"))
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.wait([looking])
        if self._replies is not None:
            await self._replies.stop()
        await self._producer.stop()

    async def ask(
        self,
        key: bytes,
        value: bytes,
        *,
        deadline_ms: int,
        headers: Headers = (),
        on_part: OnPart | None = None,
    ) -> bytes:
        """The answer, by `deadline_ms` (epoch). `on_part` is called with what comes before it.

        Raises NotReady, Overloaded, NoReply, BrokerAway.
        """
        if not self._open:
            raise NotReady("replies are not listened to: start it, or ask another one")
        if self._trouble:
            raise BrokerAway(self._trouble)
        if len(self._waiting) >= self._most:
            self._count("overloaded")
            raise Overloaded(f"{self._most} questions wait already", self._takes_s)
        began = self._clock()
        left = deadline_ms / 1000 - began
        if left <= 0:
            self._count("no_reply")
            raise NoReply("the deadline has passed")
        correlation = os.urandom(ID_BYTES)
        loop = asyncio.get_running_loop()
        question = Question(loop.create_future(), on_part)
        self._waiting.put(correlation, question)
        # `asyncio.timeout` costs four times as much, and is of use where more than one is awaited.
        late = loop.call_later(left, question.give_up)
        try:
            self._send(key, value, correlation, question, deadline_ms, headers)
            answer = await question.answer
        except TimeoutError:
            raise self._none(question, left) from None
        except BrokerAway:
            self._count("broker_away")
            raise
        else:
            took = self._clock() - began
            self._takes_s += _SMOOTH * (took - self._takes_s)
            self._count("answered")
            self._metrics.observe("groundswell_request_seconds", took, self._name)
            return answer
        finally:
            late.cancel()
            self._waiting.remove(correlation)

    def _send(
        self,
        key: bytes,
        value: bytes,
        correlation: bytes,
        question: Question,
        deadline_ms: int,
        headers: Headers,
    ) -> None:
        own = [(CORRELATION, correlation), (DEADLINE, str(deadline_ms).encode())]
        if question.on_part is not None:
            own.append((PARTS, b"1"))

        def look(sent: "asyncio.Future[int]") -> None:
            if sent.cancelled():
                return
            if error := sent.exception():
                if not question.answer.done():
                    question.answer.set_exception(BrokerAway(f"Kafka did not take it: {error!r}"))
            else:
                question.taken = True

        message = Message(self._topic, value, key, headers=[*self._address, *own, *headers])
        try:
            sent = self._producer.send(message)
        except DeliveryFailed as error:
            raise BrokerAway(f"no Kafka at {self._cluster}: {error}") from error
        sent.add_done_callback(look)

    def _none(self, question: Question, waited: float) -> NoReply | BrokerAway:
        """Why there was no answer."""
        if question.taken:
            self._count("no_reply")
            return NoReply(f"no answer within {waited:.1f} s: does a worker run?")
        self._count("broker_away")
        return BrokerAway(f"no Kafka at {self._cluster}: nothing taken within {waited:.1f} s")

    def _count(self, outcome: str) -> None:
        self._metrics.add("groundswell_requests_total", 1, self._name, outcome)

    # -- answers

    def _hear(self, records: Sequence[KafkaMessage]) -> None:
        for record in records:
            self._take(cast(Headers, record.headers() or ()), record.value())

    def _take(self, headers: Headers, value: bytes | None) -> None:
        mark = mark_of(headers)
        if mark is None or value is None:
            self._dropped("malformed")
        elif mark.instance != self.instance:
            self._dropped("foreign")
            self._neighbours.heard(mark.instance)
        elif (question := self._waiting.get(mark.correlation)) is None:
            self._dropped(self._waiting.fate(mark.correlation))
        elif question.answer.done():
            self._dropped("duplicate")
        elif mark.final:
            question.answer.set_result(value)
        elif question.on_part is not None:
            try:
                question.on_part(value)
            except Exception:
                logger.exception("whoever waits failed on a part of an answer")

    def _dropped(self, why: str) -> None:
        self._metrics.add("groundswell_replies_dropped_total", 1, self._name, why)

    async def _look(self, replies: Replies) -> None:
        """Whether answers would be heard, so that who is not asked is not thought ready."""
        while True:
            await asyncio.sleep(_LOOK)
            self._metrics.put("groundswell_requests_in_flight", len(self._waiting), self._name)
            trouble = await self._found(replies)
            if trouble != self._trouble:
                logger.warning(trouble or "Kafka is there again")
            self._trouble = trouble

    async def _found(self, replies: Replies) -> str:
        """What keeps answers away; empty if nothing does."""
        try:
            is_there = await self._producer.partitions(self._place.topic, _LOOK)
        except DeliveryFailed:
            is_there = 0
        if not is_there:
            return f"no Kafka at {self._cluster}"
        place = f"{self._place.topic} {self._place.partition}"
        return "" if replies.can_be_read else f"replies cannot be read: {place} at {self._cluster}"
