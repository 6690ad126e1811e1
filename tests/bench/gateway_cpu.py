"""CPU of the gateway for a request, beside a bare aiohttp server that sends the same answer.

Run as a module: `echo PORT`, a server of one route that reads the body and answers; or `instant`,
the gateway of the settings in front of an assistant that answers at once.
"""

import asyncio
import sys
from collections.abc import Mapping

import msgspec
import psutil
from aiohttp import web

from schemas.turns import Choice, Reply, Source, Turn
from sinks.listener import Listener
from streams.broker.machine import free_port
from streams.gateway.asking import OnPart
from streams.gateway.process import serve
from streams.metrics import Metrics
from streams.settings import load
from streams.until import until_signal
from tests.bench.beside import is_ready, listens, started
from tests.bench.customers import Town
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.turn_figures import answered, p
from tests.bench.turn_load import Phase
from tests.bench.turn_stack import Asked, asked, opened

_GOAL = 4.0
_MOST = 500.0
_SHARE = 0.8
"""Of the saturating rate: a worker has to keep up with it."""
_REPLY = Reply(
    session="0123456789abcdef0123456789abcdef",
    turn="t1",
    text="您的活期账户（尾号 8021）可用余额 ¥1,234.50。",
    sources=(Source("bank", "accounts", "账户余额"),),
    choices=(Choice("intent:transactions", "查询交易明细"), Choice("intent:human", "转人工")),
    intent="balance",
    confidence=0.98,
)


class Instant:
    """An assistant that always says the same."""

    ready = True

    async def ask(
        self,
        turn: Turn,
        *,
        deadline_ms: int,  # noqa: ARG002
        trace: Mapping[str, str],  # noqa: ARG002
        on_part: OnPart | None = None,  # noqa: ARG002
    ) -> Reply:
        """As `Asking.ask`."""
        return msgspec.structs.replace(_REPLY, session=turn.session, turn=turn.turn)


def measure(bench: Bench, town: Town, saturating: float) -> Result:
    """All three under the same customers."""
    phase = Phase(min(_MOST, _SHARE * saturating), 8.0 if bench.quick else 30.0)
    rows = [
        _row("aiohttp, the same answer", _echo(bench, town, phase), "server"),
        _row("gateway, answered at once", _instant(bench, town, phase), "server"),
    ]
    with opened(bench, town) as stack:
        stack.asked(Phase(phase.rate, 3.0))
        rows.append(_row("gateway, over Kafka", stack.asked(phase), "gateway"))
    bare = float(rows[0]["CPU us/request"])
    for row in rows:
        row["x aiohttp"] = float(row["CPU us/request"]) / bare
    goals = [Goal(f"{row['server']} / aiohttp", float(row["x aiohttp"]), _GOAL) for row in rows[1:]]
    return Result(f"CPU of the server at {phase.rate:.0f} requests/s", rows, goals)


def _row(name: str, found: Asked, server: str) -> dict[str, Value]:
    turns = found.report.turns
    good = answered(turns)
    return {
        "server": name,
        "requests": len(turns),
        "unanswered": len(turns) - len(good),
        "p99 ms": p(good, 99),
        "CPU us/request": 1e6 * found.cpu[server] / len(turns),
    }


def _echo(bench: Bench, town: Town, phase: Phase) -> Asked:
    port = free_port()
    command = ["-m", "tests.bench.gateway_cpu", "echo", str(port)]
    with started(bench.home / "echo.log", command, {}, lambda: listens(port)) as pid:
        return _loaded(bench, town, phase, port, pid)


def _instant(bench: Bench, town: Town, phase: Phase) -> Asked:
    port, health = free_port(), free_port()
    ports = {"GATEWAY_PORT": port, "GATEWAY_HEALTH_PORT": health}
    environ = town.environ | {f"GROUNDSWELL_{name}": str(value) for name, value in ports.items()}
    command = ["-m", "tests.bench.gateway_cpu", "instant"]
    file = bench.home / "instant.log"
    with started(file, command, environ, lambda: is_ready(health)) as pid:
        return _loaded(bench, town, phase, port, pid)


def _loaded(bench: Bench, town: Town, phase: Phase, port: int, pid: int) -> Asked:
    url, processes = f"http://127.0.0.1:{port}/v1/turns", {"server": psutil.Process(pid)}
    # Tokens have been seen, connections are open.
    asked(town, url, bench.seed, (Phase(phase.rate, 3.0),), processes)
    return asked(town, url, bench.seed, (phase,), processes)


async def _serve_echo(port: int) -> None:
    body = msgspec.json.encode(_REPLY)

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/v1/turns", answer)
    listener = Listener(app, "port")
    await listener.start("127.0.0.1", port)
    try:
        await until_signal()
    finally:
        await listener.stop()


def _main(mode: str, *port: str) -> None:
    if mode == "echo":
        asyncio.run(_serve_echo(int(port[0])))
    else:
        asyncio.run(serve(load(), Instant(), Metrics(), demo=None))


if __name__ == "__main__":
    _main(*sys.argv[1:])
