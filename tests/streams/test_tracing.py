import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from streams import spans
from streams.settings import SettingsError, load
from streams.tracing import begin
from tests.support.collector import Collector, Got, Way, collector
from tests.support.model_server import model_server, says
from tests.support.tracing_process import OUTSIDE, SECRET

_ROOT = Path(__file__).parents[2]
_SERVER, _CLIENT, _CONSUMER = 2, 3, 5
_ERROR = 2
_PATIENCE = 25
"""Less than the SDK waits by itself for a collector that hangs."""


async def run(*arguments: str, **settings: str) -> tuple[str, str]:
    """What a process of its own wrote on standard output and error."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    environ |= {f"GROUNDSWELL_{name.upper()}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.tracing_process", *arguments),
        cwd=_ROOT,
        env=environ | {"PYTHONPATH": str(_ROOT)},
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    return out.decode(), err.decode()


@pytest.mark.broker
@pytest.mark.slow
def test_one_trace_from_the_request_through_kafka_to_tool_and_model(
    bootstrap: str, prefix: str
) -> None:
    topic = prefix + "traced"
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(30)

    async def both(model: str) -> Collector:
        async with collector() as one:
            settings = {
                "otel_exporter": "otlp",
                "otel_endpoint": one.url,
                "bootstrap": bootstrap,
                "model_url": model,
                "model_name": "qwen3",
            }
            await run("ask", topic, **settings)
            await run("answer", topic, **settings)
            return one

    async def all_of_it() -> Collector:
        answer = says(json.dumps({"text": "You have ¥5.00.", "abstain": False}))
        async with model_server(answer) as server:
            return await both(server.url)

    one = asyncio.run(all_of_it())
    assert {span.trace for span in one.spans} == {OUTSIDE.split("-")[1]}
    by_name = {span.name: span for span in one.spans}
    request = by_name["turn say"]
    handled, tool = by_name[f"process {topic}"], by_name["execute_tool transactions"]
    chat = by_name["chat qwen3"]
    assert request.parent == OUTSIDE.split("-")[2]
    assert handled.parent == request.id
    assert [tool.parent, chat.parent] == [handled.id, handled.id]
    kinds = [span.kind for span in (request, handled, chat)]
    assert kinds == [_SERVER, _CONSUMER, _CLIENT]
    assert (request.service, tool.service) == ("groundswell-gateway", "groundswell-worker")
    assert handled.attributes["messaging.destination.name"] == topic
    assert handled.attributes["messaging.kafka.offset"] == 0
    assert tool.attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "transactions",
        "gen_ai.tool.type": "function",
        "groundswell.outcome": "away",
        "error.type": "ValueError",
    }
    assert (tool.status, chat.status) == (_ERROR, 0)
    assert chat.attributes["gen_ai.usage.input_tokens"] == 900
    assert chat.attributes["groundswell.use"] == "reword"
    _tells_nothing(one, by_name["careless"])


def _tells_nothing(one: Collector, careless: Got) -> None:
    assert (careless.events, careless.status, careless.message) == (0, _ERROR, "")
    for word in (SECRET, "6222020000001234567", "stolen", "balance"):
        assert not any(word.encode() in body for body in one.bodies)


async def _told(way: Way) -> Collector:
    async with collector(way) as one:
        async with asyncio.timeout(_PATIENCE):
            _, err = await run(otel_exporter="otlp", otel_endpoint=one.url)
        assert "Traceback" not in err
        return one


@pytest.mark.slow
def test_a_collector_that_misbehaves_slows_nothing() -> None:
    ways: tuple[Way, ...] = ("well", "hangs", "busy", "elsewhere")

    async def do() -> list[Collector]:
        return await asyncio.gather(*map(_told, ways))

    for way, one in zip(ways, asyncio.run(do()), strict=True):
        assert one.asked, way
        assert bool(one.spans) == (way == "well"), way


@pytest.mark.slow
@pytest.mark.timeout(_PATIENCE)
def test_a_collector_that_is_dead_slows_nothing() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{one.getsockname()[1]}"
        _, err = asyncio.run(run(otel_exporter="otlp", otel_endpoint=url))
    assert "Traceback" not in err


def test_without_an_exporter_it_costs_next_to_nothing_and_passes_the_trace_on() -> None:
    out, err = asyncio.run(run())
    assert json.loads(out) == {"passed": OUTSIDE, "threads": 1}
    assert err == ""


def test_spans_on_the_console_are_lines_of_json_on_standard_error() -> None:
    out, err = asyncio.run(run(otel_exporter="console"))
    assert json.loads(out)
    names = {json.loads(line)["name"] for line in err.splitlines()}
    assert names == {"turn say", "execute_tool balance"}


def test_only_a_share_is_traced_whatever_those_outside_ask_for() -> None:
    out, err = asyncio.run(run(otel_exporter="console", otel_ratio="0"))
    assert json.loads(out)["passed"].endswith("-00")
    assert err == ""


@pytest.mark.parametrize(
    "endpoint",
    ["", "collector:4318", "ftp://a", "http://", "http://u:p@a", "http://a:x", "http://a?b=c"],
)
def test_a_wrong_address_stops_the_start(endpoint: str) -> None:
    settings = load({}, {"otel_exporter": "otlp", "otel_endpoint": endpoint})
    with pytest.raises(SettingsError, match="otel_endpoint"):
        begin(settings, "worker")


@pytest.mark.parametrize(
    "value", [b"", b"\xff\xfe", b"00-1-2-3", b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01"]
)
def test_what_is_no_trace_is_none(value: bytes) -> None:
    assert spans.extract([("traceparent", value)]) is None
    assert spans.extract([]) is None
    assert spans.extract([("TRACEPARENT", OUTSIDE.encode())]) is None
    assert spans.extract([("traceparent", OUTSIDE.encode())]) is not None


@pytest.mark.parametrize(
    ("name", "value", "may"),
    [
        ("groundswell.outcome", "over_limit", True),
        ("groundswell.outcome", "我的卡", False),
        ("groundswell.outcome", "a@b.com", False),
        ("groundswell.outcome", "card stolen", False),
        ("groundswell.tenant", "13812345678", False),
        ("gen_ai.request.model", "Qwen/Qwen3-8B", True),
        ("http.route", "/v1/sessions/{id}", True),
        ("groundswell.outcome", "x" * 81, False),
        ("gen_ai.usage.input_tokens", 5, True),
        ("groundswell.hedged", False, True),
        ("groundswell.text", "x", False),
        ("exception.message", "x", False),
        ("gen_ai.usage.input_tokens", ("a",), False),
    ],
)
def test_what_may_leave(name: str, value: object, may: bool) -> None:
    assert spans.may_leave(name, value) == may
