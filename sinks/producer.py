"""A producer on librdkafka, for processes that write often and little.

A record costs a fifth of the CPU that aiokafka spends on it, and most of that beside the loop.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from threading import Thread
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka import Producer as Client

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message

_LARGEST = 24 * 1024 * 1024
_STARTS_S = 15.0
_LOOK_S = 0.5
"""The most that one look for Kafka takes."""
_POLL_S = 0.1
"""How long the thread takes to see that it is to end."""
_FLUSH_S = 10.0

Sent = asyncio.Future[int]


class Producer:
    """Keeps the order of a partition; a key goes where the other clients send it.

    `acks`: `all` doubles nothing on a retry, `1` is content with the leader. `gives_up_s`: a record
    that is not taken by then has failed. `gathers_s`: how long it may be before what was taken is
    told; many at once cost less.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        acks: str = "all",
        linger_ms: float = 0.0,
        gives_up_s: float = 30.0,
        gathers_s: float = 0.0,
    ) -> None:
        self._cluster = cluster
        self._gathers_s = gathers_s
        self._options: dict[str, Any] = {
            **cluster.for_librdkafka(),
            "acks": acks,
            "enable.idempotence": acks == "all",
            "linger.ms": linger_ms,
            "message.timeout.ms": int(gives_up_s * 1000),
            "message.max.bytes": _LARGEST,
            # As Java's and aiokafka's; its own differs.
            "partitioner": "murmur2_random",
            # A topic that is not there is an error of ours: not after 30 s, as by its own.
            "topic.metadata.propagation.max.ms": 3_000,
            # Its own is 10 s: so long Kafka would be back without us.
            "reconnect.backoff.max.ms": 1_000,
            "error_cb": self._erred,
        }
        self._client: Client | None = None
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._taken: deque[tuple[Sent, KafkaError | None, int | None]] = deque()
        self._is_told = False
        self._down = ""

    async def start(self) -> None:
        """Connect. Raises DeliveryFailed."""
        if not self._cluster.bootstrap:
            raise self._failed("no address is set")
        try:
            client = Client(self._options)
        except (KafkaException, ValueError) as error:
            raise self._failed(error) from error
        deadline = time.monotonic() + _STARTS_S
        while not await asyncio.to_thread(_answers, client):
            # Errors of a connection are handed over only now.
            client.poll(0)
            if self._down or time.monotonic() > deadline:
                raise self._failed(self._down or "it does not answer")
        self._loop = asyncio.get_running_loop()
        self._client = client
        self._thread = Thread(target=self._serve, args=(client,), name="producer", daemon=True)
        self._thread.start()

    async def stop(self, patience_s: float = _FLUSH_S) -> None:
        """Send what is left, for so long at most, and disconnect; safe to call twice.

        What nobody has taken by then has failed.
        """
        client, self._client = self._client, None
        thread, self._thread = self._thread, None
        if client is None or thread is None:
            return
        try:
            await asyncio.to_thread(_end, client, thread, patience_s)
        finally:
            self._tell()

    def send(self, message: Message) -> Sent:
        """Hand it over. The future holds its offset once it is taken, or raises DeliveryFailed.

        Raises DeliveryFailed if there is no room for it.
        """
        if self._client is None or self._loop is None:
            raise DeliveryFailed("the producer is not started")
        sent: Sent = self._loop.create_future()
        try:
            self._client.produce(
                message.topic,
                message.value,
                message.key,
                -1 if message.partition is None else message.partition,
                on_delivery=lambda error, record: self._settled(sent, error, record.offset()),
                timestamp=message.timestamp_ms or 0,
                headers=list(message.headers),
            )
        except (KafkaException, BufferError) as error:
            raise self._failed(error) from error
        return sent

    async def place(self, messages: Iterable[Message]) -> list[int]:
        """Write in order and wait until the broker has everything; at which offsets they stand.

        Raises DeliveryFailed.
        """
        return await asyncio.gather(*[self.send(message) for message in messages])

    async def partitions(self, topic: str, seconds: float = _STARTS_S) -> int:
        """How many partitions a topic has, 0 if it does not exist. Raises DeliveryFailed."""
        if self._client is None:
            raise DeliveryFailed("the producer is not started")
        try:
            found = await asyncio.to_thread(self._client.list_topics, topic, timeout=seconds)
        except KafkaException as error:
            raise self._failed(error) from error
        return len(found.topics[topic].partitions)

    # -- in the thread

    def _serve(self, client: Client) -> None:
        while self._client is client:
            if client.poll(_POLL_S) and self._gathers_s:
                time.sleep(self._gathers_s)

    def _settled(self, sent: Sent, error: KafkaError | None, offset: int | None) -> None:
        self._taken.append((sent, error, offset))
        if not self._is_told and self._loop is not None and not self._loop.is_closed():
            self._is_told = True
            self._loop.call_soon_threadsafe(self._tell)

    def _erred(self, error: KafkaError) -> None:
        # Of one broker of several, or of one address of several, it is none.
        if error.code() == KafkaError._ALL_BROKERS_DOWN:
            self._down = error.str()

    # -- in the loop

    def _tell(self) -> None:
        # First: what is added from now on is told by itself, or is found below.
        self._is_told = False
        while self._taken:
            sent, error, offset = self._taken.popleft()
            if sent.done():
                continue
            if error is not None:
                sent.set_exception(self._failed(error))
            elif offset is None:
                # One that later records overtook is told so, and may be nowhere (KAFKA-15591).
                sent.set_exception(self._failed("it does not say where a record stands"))
            else:
                sent.set_result(offset)

    def _failed(self, why: object) -> DeliveryFailed:
        return DeliveryFailed(f"cannot write to {self._cluster}: {why}")


def _answers(client: Client) -> bool:
    try:
        client.list_topics(timeout=_LOOK_S)
    except KafkaException:
        return False
    return True


def _end(client: Client, thread: Thread, patience_s: float) -> None:
    client.flush(patience_s)
    client.purge()
    client.flush(_LOOK_S)
    thread.join()
