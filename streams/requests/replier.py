"""Sends answers to where a request asks for them."""

import asyncio
import logging

from sinks.cluster import Cluster
from sinks.errors import DeliveryFailed
from sinks.kafka import Message
from streams.metrics import Metrics
from streams.requests.headers import CORRELATION, FINAL, INSTANCE
from streams.requests.producers import quick_producer
from streams.requests.request import Request

logger = logging.getLogger(__name__)


class Replier:
    """One producer; it waits for no acknowledgement: a reply that is lost is asked for again."""

    def __init__(self, cluster: Cluster, metrics: Metrics) -> None:
        self._metrics = metrics
        self._producer = quick_producer(cluster)

    async def start(self) -> None:
        """Connect. Raises DeliveryFailed."""
        await self._producer.start()

    async def stop(self) -> None:
        """Send what is left and disconnect; safe to call twice."""
        await self._producer.stop()

    async def send(self, request: Request, value: bytes, *, final: bool = True) -> None:
        """Hand it to the producer; raises nothing: what fails is counted.

        `final`: nothing more follows.
        """
        headers = [(CORRELATION, request.correlation), (INSTANCE, request.instance)]
        if not final:
            headers.append((FINAL, b"0"))
        message = Message(
            request.reply_topic, value, partition=request.reply_partition, headers=headers
        )
        try:
            sent = self._producer.send(message)
        except DeliveryFailed as error:
            self._failed(error)
        else:
            sent.add_done_callback(self._look)

    def _look(self, sent: "asyncio.Future[int]") -> None:
        if sent.cancelled():
            return
        if error := sent.exception():
            self._failed(error)
        else:
            self._metrics.add("groundswell_replies_sent_total", 1, "sent")

    def _failed(self, error: BaseException) -> None:
        self._metrics.add("groundswell_replies_sent_total", 1, "failed")
        logger.warning("a reply was not sent: %r", error)
