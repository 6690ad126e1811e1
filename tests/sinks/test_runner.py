import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.topics import INCIDENTS
from sinks.alertmanager import AlertmanagerOptions, AlertmanagerSink
from sinks.cluster import Cluster, Secret
from sinks.pagerduty import PagerDutyOptions, PagerDutySink
from sinks.runner import group_of
from sinks.slack import SlackOptions, SlackSink
from streams.admin import TopicAdmin
from tests.support.alertmanager import running_alertmanager
from tests.support.fleet import Fleet, receiver
from tests.support.incidents import incident
from tests.support.receiver import LocalReceiver, local_receiver, says
from tests.support.waiting import eventually


@pytest.fixture
def fleet(bootstrap: str, prefix: str) -> Iterator[Fleet]:
    admin = TopicAdmin(Cluster(bootstrap), prefix)
    admin.create(4)
    yield Fleet(bootstrap, prefix + INCIDENTS)
    admin.delete()


def test_each_receiver_has_a_group_of_its_own() -> None:
    assert group_of("t-", "on-call") == "t-groundswell-sink-on-call"


@pytest.mark.broker
@pytest.mark.slow
def test_a_thousand_incidents_at_once(fleet: Fleet, tmp_path: Path) -> None:
    """All reach Alertmanager once, PagerDuty gets the worst first, the chat is not flooded."""
    many = [
        incident(
            incident_id=f"i{n}",
            incident_key=f"k{n}",
            severity="critical" if n % 100 == 0 else "warning",
            product="wallet" if n % 5 else "video",
        )
        for n in range(1000)
    ]

    async def run(url: str, slack: LocalReceiver, pager: LocalReceiver) -> None:
        pager.usual = says(202, '{"status":"success"}')
        key = Secret("0" * 32)
        receivers = [
            receiver(AlertmanagerSink("am", AlertmanagerOptions(urls=(url,))), "am"),
            receiver(SlackSink("s", SlackOptions(url=Secret(slack.url))), "slack", 60),
            receiver(
                PagerDutySink("p", PagerDutyOptions(routing_key=key, url=pager.url)), "pager", 100
            ),
        ]
        delivered = "groundswell_sink_delivered_total"

        async def during() -> None:
            for partition in range(4):
                await fleet.write(*many[partition::4], partition=partition)
            await eventually(lambda: fleet.value(delivered, "am") == 1000, "Alertmanager has all")
            await eventually(
                lambda: fleet.value(delivered, "slack") == 1000, "the chat knows of all"
            )
            await eventually(lambda: len(pager.got) >= 50, "PagerDuty has the first")

        await fleet.carry(receivers, during)

    with (
        running_alertmanager(tmp_path) as home,
        local_receiver() as slack,
        local_receiver() as pager,
    ):
        began = time.monotonic()
        asyncio.run(run(home.url, slack, pager))
        seconds = time.monotonic() - began
        fired = Counter(alert["labels"]["incident_key"] for alert in home.alerts())
        assert fired == Counter(one.incident_key for one in many)
        assert len(slack.got) <= 30 + seconds / 2 + 1
        digests = [got.json for got in slack.got if "more incidents" in got.json["text"]]
        assert digests
        assert len(pager.got) <= 50 + seconds * 5 / 6 + 1
        keys = [got.json["dedup_key"] for got in pager.got]
        assert len(set(keys)) == len(keys)
        severities = [got.json["payload"]["severity"] for got in pager.got]
        assert severities.count("critical") == 10
