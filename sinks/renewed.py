"""A sink for those who outlive an outage of Kafka."""

import asyncio
from collections.abc import Sequence

from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message


class RenewedSink:
    """Connects with the first write, and anew after one that failed or was given up.

    An idempotent producer that could not write a record may have lost its place for good.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._sink: KafkaSink | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Connect before the first write. Raises DeliveryFailed."""
        async with self._turn:
            await self._connected()

    async def stop(self) -> None:
        """Flush and disconnect; safe to call twice."""
        sink, self._sink = self._sink, None
        if sink is not None:
            await sink.stop()

    async def write(self, messages: Sequence[Message]) -> None:
        """Write in order and wait until the broker has everything. Raises DeliveryFailed.

        What failed or was cancelled is not written later.
        """
        async with self._turn:
            sink = await self._connected()
            try:
                await sink.write(messages)
            except BaseException:
                self._sink = None
                await sink.abandon()
                raise

    async def _connected(self) -> KafkaSink:
        if self._sink is None:
            sink = KafkaSink(self._cluster)
            await sink.start()
            self._sink = sink
        return self._sink
