"""The whole way: HTTP, the gateway's process, Kafka, a worker that echoes, and back."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.asking import Counter, open_counter
from tests.support.gateway_process import GatewayProcess
from tests.support.waiting import SOON, eventually, until

pytestmark = pytest.mark.broker
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def counter(bootstrap: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("gateway")
    with open_counter(bootstrap, f"t-gw-{os.getpid()}-", folder) as counter:
        yield counter


@pytest.mark.slow
def test_a_turn_over_kafka_and_a_stop(counter: Counter, tmp_path: Path) -> None:
    counter.worker()
    gateway = GatewayProcess(counter.cluster, counter.prefix, tmp_path)
    try:
        asyncio.run(_talk(gateway))
        gateway._process.send_signal(signal.SIGTERM)
        until(lambda: gateway.exit_code is not None, "it stops", 15)
        assert gateway.exit_code == 0
    finally:
        gateway._process.kill()
        gateway._process.wait()


async def _talk(gateway: GatewayProcess) -> None:
    async with aiohttp.ClientSession() as session:
        address = gateway.address("address")

        async def post(path: str, body: object, headers: dict[str, str]) -> tuple[int, Any]:
            data = json.dumps(body)
            async with session.post(f"{address}{path}", data=data, headers=headers) as response:
                return response.status, await response.json(content_type=None)

        async def is_ready() -> bool:
            async with session.get(f"{gateway.address('health')}/readyz") as response:
                return response.status == 200

        await eventually(is_ready, "the gateway is ready")
        _, login = await post("/demo/login", {"user": "ann"}, JSON)
        sent = {**JSON, "Authorization": f"Bearer {login['access_token']}"}
        status, first = await post("/v1/turns", {"text": "hello", "turn": "t-1"}, sent)
        assert (status, first.get("status")) == (200, None), first
        again = {"text": "hello", "turn": "t-1", "session": first["session"]}
        status, second = await post("/v1/turns", again, sent)
        assert (status, second["status"]) == (200, "duplicate")
        _, login = await post("/demo/login", {"user": "bob"}, JSON)
        other = {**JSON, "Authorization": f"Bearer {login['access_token']}"}
        shown = f"{address}/v1/sessions/{first['session']}"
        async with session.get(shown, headers=sent) as response:
            assert (response.status, (await response.json())["session"]) == (200, first["session"])
        async with session.get(shown, headers=other) as response:
            assert response.status == 404
        # An id that is somebody else's begins a session of one's own, as one that nobody has.
        for one in (first["session"], "session-of-nobody"):
            status, theirs = await post("/v1/turns", again | {"session": one}, other)
            assert (status, theirs.get("status"), theirs["session"]) == (200, None, one)
        async with session.get(shown, headers=sent) as response:
            assert [one["turn"] for one in (await response.json())["history"]] == ["t-1"]
        async with session.ws_connect(f"{address}/v1/chat", headers=sent) as web:
            await web.send_json({"type": "say", "text": "hi", "session": first["session"]})
            while (found := await web.receive_json(timeout=SOON))["type"] == "part":
                pass
            assert "status" not in found
        async with session.get(f"{gateway.address('health')}/metrics") as response:
            assert "groundswell_gateway_turn_seconds_count" in await response.text()
