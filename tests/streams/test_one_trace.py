"""One trace of one turn: gateway, Kafka, worker, tools, model; each a process or a server."""

import asyncio
import json
from itertools import pairwise
from pathlib import Path

import pytest

from schemas.topics import REQUESTS
from tests.support.branch import open_branch
from tests.support.collector import Collector, collector
from tests.support.model_server import model_server, says
from tests.support.tracing_process import OUTSIDE
from tests.support.waiting import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow]
SAID = "查询余额，卡号是6222020000001234567"


def test_a_turn_is_one_trace_from_http_to_the_model(
    bootstrap: str, prefix: str, tmp_path: Path
) -> None:
    one = asyncio.run(_turn(bootstrap, prefix, tmp_path))
    assert {span.trace for span in one.spans} == {OUTSIDE.split("-")[1]}
    by_name = {span.name: span for span in one.spans}
    topic = prefix + REQUESTS
    way = [by_name[name] for name in ("execute_tool accounts", f"process {topic}", "turn say")]
    for inner, outer in pairwise(way):
        assert inner.parent == outer.id, (inner.name, outer.name)
    assert way[-1].parent == OUTSIDE.split("-")[2]
    assert by_name["chat qwen3"].parent == by_name[f"process {topic}"].id
    services = [span.service for span in way]
    assert services == ["groundswell-assistant"] * 2 + ["groundswell-gateway"]
    assert by_name[f"process {topic}"].attributes["groundswell.intent"] == "balance"
    for secret in ("6222020000001234567", "查询余额", "c-0001"):
        assert not any(secret.encode() in body for body in one.bodies)


async def _turn(bootstrap: str, prefix: str, folder: Path) -> Collector:
    answer = says(json.dumps({"text": "", "abstain": True}))
    async with (
        collector() as one,
        model_server(answer) as model,
        open_branch(
            *(bootstrap, prefix, folder),
            otel_exporter="otlp",
            otel_endpoint=one.url,
            model_url=model.url,
            model_name="qwen3",
        ) as branch,
    ):
        status, reply = await branch.say("c-0001", text=SAID, trace=OUTSIDE)
        assert (status, reply["intent"]) == (200, "balance")
        done = {"chat qwen3", "turn say", f"process {prefix}{REQUESTS}"}
        await eventually(lambda: done <= {span.name for span in one.spans}, "all spans have come")
    return one
