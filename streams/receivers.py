"""The process that carries incidents on: the runner, its health port, and a test of a receiver."""

import asyncio
import secrets
import time
from collections.abc import Callable, Hashable, Sequence

import stamina.instrumentation

from schemas.topics import INCIDENTS
from sinks.clock import now_ms
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
from streams.until import until_signal

_TICK = 1.0


class NotTaken(OperatorError):
    """Mend the receiver, or its table in the file, as the message says."""


async def carry(receivers: Sequence[Receiver], settings: Settings, cluster: Cluster) -> None:
    """Until SIGTERM or Ctrl-C. Raises CannotListen."""
    # What is tried again is counted and logged here, by the name of the receiver.
    stamina.instrumentation.set_on_retry_hooks(())
    metrics = Metrics()
    liveness = Liveness(settings.stuck_seconds, time.monotonic)
    health = HealthServer(liveness, metrics)
    await health.start(settings.host, settings.port)
    topic = settings.topic(INCIDENTS)
    runner = Runner(receivers, cluster, topic, settings.prefix, metrics, now_ms)
    try:
        await until_signal(runner.run(), _watch(runner, liveness))
    finally:
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
    began = trial_incident(secrets.token_hex(4), now_ms())
    try:
        await sink.start()
        for incident in (began, resolved(began, now_ms())):
            await sink.deliver([incident], now_ms())
            say(f"{receiver.name}: {incident.status}: taken{sink.answer and f' ({sink.answer})'}")
    except SinkError as error:
        raise NotTaken(f"{receiver.name}: {error}") from None
    finally:
        await sink.stop()
