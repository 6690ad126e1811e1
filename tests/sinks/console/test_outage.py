"""Kafka goes away under the console and comes back: a broker of the test's own."""

import asyncio
from pathlib import Path

import pytest

from schemas.commands import Note, decode_command
from schemas.incidents import encode_incident
from schemas.topics import COMMANDS, INCIDENTS
from sinks.cluster import Cluster
from sinks.console import telling
from sinks.kafka import Message
from streams.admin import TopicAdmin
from streams.bounded import Tail
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from streams.outbox import send
from tests.sinks.console.serving import POST, serving
from tests.support.incidents import incident
from tests.support.waiting import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow]
PREFIX = "t-"


def test_buttons_work_again_and_what_was_refused_is_not_done_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_PATIENCE", 1.0)
    broker = EmbeddedBroker(tmp_path, port=free_port())
    path = f"/api/incidents/{incident().incident_id}/note"

    async def run(cluster: Cluster) -> None:
        await send(cluster, Message(PREFIX + INCIDENTS, encode_incident(incident()), b"key"))
        async with serving(cluster.bootstrap, PREFIX) as client:

            async def note(text: str) -> int:
                async with client.post(path, json={"text": text}, headers=POST) as answer:
                    return answer.status

            async def is_taken(text: str) -> bool:
                return await note(text) == 202

            async def is_known() -> bool:
                return await note("before") != 404

            await eventually(is_known, "the incident is known")
            await asyncio.to_thread(broker.stop)
            # The first has a connection that breaks, the second none.
            assert [await note("during"), await note("during")] == [503, 503]
            await asyncio.to_thread(broker.ensure)
            await eventually(lambda: is_taken("after"), "the button works again")

    try:
        cluster = Cluster(broker.ensure())
        TopicAdmin(cluster, PREFIX).create(1)
        asyncio.run(run(cluster))
        tail = Tail(cluster, PREFIX + COMMANDS, 1)
        found = [decode_command(message.value()) for message in tail.rest()]
        tail.close()
        said = [command.text for command in found if isinstance(command, Note)]
        assert said == ["before", "after"]
    finally:
        broker.wipe()
