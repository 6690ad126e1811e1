"""Reads one partition from its end on, beside the loop."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from threading import Thread

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from sinks.cluster import Cluster

logger = logging.getLogger(__name__)
_POLL_S = 0.1
"""How long the thread takes to see that it is to end."""
_MOST = 500
_STARTS_S = 10.0
_REST_S = 0.05
_PROBE_S = 1.0
"""Nothing heard for so long: is there nothing, or can nothing be read? A look takes no longer."""
_SILENT_S = 5.0
"""Whatever can be read has answered by then."""
_NO_LEADER = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE)


class Replies:
    """On librdkafka: aiokafka spends a quarter of a millisecond of the loop's time on a record.

    `take` is called in the loop with all that came together.
    """

    def __init__(
        self, cluster: Cluster, place: TopicPartition, take: Callable[[Sequence[Message]], None]
    ) -> None:
        self._place = place
        self._take = take
        self._consumer = Consumer(
            {
                **cluster.for_librdkafka(),
                # The client wants one; nothing is committed, nobody is joined.
                "group.id": "groundswell-replies",
                "enable.auto.commit": False,
                # What retention has deleted meanwhile: from the oldest that is left.
                "auto.offset.reset": "earliest",
                "reconnect.backoff.max.ms": 1_000,
            }
        )
        self._thread: Thread | None = None
        self._is_open = True
        self._read_at = -_SILENT_S
        self._probe_at = 0.0
        self._is_refused = False

    @property
    def can_be_read(self) -> bool:
        """Whether the partition itself was read a moment ago: metadata come from any broker."""
        return not self._is_refused and time.monotonic() - self._read_at < _SILENT_S

    async def start(self) -> None:
        """Hear what is written from now on. Raises KafkaException."""
        self._place.offset = await self._end()
        self._was_read()
        self._consumer.assign([self._place])
        loop = asyncio.get_running_loop()
        self._thread = Thread(target=self._listen, args=(loop,), name="replies", daemon=True)
        self._thread.start()

    async def _end(self) -> int:
        deadline = time.monotonic() + _STARTS_S
        while True:
            try:
                # Before the thread is there: beside a poll it may never return.
                bounds = await asyncio.to_thread(
                    self._consumer.get_watermark_offsets, self._place, timeout=_STARTS_S
                )
            except KafkaException as error:
                # A topic shows up a moment before its partitions have leaders.
                if error.args[0].code() not in _NO_LEADER or time.monotonic() > deadline:
                    raise
            else:
                if bounds is None:
                    raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
                return bounds[1]
            await asyncio.sleep(_REST_S)

    async def stop(self) -> None:
        """Let go; safe to call twice."""
        is_open, self._is_open = self._is_open, False
        if is_open:
            await asyncio.to_thread(self._close)

    def _close(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._consumer.close()

    # -- in the thread

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._is_open:
            first = self._consumer.poll(_POLL_S)
            if first is None:
                self._probe()
                continue
            # Nothing is waited for: `consume` alone waits for a full batch.
            found = [first, *self._consumer.consume(_MOST, 0)]
            if heard := [message for message in found if self._is_reply(message)]:
                loop.call_soon_threadsafe(self._take, heard)
            elif self._is_refused:
                time.sleep(_POLL_S)

    def _is_reply(self, message: Message) -> bool:
        error = message.error()
        if error is None:
            self._was_read()
        else:
            logger.warning("replies cannot be read: %s", error)
            # Of no partition is what a broker says that may not be ours.
            self._is_refused |= message.topic() is not None
            self._probe_at = time.monotonic() + _PROBE_S
        return error is None

    def _was_read(self) -> None:
        self._read_at = time.monotonic()
        self._probe_at = self._read_at + _PROBE_S
        self._is_refused = False

    def _probe(self) -> None:
        """Ask the leader where the partition ends; who may not read it hears so from every poll."""
        if time.monotonic() < self._probe_at:
            return
        try:
            # Nothing is heard meanwhile, and nothing was: an event for every end costs more.
            bounds = self._consumer.get_watermark_offsets(self._place, timeout=_PROBE_S)
        except KafkaException as error:
            logger.debug("replies cannot be looked for: %s", error)
            bounds = None
        if bounds is None:
            self._probe_at = time.monotonic() + _PROBE_S
        else:
            self._was_read()
