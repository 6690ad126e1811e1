import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiohttp import web

from agents.llm.analyst import ModelAnalyst
from agents.llm.budget import Bill
from agents.llm.client import ModelClient
from agents.llm.settings import Limits, ModelSettings
from schemas.causes import NearChange, Rca
from schemas.commands import Cost, Relate
from schemas.incidents import Grouping, Incident, Observed, Slice
from sinks.cluster import Cluster
from sinks.errors import CannotRead
from sinks.feed import Feed, Place
from tests.support.enriching import Log, Running, analyst_of, enriching, said
from tests.support.incidents import incident
from tests.support.model_server import Behaviour, ModelServer, model_server, silent, speaks
from tests.support.waiting import eventually

pytestmark = pytest.mark.broker

FLAG = NearChange("flag-9", "flag 9 turned on for all", "2026-11-20T09:00:00.000Z", 4)


def one(name: str, product: str, change: NearChange | None = FLAG, **other: Any) -> Incident:
    """It has nothing but a change that others may have."""
    return incident(
        incident_id=name,
        incident_key="key-" + name,
        product=product,
        changes=(change,) if change else (),
        slice=Slice({}, 0.0, 1.0, True, (), "even"),
        grouping=Grouping(name, (), "", 0.1),
        **other,
    )


def grown(factor: float) -> Observed:
    observed = incident().observed
    return msgspec.structs.replace(observed, count=round(observed.count * factor))


@asynccontextmanager
async def asking(
    log: Log, behaviour: Behaviour, **other: Any
) -> AsyncIterator[tuple[Running, ModelServer]]:
    """An enricher with a model that behaves like this."""
    async with (
        model_server(behaviour) as server,
        analyst_of(server.url, **other) as analyst,
        enriching(log, analyst) as running,
    ):
        yield running, server


WALLET, VIDEO = one("w", "wallet"), one("v", "video")
CHAT = one("c", "chat", None)


def told(relations: list[Relate]) -> dict[str, list[str]]:
    names = [relation.incident_id for relation in relations]
    assert len(set(names)) == len(names), "nobody is told twice"
    return {one.incident_id: [other.incident_id for other in one.related] for one in relations}


@pytest.mark.slow
def test_two_that_share_a_change_are_told_once_and_not_again_after_a_restart(log: Log) -> None:
    async def run() -> None:
        await log.publish(WALLET, VIDEO, CHAT)
        async with enriching(log) as running:
            await running.settled()
            assert told(log.relations()) == {"w": ["v"], "v": ["w"]}
            (first, *_) = log.relations()
            assert first.by == "groundswell-enrich"
            assert first.head_incident_id == "v"
            assert first.related[0].shares == ("time", "change")
            text = running.metrics.text().decode()
            assert 'groundswell_enrich_commands_total{kind="relate"} 2.0' in text
        async with enriching(log) as running:
            await running.settled()
            # One more, so that it is known to have looked at all there is.
            await log.publish(one("d", "docs"))
            await eventually(lambda: len(log.relations()) > 2, "the new one is told")
            assert told(log.relations()).keys() == {"w", "v", "d"}

    asyncio.run(run())


class Interrupted(Feed):
    """A feed whose broker goes away when the first of them is to commit."""

    feeds = 0

    def __init__(self, cluster: Cluster, topic: str, group: str | None = None) -> None:
        super().__init__(cluster, topic, group)
        type(self).feeds += 1

    async def settle(self, place: Place) -> None:
        if self.feeds == 1:
            raise CannotRead("the broker went away")
        await super().settle(place)


@pytest.mark.slow
def test_after_an_interruption_it_goes_on_and_says_nothing_twice(
    log: Log, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Interrupted, "feeds", 0)
    caplog.set_level("INFO", "streams.enrichment.patience")

    async def run() -> None:
        async with (
            model_server(speaks("vllm")) as server,
            analyst_of(server.url) as analyst,
            enriching(log, analyst, Interrupted) as running,
        ):
            await log.publish(WALLET, VIDEO)
            await eventually(lambda: Interrupted.feeds == 2, "it connects again")
            await running.settled()
            await log.publish(CHAT)
            await eventually(lambda: len(log.explanations()) == 3, "it goes on")
            assert told(log.relations()).keys() == {"w", "v"}

    asyncio.run(run())
    away, back = said(caplog)
    assert away.endswith("; reading incidents: the broker went away")
    assert back.startswith("Kafka is back after")


def test_a_revision_that_cannot_be_read_ends_nothing(log: Log) -> None:
    async def run() -> None:
        await log.publish(one("x", "docs", opened_at="2026-99-20T09:15:00.000Z"), WALLET, VIDEO)
        async with enriching(log) as running:
            await running.settled()
            assert told(log.relations()).keys() == {"w", "v"}
        text = running.metrics.text().decode()
        assert 'groundswell_enrich_failures_total{part="learn"} 1.0' in text

    asyncio.run(run())


@pytest.mark.slow
def test_the_model_is_asked_and_its_answer_told(log: Log) -> None:
    async def run() -> None:
        await log.publish(incident())
        async with asking(log, speaks("vllm")) as (running, _):
            await running.settled()
            (explained,) = log.explanations()
            assert explained.incident_id == incident().incident_id
            assert explained.by == "groundswell-enrich"
            assert (explained.rca.status, explained.rca.source) == ("ok", "model")
            assert explained.rca.hypotheses[0].evidence_ids
            assert explained.place == incident().slice.attributes
            # As detect publishes it; and what is no news to the model.
            await log.publish(
                incident(revision=2, rca=explained.rca), incident(revision=3, change_reason="note")
            )
            await running.settled()
            assert len(log.explanations()) == 1
            twice = incident(revision=4, severity="critical", observed=grown(2.1))
            await log.publish(twice)
            await running.settled()
            assert len(log.explanations()) == 2
        text = running.metrics.text().decode()
        assert 'groundswell_enrich_answer_seconds_count{status="ok"} 2.0' in text

    asyncio.run(run())


@pytest.mark.slow
def test_what_is_settled_is_not_asked_again_and_what_is_not_is(log: Log) -> None:
    async def run() -> None:
        other = incident(incident_id="other", incident_key="other")
        await log.publish(incident())
        async with asking(log, speaks("vllm")) as (running, _):
            await running.settled()
        async with asking(log, silent) as (running, server):
            await log.publish(other)
            await eventually(lambda: len(server.asked) > 0, "it asks")
            assert await running.lag() == 1
        async with asking(log, speaks("ollama")) as (running, server):
            await running.settled()
            assert len(server.asked) == 2, "the probe and one question"
        explained = [one.incident_id for one in log.explanations()]
        assert explained == [incident().incident_id, "other"]

    asyncio.run(run())


@pytest.mark.slow
def test_a_restart_spends_nothing_again(log: Log) -> None:
    """Neither for what was answered, nor for what was asked when it ended."""

    async def run() -> None:
        most = {"per_hour": Limits(calls=2)}
        await log.publish(incident())
        async with asking(log, speaks("vllm"), **most) as (running, _):
            await running.settled()
            (answer,) = log.explanations()
            assert answer.cost == Cost(1, 900, 100)
        await log.publish(WALLET)
        async with asking(log, silent, **most) as (_, server):
            await eventually(lambda: len(server.asked) > 0, "it asks")
        async with asking(log, speaks("vllm"), **most) as (running, server):
            await running.settled()
            assert not server.asked
            _, refused = log.explanations()
            assert (refused.incident_id, refused.cost) == ("w", Cost())
            assert refused.rca.status == "skipped_budget"
            assert refused.rca.reason == "the calls of this hour are spent: 2"

    asyncio.run(run())


@pytest.mark.slow
def test_while_it_is_asked_about_later_revisions_wait_for_one_question(log: Log) -> None:
    async def run() -> None:
        go = asyncio.Event()

        async def held(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
            await go.wait()
            return await speaks("vllm")(request, body)

        async with asking(log, held) as (running, server):
            await log.publish(incident())
            await eventually(lambda: len(server.asked) > 0, "it asks")
            for n in (2, 3, 4):
                await log.publish(incident(revision=n, observed=grown(2.1**n)))

            async def is_behind() -> bool:
                return await running.lag() >= 4

            await eventually(is_behind, "all revisions wait")
            go.set()
            await running.settled()
            assert len(log.explanations()) == 2

    asyncio.run(asyncio.wait_for(run(), 60))


@pytest.mark.slow
def test_a_model_that_is_silent_delays_no_relation(log: Log) -> None:
    async def run() -> None:
        crowd = [one(f"i{n}", f"p{n}") for n in range(40)]
        async with asking(log, silent) as (running, _):
            await log.publish(*crowd[:20])
            await eventually(lambda: len(log.relations()) == 20, "the first are told")
            await log.publish(*crowd[20:])
            await eventually(lambda: len(log.relations()) == 40, "the others are told")
            await eventually(lambda: running.enricher.asking == 40, "all are asked about")
            assert log.explanations() == []

    asyncio.run(run())


class Broken(ModelAnalyst):
    """Fails in a way that nobody has thought of."""

    async def explain(self, incident: Incident, bill: Bill | None = None) -> Rca:
        if incident.incident_id == "w":
            raise RuntimeError(incident.title)
        return await super().explain(incident, bill)


def test_one_that_cannot_be_asked_about_ends_nothing(
    log: Log, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        settings = ModelSettings("http://127.0.0.1:9/v1", "m")
        client = ModelClient(settings, wait_s=0.01)
        analyst = Broken(settings, client, clock_ms=lambda: 0, seed=1)
        await log.publish(WALLET, CHAT)
        async with enriching(log, analyst) as running:
            await running.settled()
        await client.close()
        assert [one.incident_id for one in log.explanations()] == ["c"]
        text = running.metrics.text().decode()
        assert 'groundswell_enrich_failures_total{part="ask"} 1.0' in text

    asyncio.run(run())
    (message,) = said(caplog)
    assert "RuntimeError" in message
    assert WALLET.title not in caplog.text


@pytest.mark.slow
def test_a_model_that_is_dead_is_said_to_be(log: Log) -> None:
    async def run() -> None:
        async with model_server(silent) as server:
            url = server.url
        await log.publish(WALLET, VIDEO)
        async with analyst_of(url) as analyst, enriching(log, analyst) as running:
            await running.settled()
            assert told(log.relations()).keys() == {"w", "v"}
            assert [one.rca.status for one in log.explanations()] == ["failed", "failed"]
            assert all("cannot be reached" in (one.rca.reason or "") for one in log.explanations())

    asyncio.run(run())
