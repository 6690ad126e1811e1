import asyncio
import json
from collections.abc import Iterator

import pytest

from agents.incidents.lifecycle import Incidents
from agents.incidents.rules import IncidentRules
from schemas.incidents import Incident, encode_incident
from sinks.cluster import Cluster
from sinks.kafka import KafkaSink, Message
from streams.admin import TopicAdmin
from tests.agents.incidents.made import calm, outbreak
from tests.streams.cli.running import fail, run

pytestmark = pytest.mark.broker


def story() -> list[Incident]:
    incidents = Incidents(IncidentRules(quiet_minutes=2))
    product = "wallet [x]"
    minutes = (outbreak(0, product=product), calm(1, product=product), calm(2, product=product))
    return [r.incident for facts in minutes if (r := incidents.step(facts)) is not None]


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)

    async def write() -> None:
        opened, resolved = map(encode_incident, story())
        sink = KafkaSink(Cluster(bootstrap))
        await sink.start()
        values = (opened, opened, b"{}", resolved, opened)
        await sink.write(Message(prefix + "incidents", value, b"key", 1) for value in values)
        await sink.stop()

    asyncio.run(write())
    yield prefix
    admin.delete()


def test_revisions_are_shown_once_for_people(bootstrap: str, topics: str) -> None:
    result = run("tail", "incidents", "--once", "--bootstrap", bootstrap, "--prefix", topics)
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("2025-02-19 21:21 error    r1  wallet [x]: ")
    assert "(40 in 5 min, app_version=7.2.0), 30 authors, lift 20.0" in first
    assert second.startswith("2025-02-19 21:23 resolved r2  wallet [x]: ")
    assert second.endswith(": quiet for 2 minutes")
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("skipped: ")


def test_json_is_nothing_but_the_contract(bootstrap: str, topics: str) -> None:
    result = run(
        "tail", "incidents", "--once", "--json", "--bootstrap", bootstrap, "--prefix", topics
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(line["revision"], line["status"]) for line in lines] == [(1, "open"), (2, "resolved")]


def test_without_the_topic_it_says_what_to_run(bootstrap: str, prefix: str) -> None:
    line = fail("tail", "incidents", "--once", "--bootstrap", bootstrap, "--prefix", prefix)
    assert line == f"topic {prefix}incidents does not exist; run: groundswell topics create"
