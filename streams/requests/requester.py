"""Asks over Kafka and waits for the answer on a reply partition of its own.

The reply partition is assigned, not shared out by a group: no rebalance, and an answer is never
read by another one. It is ready when its place at the end of that partition is confirmed, so that
no answer can be overlooked and none of an earlier life is taken.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError

from sinks.cluster import Cluster
from sinks.consumers import begin, let_go
from sinks.kafka import pace
from streams.metrics import Metrics
from streams.requests.errors import BrokerAway, NoPlace, NoReply, NotReady, Overloaded
from streams.requests.headers import (
    CORRELATION,
    DEADLINE,
    ID_BYTES,
    INSTANCE,
    INSTANCE_BYTES,
    REPLY_PARTITION,
    REPLY_TOPIC,
    SCHEMA,
    Headers,
    mark_of,
)
from streams.requests.neighbours import Neighbours
from streams.requests.producers import quick_producer
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
        self._producer: Any = None
        self._consumer: Any = None
        self._tasks: list[asyncio.Task[None]] = []
        self._open = False
        self._away = False
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
        return self._open and not self._away

    @property
    def in_flight(self) -> int:
        """Questions that wait."""
        return len(self._waiting)

    async def start(self) -> None:
        """Connect and take the place. Raises BrokerAway, NoPlace."""
        try:
            await self._connect()
            await self._take_place()
        except (KafkaError, ValueError, TimeoutError) as error:
            await self.close(0.0)
            raise BrokerAway(f"no Kafka at {self._cluster}: {error!r}") from error
        except BaseException:
            await self.close(0.0)
            raise
        self._open = True
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look())]

    async def _connect(self) -> None:
        self._producer = quick_producer(self._cluster)
        await self._producer.start()
        self._consumer = AIOKafkaConsumer(
            **self._cluster.for_aiokafka(),
            enable_auto_commit=False,
            # What retention has deleted meanwhile: from the oldest that is left.
            auto_offset_reset="earliest",
        )
        pace(self._consumer._client)
        await begin(self._consumer)

    async def _take_place(self) -> None:
        topics = (await self._consumer._client.fetch_all_metadata()).partitions_for_topic
        if not topics(self._topic):
            raise NoPlace(f"topic {self._topic} does not exist; run: groundswell topics create")
        there = topics(self._place.topic) or set()
        if self._place.partition not in there:
            raise NoPlace(
                f"topic {self._place.topic} has no partition {self._place.partition}, but"
                f" {len(there)}; run: groundswell topics create, or take a lower one"
            )
        self._consumer.assign([self._place])
        end = (await self._consumer.end_offsets([self._place]))[self._place]
        # Not seek_to_end: the reset that follows an assignment may overtake it.
        self._consumer.seek(self._place, end)
        async with asyncio.timeout(10.0):
            await self._consumer.position(self._place)

    async def close(self, patience: float = 10.0) -> None:
        """Take no more, wait so long for the answers that are under way, let go; safe twice."""
        self._open = False
        deadline = time.monotonic() + patience
        while len(self._waiting) and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        self._waiting.end(NotReady("the requester was closed"))
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        producer, self._producer = self._producer, None
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await let_go(consumer)
        if producer is not None:
            await producer.stop()

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
        if self._away:
            raise BrokerAway(f"no Kafka at {self._cluster}")
        if len(self._waiting) >= self._most:
            self._count("overloaded")
            raise Overloaded(f"{self._most} questions wait already", self._takes_s)
        began = self._clock()
        left = deadline_ms / 1000 - began
        if left <= 0:
            self._count("no_reply")
            raise NoReply("the deadline has passed")
        correlation = os.urandom(ID_BYTES)
        question = Question(asyncio.get_running_loop().create_future(), on_part)
        self._waiting.put(correlation, question)
        try:
            async with asyncio.timeout(left):
                await self._send(key, value, correlation, question, deadline_ms, headers)
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
            self._waiting.remove(correlation)

    async def _send(
        self,
        key: bytes,
        value: bytes,
        correlation: bytes,
        question: Question,
        deadline_ms: int,
        headers: Headers,
    ) -> None:
        own = ((CORRELATION, correlation), (DEADLINE, str(deadline_ms).encode()))

        def look(sent: "asyncio.Future[Any]") -> None:
            if sent.cancelled():
                return
            if error := sent.exception():
                if not question.answer.done():
                    question.answer.set_exception(BrokerAway(f"Kafka did not take it: {error!r}"))
            else:
                question.taken = True

        try:
            sent = await self._producer.send(
                self._topic, value, key=key, headers=[*self._address, *own, *headers]
            )
        except KafkaError as error:
            raise BrokerAway(f"no Kafka at {self._cluster}: {error!r}") from error
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

    async def _listen(self) -> None:
        while True:
            try:
                found = await self._consumer.getmany(timeout_ms=1000)
            except ConsumerStoppedError:
                return
            except KafkaError as error:
                logger.warning("replies cannot be read: %r", error)
                await asyncio.sleep(_LOOK)
                continue
            for record in found.get(self._place, ()):
                self._take(record)

    def _take(self, record: "ConsumerRecord[bytes, bytes]") -> None:
        mark = mark_of(record.headers)
        if mark is None or record.value is None:
            self._dropped("malformed")
        elif mark.instance != self.instance:
            self._dropped("foreign")
            self._neighbours.heard(mark.instance)
        elif (question := self._waiting.get(mark.correlation)) is None:
            self._dropped(self._waiting.fate(mark.correlation))
        elif question.answer.done():
            self._dropped("duplicate")
        elif mark.final:
            question.answer.set_result(record.value)
        elif question.on_part is not None:
            try:
                question.on_part(record.value)
            except Exception:
                logger.exception("whoever waits failed on a part of an answer")

    def _dropped(self, why: str) -> None:
        self._metrics.add("groundswell_replies_dropped_total", 1, self._name, why)

    async def _look(self) -> None:
        """Whether Kafka is there, so that who is not asked is not thought ready."""
        while True:
            await asyncio.sleep(_LOOK)
            self._metrics.put("groundswell_requests_in_flight", len(self._waiting), self._name)
            away = True
            with suppress(KafkaError, TimeoutError, OSError):
                async with asyncio.timeout(_LOOK):
                    await self._consumer.end_offsets([self._place])
                    away = False
            if away != self._away:
                logger.warning("Kafka is %s", "away" if away else "there again")
            self._away = away
