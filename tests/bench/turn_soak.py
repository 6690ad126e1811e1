"""A hundred thousand turns: does memory grow, does the topic of the sessions?"""

import time

import msgspec

from schemas.topics import SESSIONS
from streams.broker.machine import disk_bytes
from streams.broker.properties import DATA
from tests.bench.customers import Town
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.turn_figures import answered
from tests.bench.turn_load import Phase, Report
from tests.bench.turn_stack import Stack, asking, opened

_TURNS = 100_000
_RATE = 300.0
_GOAL = 1.1
_KEPT = 1_000
"""Sessions in memory: reached in the first tenth, as a worker in use has reached its own number."""


def measure(bench: Bench, town: Town, saturating: float) -> Result:
    """Resident memory and disk by tenths; the goals are about memory after the first one."""
    rate = min(_RATE, 0.6 * saturating)
    seconds = bench.count(_TURNS, int(rate * 15)) / rate
    kept = 100 if bench.quick else _KEPT
    with opened(bench, town, {"GROUNDSWELL_ASSISTANT_SESSIONS": str(kept)}) as stack:
        stack.asked(Phase(rate, 3.0))
        plan = (Phase(rate, seconds),)
        samples: list[dict[str, Value]] = []
        with asking(town, stack.url, bench.seed, plan) as running:
            assert running.stdout is not None
            begin = time.monotonic()
            while (passed := time.monotonic() - begin) < seconds:
                samples.append(_sample(bench, stack, passed))
                time.sleep(1.0)
            report = msgspec.json.decode(running.stdout.read(), type=Report)
    turns = report.turns
    rows = [samples[n * (len(samples) - 1) // 10] for n in range(11)]
    share = 100 * len(answered(turns)) / len(turns)
    title = f"{len(turns):,} turns, {rate:.0f} a second, {share:.2f} % answered"
    goals = [
        Goal(f"{name}: the most after a tenth / then", _growth(samples, f"{name} MB"), _GOAL)
        for name in ("worker", "gateway")
    ]
    return Result(title, rows, goals)


def _sample(bench: Bench, stack: Stack, passed: float) -> dict[str, Value]:
    row: dict[str, Value] = {"after s": passed}
    for name, process in stack.processes.items():
        row[f"{name} MB"] = process.memory_info().rss / 1e6
    folders = (bench.home / DATA).glob(f"{stack.prefix}{SESSIONS}-*")
    return row | {"sessions MB on disk": sum(map(disk_bytes, folders)) / 1e6}


def _growth(samples: list[dict[str, Value]], name: str) -> float:
    """The most memory after the first tenth, as a multiple of that at its end."""
    later = [float(sample[name]) for sample in samples[len(samples) // 10 :]]
    return max(later) / later[0]
