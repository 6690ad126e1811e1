import asyncio
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from sinks.cluster import Cluster
from streams.enrichment import run_enrich
from streams.errors import OperatorError
from streams.settings import load
from tests.support.enriching import Log
from tests.support.incidents import incident
from tests.support.model_server import model_server, silent, speaks
from tests.support.waiting import eventually, until
from tests.support.workers import WorkerProcess, Workers

pytestmark = pytest.mark.broker

PROGRAM = ("-m", "streams", "enrich")
KEY = "sk-nobody-sees-this"
STOPS_WITHIN = 5.0


@pytest.fixture
def workers(log: Log, tmp_path: Path) -> Iterator[Workers]:
    workers = Workers(log.cluster.bootstrap, log.prefix, tmp_path)
    yield workers
    workers.kill_all()


def said(process: WorkerProcess, start: str) -> str:
    """Its first message that starts so, empty if there is none."""
    return next((m["message"] for m in process.messages() if m["message"].startswith(start)), "")


async def shows(process: WorkerProcess, figure: str) -> bool:
    assert process.exit_code is None
    return figure in (await asyncio.to_thread(process.get, "/metrics"))[1]


@pytest.mark.slow
def test_without_a_model_it_relates_until_ctrl_c(log: Log, workers: Workers) -> None:
    process = workers.start(program=PROGRAM)
    process.wait_ready()
    until(lambda: bool(said(process, "relating")), "it says what it does", 10)
    assert said(process, "relating") == "relating incidents; no model set: rules only"
    alone = {"changes": (), "incident_key": "b", "product": "video"}
    asyncio.run(log.publish(incident(), incident(incident_id="b", **alone)))
    until(lambda: len(log.relations()) == 2, "both are told", 20)
    assert process.get("/healthz")[0] == 200
    assert 'groundswell_enrich_commands_total{kind="relate"} 2.0' in process.get("/metrics")[1]
    assert process.stop(signal.SIGINT, STOPS_WITHIN) == 0
    assert [m["message"] for m in process.messages()] == [
        "enrich started",
        "relating incidents; no model set: rules only",
    ]


@pytest.mark.slow
def test_with_a_model_it_says_which_and_shows_what_it_cost(log: Log, workers: Workers) -> None:
    async def run() -> None:
        async with model_server(speaks("llama.cpp")) as server:
            process = workers.start(
                program=PROGRAM,
                model_url=server.url,
                model_name="qwen3",
                model_key=KEY,
                model_price_in=1.0,
                model_price_out=2.0,
            )
            await log.publish(incident())
            await eventually(lambda: len(log.explanations()) == 1, "it is explained")
            await eventually(lambda: bool(said(process, "relating")), "it says what it does")
            where = server.url.removeprefix("http://").removesuffix("/v1")
            relating = f"relating incidents; asking qwen3 at {where} (json_schema)"
            assert said(process, "relating") == relating
            assert server.headers[0]["authorization"] == f"Bearer {KEY}"
            for figure in (
                'groundswell_enrich_tokens_total{direction="in",model="qwen3"} 900.0',
                'groundswell_enrich_tokens_total{direction="out",model="qwen3"} 100.0',
                'groundswell_enrich_money_total{model="qwen3"} 1.1',
                'groundswell_enrich_breaker{model="qwen3",state="closed"} 1.0',
            ):
                await eventually(partial(shows, process, figure), figure)
            assert await asyncio.to_thread(process.stop) == 0
            assert KEY not in "\n".join(process.lines())
            assert len(process.lines()) == 2, "no line for every question"

    asyncio.run(asyncio.wait_for(run(), 60))


@pytest.mark.slow
def test_it_stops_in_time_while_a_model_is_silent(log: Log, workers: Workers) -> None:
    async def run() -> None:
        async with model_server(silent) as server:
            process = workers.start(program=PROGRAM, model_url=server.url, model_name="m")
            await log.publish(incident())
            await eventually(lambda: len(server.asked) > 1, "the probe and the question")
            stopped = await asyncio.to_thread(process.stop, signal.SIGTERM, STOPS_WITHIN)
            assert stopped == 0
        assert log.explanations() == []

    asyncio.run(run())


@pytest.mark.slow
def test_a_model_that_is_away_is_a_warning(workers: Workers) -> None:
    url = "http://127.0.0.1:9/v1"
    process = workers.start(program=PROGRAM, model_url=url, model_name="m")
    until(lambda: bool(said(process, "relating")), "it says what it does", 30)
    assert "m at 127.0.0.1:9 does not answer yet" in said(process, "relating")
    assert process.stop(patience=STOPS_WITHIN) == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"model_url": f"http://me:{KEY}@127.0.0.1:9/v1", "model_name": "m"},
            "setting model_url: the model's url is http://HOST:PORT/v1",
        ),
        ({"prefix": "nowhere-"}, "topic nowhere-incidents does not exist; run: groundswell topics"),
    ],
)
def test_what_is_wrong_is_said_at_the_start(
    bootstrap: str, settings: dict[str, str], words: str
) -> None:
    chosen = load({}, {"enrich_port": 0, **settings})
    with pytest.raises(OperatorError) as error:
        asyncio.run(run_enrich(chosen, Cluster(bootstrap)))
    assert str(error.value).startswith(words)
    assert KEY not in str(error.value)
