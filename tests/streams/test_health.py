import asyncio
import socket
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from sinks.errors import CannotListen
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics

Asked = dict[str, tuple[int, str]]


def ask(liveness: Liveness, metrics: Metrics) -> Asked:
    """Status and body of every path, over a real socket."""

    async def run() -> Asked:
        server = HealthServer(liveness, metrics)
        port = await server.start("127.0.0.1", 0)
        try:
            found = {}
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
                for path in ("/healthz", "/readyz", "/metrics", "/"):
                    async with session.get(path) as response:
                        found[path] = (response.status, await response.text())
            return found
        finally:
            await server.stop()
            await server.stop()

    return asyncio.run(run())


def test_a_worker_that_starts_is_alive_and_not_ready() -> None:
    found = ask(Liveness(60, lambda: 0.0), Metrics())
    assert found["/healthz"] == (200, '{"alive": true, "trouble": ""}')
    assert found["/readyz"] == (503, '{"ready": false}')
    assert found["/"][0] == 404


def test_a_worker_that_moves_is_ready() -> None:
    liveness = Liveness(60, lambda: 0.0)
    liveness.look({"a": 1}, {"a": 2})
    assert ask(liveness, Metrics())["/readyz"] == (200, '{"ready": true}')


def test_a_stuck_worker_says_why() -> None:
    now = 0.0
    liveness = Liveness(60, lambda: now)
    liveness.look({"a": 1}, {"a": 2})
    now = 61.0
    liveness.look({"a": 1}, {"a": 2})
    found = ask(liveness, Metrics())
    assert found["/healthz"][0] == 503
    assert "no progress for 60 s on ['a']" in found["/healthz"][1]
    assert found["/readyz"][0] == 503


def test_metrics_are_served_as_prometheus_reads_them() -> None:
    metrics = Metrics()
    metrics.add("groundswell_minutes_closed_total", 3, 0)
    status, body = ask(Liveness(60, lambda: 0.0), metrics)["/metrics"]
    assert status == 200
    assert 'groundswell_minutes_closed_total{partition="0"} 3.0' in body


def refused(start: Callable[[HealthServer], Awaitable[int]]) -> str:
    async def run() -> str:
        with pytest.raises(CannotListen) as raised:
            await start(HealthServer(Liveness(60, lambda: 0.0), Metrics()))
        return str(raised.value)

    return asyncio.run(run())


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = refused(lambda server: server.start("127.0.0.1", port))
    assert message.startswith(f"cannot listen on 127.0.0.1:{port} (")
    assert message.endswith("set port")
    assert "\n" not in message


def test_a_host_that_is_none_is_one_line() -> None:
    assert "cannot listen on 256.1.1.1:0" in refused(lambda s: s.start("256.1.1.1", 0))
