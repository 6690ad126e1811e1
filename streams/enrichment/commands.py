"""The commands of the enriching process: those it writes, and those it has written before."""

import asyncio
import logging
from collections.abc import Sequence

from confluent_kafka import KafkaException

from agents.incidents.relations import Relation
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
from sinks.kafka import KafkaSink, Message
from streams.bounded import Tail
from streams.enrichment.patience import Patience
from streams.metrics import Metrics

logger = logging.getLogger(__name__)
BY = "groundswell-enrich"
_KINDS = {Relate: "relate", Explain: "explain"}


class CommandLog:
    """`incidents.commands`, as one writer among others."""

    def __init__(self, cluster: Cluster, topic: str, partitions: int, metrics: Metrics) -> None:
        self._cluster = cluster
        self._topic = topic
        self._partitions = partitions
        self._metrics = metrics
        self._sink = KafkaSink(cluster)
        self._patience = Patience("writing commands")
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Connect. Raises DeliveryFailed."""
        await self._sink.start()

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        await self._sink.stop()

    async def relations(self) -> list[tuple[Relation, int]]:
        """What incidents have been told by us, and when (epoch ms), oldest first.

        Raises CannotRead.
        """
        try:
            return await asyncio.to_thread(self._read)
        except KafkaException as error:
            raise CannotRead(f"cannot read from {self._cluster}: {error}") from error

    def _read(self) -> list[tuple[Relation, int]]:
        tail = Tail(self._cluster, self._topic, self._partitions)
        found = []
        try:
            for message in tail.rest():
                try:
                    command = decode_command(message.value())
                except Refusal:
                    continue
                if isinstance(command, Relate) and command.by == BY:
                    relation = Relation(
                        command.incident_id, command.related, command.head_incident_id
                    )
                    found.append((relation, message.timestamp()[1]))
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
                    await self._connect()
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

    async def _connect(self) -> None:
        """A producer that gave up on a record may have lost its place: begin with a new one."""
        await self._sink.stop()
        self._sink = KafkaSink(self._cluster)
        try:
            await self._sink.start()
        except DeliveryFailed:
            # The next attempt to write fails, and waits.
            return


def _of(command: Relate | Explain) -> dict[str, str]:
    return {"incident": command.incident_id}
