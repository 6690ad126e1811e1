"""The process that carries incidents on: the runner, its health port, and a test of a receiver."""

import asyncio
import secrets
import signal
import time
from collections.abc import Callable, Hashable, Sequence

import stamina.instrumentation

from schemas.topics import INCIDENTS
from sinks.cluster import Cluster
from sinks.config import Receiver
from sinks.errors import SinkError
from sinks.runner import Runner
from sinks.trial import resolved, trial_incident
from streams.errors import OperatorError
from streams.health import HealthServer
from streams.liveness import Liveness
from streams.metrics import Metrics
from streams.settings import Settings

_TICK = 1.0


class NotTaken(OperatorError):
    """Mend the receiver, or its table in the file, as the message says."""


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def carry(receivers: Sequence[Receiver], settings: Settings, cluster: Cluster) -> None:
    """Until SIGTERM or Ctrl-C. Raises PortTaken."""
    # What is tried again is counted and logged here, by the name of the receiver.
    stamina.instrumentation.set_on_retry_hooks(())
    metrics = Metrics()
    liveness = Liveness(settings.stuck_seconds, time.monotonic)
    health = HealthServer(liveness, metrics)
    await health.start(settings.host, settings.port)
    topic = settings.topic(INCIDENTS)
    runner = Runner(receivers, cluster, topic, settings.prefix, metrics, _now_ms)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [
        asyncio.create_task(work) for work in (runner.run(), _watch(runner, liveness), stop.wait())
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await health.stop()


async def _watch(runner: Runner, liveness: Liveness) -> None:
    """A receiver that is away is no reason to start anew; a topic that is not read is one."""
    while True:
        rounds: dict[Hashable, int] = dict(runner.rounds().items())
        liveness.look(rounds, {name: number + 1 for name, number in rounds.items()})
        await asyncio.sleep(_TICK)


async def try_out(receiver: Receiver, say: Callable[[str], None]) -> None:
    """Send a test incident and its end. Raises NotTaken with what the receiver answered."""
    sink = receiver.sink
    began = trial_incident(secrets.token_hex(4), _now_ms())
    try:
        await sink.start()
        for incident in (began, resolved(began, _now_ms())):
            await sink.deliver([incident], _now_ms())
            say(f"{receiver.name}: {incident.status}: taken{sink.answer and f' ({sink.answer})'}")
    except SinkError as error:
        raise NotTaken(f"{receiver.name}: {error}") from None
    finally:
        await sink.stop()
