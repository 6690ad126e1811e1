"""The commands of the enriching process: those it writes, and those it has written before."""

import asyncio
import logging
from collections.abc import Sequence

from confluent_kafka import KafkaException

from schemas.commands import (
    MAX_COMMAND_BYTES,
    Explain,
    Relate,
    decode_command,
    encode_command,
)
from schemas.errors import Refusal
from sinks.cluster import Cluster
from sinks.errors import CannotRead, DeliveryFailed
from sinks.kafka import Message
from sinks.renewed import RenewedSink
from streams.bounded import Tail
from streams.enrichment.patience import Outage, Patience
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
BY = "groundswell-enrich"
_KINDS = {Relate: "relate", Explain: "explain"}


class CommandLog:
    """`incidents.commands`, as one writer among others."""

    def __init__(
        self, cluster: Cluster, topic: str, partitions: int, metrics: Metrics, outage: Outage
    ) -> None:
        self._cluster = cluster
        self._topic = topic
        self._partitions = partitions
        self._metrics = metrics
        self._sink = RenewedSink(cluster)
        self._patience = Patience("writing commands", outage)
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Connect. Raises DeliveryFailed."""
        await self._sink.start()

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        await self._sink.stop()

    async def history(self) -> list[tuple[Relate | Explain, int]]:
        """What incidents have been told by us, and when (epoch ms), each in its order.

        Raises CannotRead.
        """
        try:
            return await asyncio.to_thread(self._read)
        except KafkaException as error:
            raise CannotRead(f"cannot read from {self._cluster}: {error}") from error

    def _read(self) -> list[tuple[Relate | Explain, int]]:
        tail = Tail(self._cluster, self._topic, self._partitions)
        found: list[tuple[Relate | Explain, int]] = []
        try:
            for message in tail.rest():
                try:
                    command = decode_command(message.value())
                except Refusal:
                    continue
                if isinstance(command, Relate | Explain) and command.by == BY:
                    found.append((command, message.timestamp()[1]))
        finally:
            tail.close()
        return found

    async def write(self, commands: Sequence[Relate | Explain]) -> None:
        """Return when the log has them, however long that takes."""
        fit = [
            (command, value)
            for command in commands
            if self._fits(command, value := encode_command(command))
        ]
        messages = [Message(self._topic, value, c.incident_id.encode()) for c, value in fit]
        async with self._turn:
            while True:
                try:
                    await self._sink.write(messages)
                    break
                except DeliveryFailed as error:
                    await self._patience.wait(error)
            self._patience.over()
        for command, _ in fit:
            self._metrics.add("groundswell_enrich_commands_total", 1, _KINDS[type(command)])

    def _fits(self, command: Relate | Explain, value: bytes) -> bool:
        """Whatever readers would refuse must not be tried for ever."""
        if len(value) <= MAX_COMMAND_BYTES:
            return True
        logger.error("a command of %d bytes is dropped", len(value), extra=_of(command))
        self._metrics.add("groundswell_enrich_failures_total", 1, "write")
        return False


def _of(command: Relate | Explain) -> dict[str, str]:
    return {"incident": command.incident_id}
