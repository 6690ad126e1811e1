"""A bank's assistant as an operator starts it: topics, gateway and worker, for the bench."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import msgspec
import psutil

from sinks.cluster import Cluster
from streams.admin import TopicAdmin
from streams.broker.machine import free_port
from tests.bench.beside import is_ready, started
from tests.bench.customers import Town
from tests.bench.results import Bench
from tests.bench.turn_load import Phase, Plan, Report

_ROOT = Path(__file__).parents[2]
_BEGINS_S = 2.5
"""For the customers to be there."""
_SPARE_S = 120.0


def cpu_s(process: psutil.Process) -> float:
    """User and system, of all its threads."""
    times = process.cpu_times()
    return float(times.user + times.system)


@dataclass
class Stack:
    """What runs; `worker` and `gateway` are its processes."""

    bench: Bench
    town: Town
    prefix: str
    environ: Mapping[str, str]
    stack: ExitStack
    url: str = ""
    processes: dict[str, psutil.Process] = field(default_factory=dict)

    def start_worker(self) -> None:
        """One worker."""
        port = free_port()
        words = ["assistant", "worker", "--port", str(port)]
        self._start("worker", [*words, "--log-level", "warning"], port)

    def start_gateway(self) -> None:
        """One gateway."""
        port, health = free_port(), free_port()
        words = ["gateway", "--port", str(port), "--reply-partition", "0"]
        more = {"GROUNDSWELL_GATEWAY_HEALTH_PORT": str(health)}
        self._start("gateway", [*words, "--log-level", "warning"], health, more)
        self.url = f"http://127.0.0.1:{port}/v1/turns"

    def _start(
        self, name: str, words: list[str], health: int, more: Mapping[str, str] | None = None
    ) -> None:
        cluster = ["--bootstrap", self.bench.bootstrap, "--prefix", self.prefix]
        environ = {**self.town.environ, **self.environ, **(more or {})}
        environ["GROUNDSWELL_HOME"] = str(self.bench.home / "groundswell")
        file = self.bench.home / f"{self.prefix}{name}.log"
        command = ["-m", "streams", *words, *cluster]
        pid = self.stack.enter_context(started(file, command, environ, lambda: is_ready(health)))
        self.processes[name] = psutil.Process(pid)

    def asked(self, *phases: Phase) -> "Asked":
        """Let the customers ask, one phase after the other."""
        return asked(self.town, self.url, self.bench.seed, phases, self.processes)


@dataclass(frozen=True)
class Asked:
    """What came of it; `cpu`: seconds of each process while they asked, `wall_s` how long."""

    report: Report
    cpu: Mapping[str, float]
    wall_s: float


@contextmanager
def asking(
    town: Town, url: str, seed: int, phases: tuple[Phase, ...]
) -> Iterator["subprocess.Popen[bytes]"]:
    """The process of the customers, who begin a moment later; it ends by itself."""
    plan = Plan(url, str(town.tokens), seed, list(phases), time.time() + _BEGINS_S)
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.turn_load"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=_ROOT,
    )
    try:
        assert running.stdin is not None
        running.stdin.write(msgspec.json.encode(plan))
        running.stdin.close()
        running.stdin = None
        yield running
    finally:
        running.kill()
        running.wait()


def asked(
    town: Town,
    url: str,
    seed: int,
    phases: tuple[Phase, ...],
    processes: Mapping[str, psutil.Process],
) -> Asked:
    """Let the customers ask at an address, and see what that costs processes."""
    with asking(town, url, seed, phases) as running:
        time.sleep(_BEGINS_S)
        before, began = {name: cpu_s(one) for name, one in processes.items()}, time.monotonic()
        patience = sum(phase.seconds for phase in phases) + _SPARE_S
        out, _ = running.communicate(timeout=patience)
        wall_s = time.monotonic() - began
    if running.returncode:
        raise RuntimeError("the customers failed")
    cpu = {name: cpu_s(one) - before[name] for name, one in processes.items()}
    return Asked(msgspec.json.decode(out, type=Report), cpu, wall_s)


@contextmanager
def opened(
    bench: Bench, town: Town, environ: Mapping[str, str] | None = None, *, ready: bool = True
) -> Iterator[Stack]:
    """Topics under a prefix of their own; with gateway and worker if `ready`."""
    prefix = f"turns-{uuid4().hex[:8]}-"
    admin = TopicAdmin(Cluster(bench.bootstrap), prefix)
    with ExitStack() as stack:
        stack.callback(admin.delete)
        admin.create()
        made = Stack(bench, town, prefix, environ or {}, stack)
        if ready:
            made.start_worker()
            made.start_gateway()
        yield made
