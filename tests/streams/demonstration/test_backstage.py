import json
import socket
from collections.abc import Iterator
from urllib.request import urlopen

import pytest
from confluent_kafka import Producer

from schemas.incidents import encode_incident
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.demonstration import Backstage
from streams.settings import Settings
from tests.support.enriching import Log
from tests.support.incidents import incident
from tests.support.waiting import SOON, until

pytestmark = pytest.mark.broker


@pytest.fixture
def topics(bootstrap: str, prefix: str) -> Iterator[str]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(2)
    yield prefix
    admin.delete()


def test_it_shows_and_relates_incidents_and_ends(bootstrap: str, topics: str) -> None:
    troubles: list[str] = []
    producer = Producer(Cluster(bootstrap).for_librdkafka())
    log = Log(bootstrap, topics)
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        Backstage(
            # The port of a console that is there already: another one is taken.
            Settings(prefix=topics, console_port=taken.getsockname()[1]),
            Cluster(bootstrap),
            troubles.append,
        ) as beside,
    ):
        assert beside.address.startswith("http://127.0.0.1:")
        for name in ("one", "two"):
            like = incident(incident_id=name, incident_key=name)
            producer.produce(topics + "incidents", encode_incident(like), name.encode())
        producer.flush()

        def shown() -> int:
            with urlopen(beside.address + "api/incidents", timeout=SOON) as answer:
                return len(json.load(answer)["incidents"])

        until(lambda: shown() == 2, "both are on the page")
        until(lambda: len(log.relations()) == 2, "each is told of the other")
    log.close()
    assert troubles == []
    with pytest.raises(OSError, match="refused"):
        urlopen(beside.address, timeout=SOON)


def test_what_is_missing_is_said_and_nothing_else_fails(bootstrap: str, prefix: str) -> None:
    troubles: list[str] = []
    settings = Settings(prefix=prefix, console_host="0.0.0.0")
    with Backstage(settings, Cluster(bootstrap), troubles.append) as beside:
        until(lambda: len(troubles) == 2, "both say why")
        assert beside.address == ""
    console, enricher = sorted(troubles)
    assert console.startswith("the console is missing: others can reach 0.0.0.0: set console_token")
    assert enricher.startswith(f"the enricher is missing: topic {prefix}incidents does not exist")
