import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

import pytest

from schemas.causes import Rca
from schemas.commands import MAX_COMMAND_BYTES, Cost, Explain, Note, Relate, encode_command
from schemas.incidents import Related
from schemas.topics import COMMANDS
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message
from streams.broker.machine import free_port
from streams.enrichment.commands import BY, CommandLog
from streams.enrichment.patience import Outage
from streams.metrics import Metrics
from tests.support.enriching import Log, said
from tests.support.waiting import eventually

pytestmark = pytest.mark.broker

OTHER = Related("b", "video", "video: black", ("time", "change"))
ANSWER = Explain(
    incident_id="a",
    by=BY,
    rca=Rca("failed", "model", (), (), "it broke off"),
    cost=Cost(1, 900, 1_500, 0.5),
)
TOLD = Relate(incident_id="a", by=BY, related=(OTHER,), head_incident_id="b")


def commands(log: Log, bootstrap: str | None = None) -> CommandLog:
    where = Cluster(bootstrap or log.cluster.bootstrap)
    return CommandLog(where, log.prefix + COMMANDS, 1, Metrics(), Outage())


def test_it_reads_what_it_told_itself(log: Log) -> None:
    async def run() -> None:
        ours = commands(log)
        await ours.start()
        await ours.write([TOLD, ANSWER, TOLD])
        sink = KafkaSink(log.cluster)
        await sink.start()
        others = [
            Relate(incident_id="a", by="ana", related=()),
            Explain(incident_id="a", by="ana", rca=ANSWER.rca, cost=ANSWER.cost),
            Note(incident_id="a", by=BY, text="x"),
        ]
        values = [*map(encode_command, others), b"not ours"]
        await sink.write(Message(log.prefix + COMMANDS, value) for value in values)
        await sink.stop()
        found = await ours.history()
        assert [command for command, _ in found] == [TOLD, ANSWER, TOLD]
        assert all(at_ms > 1_700_000_000_000 for _, at_ms in found)
        await ours.stop()
        await ours.stop()

    asyncio.run(run())


def test_what_readers_would_refuse_is_dropped(log: Log) -> None:
    async def run() -> None:
        ours = commands(log)
        await ours.start()
        long = Rca("ok", "model", (), ("x" * MAX_COMMAND_BYTES,), None)
        await ours.write([Explain(incident_id="a", by=BY, rca=long), TOLD])
        assert log.commands() == [TOLD]
        await ours.stop()

    asyncio.run(run())


def test_a_kafka_that_is_away_is_waited_for(log: Log, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "streams.enrichment.patience")

    async def run() -> None:
        port = free_port()
        ours = commands(log, f"127.0.0.1:{port}")
        writing = asyncio.create_task(ours.write([TOLD]))
        await eventually(lambda: bool(said(caplog)), "it says that it waits")
        server = await asyncio.start_server(forward(log.cluster.bootstrap), "127.0.0.1", port)
        async with asyncio.timeout(30):
            await writing
        await ours.stop()
        server.close()
        await eventually(lambda: len(asyncio.all_tasks()) == 1, "the forwarder has ended")
        assert log.commands() == [TOLD]

    asyncio.run(run())
    away, back = said(caplog)
    assert "; writing commands: cannot write to 127.0.0.1:" in away
    assert re.fullmatch(r"Kafka is back after \d+ s", back)


def forward(address: str) -> Callable[..., Awaitable[None]]:
    """A Kafka that has come back to where it was looked for."""
    host, _, port = address.partition(":")

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_connection(host, int(port))
        await asyncio.gather(carry(reader, questions), carry(answers, writer))

    return serve
