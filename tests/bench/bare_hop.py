"""Request and reply over Kafka with nothing in between: what the log and Faust alone take.

The requester of the gateway, a Faust agent on the micro-batch transport that sends back what it
gets, and the replier of the worker; asker and agent are a process each. Run as a module:
`agent BOOTSTRAP PREFIX`, or `ask BOOTSTRAP PREFIX RATE SECONDS SEED`, which prints the milliseconds
of every request as JSON (-1: no answer within 2 s).
"""

import asyncio
import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from uuid import uuid4

import faust

from schemas.topics import BY_NAME, REPLIES, REQUESTS
from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.metrics import Metrics
from streams.requests import Replier, Requester, RequestReader
from streams.requests.errors import RequestError
from streams.transport.schema import BatchSchema
from streams.transport.settings import faust_settings
from streams.transport.transport import BatchTransport
from streams.transport.worker import serve
from tests.bench.beside import started
from tests.bench.results import Bench
from tests.support.waiting import eventually

_ROOT = Path(__file__).parents[2]
_DEADLINE_S = 2.0
_VALUE = b'{"session":"0123456789abcdef","turn":"t1","tenant":"demo","user":"c-0013","text":"?"}'
_SESSIONS = 1_000
_WARM_S = 3.0


def hop(bench: Bench, rate: float, seconds: float) -> list[float]:
    """Milliseconds of every request at that rate, after a warm-up."""
    prefix = f"hop-{uuid4().hex[:8]}-"
    admin = TopicAdmin(Cluster(bench.bootstrap), prefix)
    admin.create()
    try:
        command = ["-m", "tests.bench.bare_hop", "agent", bench.bootstrap, prefix]
        with started(bench.home / f"{prefix}agent.log", command, {}, lambda: True):
            words = ["ask", bench.bootstrap, prefix, str(rate), str(seconds), str(bench.seed)]
            out = subprocess.run(
                [sys.executable, "-m", "tests.bench.bare_hop", *words],
                stdout=subprocess.PIPE,
                cwd=_ROOT,
                check=True,
            ).stdout
    finally:
        admin.delete()
    times: list[float] = json.loads(out)
    return times


async def _agent(cluster: Cluster, prefix: str) -> int:
    replier = Replier(cluster, Metrics())
    await replier.start()
    reader = RequestReader({prefix + REPLIES: BY_NAME[REPLIES].partitions})
    app = faust.App(prefix + "hop", **faust_settings(cluster))
    app.transport = BatchTransport(app)

    async def answer(stream: faust.StreamT[bytes]) -> None:
        async for event in stream.events():
            records = event.value
            for record in records:
                request = reader.read(record, int(time.time() * 1000))
                await replier.send(request, request.value)
            app.consumer.mark_durable(event.message.tp, records[-1].offset + 1)

    app.agent(app.topic(prefix + REQUESTS, schema=BatchSchema()), name="hop")(answer)
    gc.freeze()
    try:
        return await serve(app)
    finally:
        await replier.stop()


async def _ask(cluster: Cluster, prefix: str, rate: float, seconds: float, seed: int) -> None:
    requester = Requester(cluster, prefix + REQUESTS, prefix + REPLIES, 0, Metrics())
    await requester.start()
    luck, times = Random(seed), []

    async def one(due: float) -> float:
        deadline_ms = int((time.time() + _DEADLINE_S) * 1000)
        key = f"session-{luck.randrange(_SESSIONS):08}".encode()
        try:
            await requester.ask(key, _VALUE, deadline_ms=deadline_ms)
        except RequestError:
            return -1.0
        return (time.perf_counter() - due) * 1000

    async def crowd(seconds: float) -> list[float]:
        async with asyncio.TaskGroup() as group:
            due, tasks = time.perf_counter(), []
            end = due + seconds
            while (due := due + luck.expovariate(rate)) < end:
                if (early := due - time.perf_counter()) > 0:
                    await asyncio.sleep(early)
                tasks.append(group.create_task(one(due)))
        return [task.result() for task in tasks]

    async def answers() -> bool:
        return await one(0.0) >= 0

    try:
        await eventually(answers, "the agent answers", 60.0)
        await crowd(_WARM_S)
        times = await crowd(seconds)
    finally:
        await requester.close(0.0)
    print(json.dumps(times))


def _main(mode: str, bootstrap: str, prefix: str, *numbers: str) -> None:
    cluster = Cluster(bootstrap)
    if mode == "agent":
        raise SystemExit(asyncio.run(_agent(cluster, prefix)))
    rate, seconds, seed = numbers
    asyncio.run(_ask(cluster, prefix, float(rate), float(seconds), int(seed)))


if __name__ == "__main__":
    _main(*sys.argv[1:])
