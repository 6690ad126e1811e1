"""Kafka goes away under the process and comes back: a broker of the test's own."""

import asyncio
from pathlib import Path

import pytest

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.broker import EmbeddedBroker
from streams.broker.machine import free_port
from tests.support.enriching import Log
from tests.support.incidents import incident
from tests.support.waiting import until
from tests.support.workers import Workers

pytestmark = [pytest.mark.broker, pytest.mark.slow]
PREFIX = "t-"


def test_the_log_names_an_outage_once_and_its_end(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path / "home", port=free_port())
    try:
        bootstrap = broker.ensure()
        TopicAdmin(Cluster(bootstrap), PREFIX).create(1)
        workers = Workers(bootstrap, PREFIX, tmp_path)
        process = workers.start(program=("-m", "streams", "enrich"))

        def ours() -> list[str]:
            said = process.messages()
            return [m["message"] for m in said if m["logger"] == "streams.enrichment.patience"]

        try:
            process.wait_ready()
            assert ours() == []
            broker.stop()
            until(lambda: len(ours()) == 1, "it says that Kafka is away", 30)
            assert ours()[0].startswith("Kafka is away since 20")
            broker.ensure()
            log = Log(bootstrap, PREFIX)
            other = incident(incident_id="b", incident_key="b", product="video", changes=())
            asyncio.run(log.publish(incident(), other))
            until(lambda: len(log.relations()) == 2, "it goes on", 30)
            log.close()
            until(lambda: len(ours()) > 1, "it says that Kafka is back", 30)
            assert ours()[1].startswith("Kafka is back after")
            assert process.stop() == 0
            assert len(ours()) == 2
            assert len(process.lines()) < 40, "the client does not flood the log"
        finally:
            workers.kill_all()
    finally:
        broker.wipe()
