"""How fast history is replayed, beside the live worker and beside reading alone."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from streams.replay.account import read_account
from tests.bench.peers_env import make_environment, run_peer
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.runs import MeasuredRun, Spent
from tests.bench.traffic import Traffic

_EVENTS = 1_000_000
_PARTITIONS = 4
_TOPIC = "feedback.app"
_NOVEL = 0.1
_WORKER = "Groundswell worker"
_FLOOR = "confluent consume(1000) + orjson"
_REPLAY = "Groundswell replay, {} process{}"
_ROOT = Path(__file__).parents[2]


def run(bench: Bench) -> list[Result]:
    """Events a second of each, over the same log."""
    make_environment()
    rounds = 1 if bench.quick else 3
    count = bench.count(_EVENTS, _EVENTS // 4)
    spent: dict[str, list[Spent]] = {}
    for n in range(rounds):
        bench.say(f"replay: {count:,} events, round {n + 1} of {rounds}")
        for name, found in _round(bench, count).items():
            spent.setdefault(name, []).append(found)
    wall = {name: median(s.wall_s for s in found) for name, found in spent.items()}
    cpu = {name: median(s.us_per_event for s in found) for name, found in spent.items()}
    rows: list[dict[str, Value]] = [
        {
            "contestant": name,
            "wall s": wall[name],
            "events/s": round(count / wall[name]),
            "x worker": wall[_WORKER] / wall[name],
            "x reading alone": wall[_FLOOR] / wall[name],
            "CPU us/event": cpu[name],
        }
        for name in spent
    ]
    goals = [
        Goal(f"{name}: time / time of the worker", wall[name] / wall[_WORKER], 1.0)
        for name in spent
        if name not in (_WORKER, _FLOOR)
    ]
    return [Result(f"Replay of {count:,} events", rows, goals)]


def _round(bench: Bench, count: int) -> dict[str, Spent]:
    traffic = Traffic(bench.seed, novel=_NOVEL)
    with MeasuredRun(bench.bootstrap, topics=(_TOPIC,), inputs=_PARTITIONS) as run:
        run.feeder.write(traffic.messages(count))
        found = {
            _FLOOR: run_peer("confluent_count", bench.bootstrap, run.topics[0], _PARTITIONS, count)
        }
        found[_WORKER] = run.measure()
        for processes in (1, 2):
            name = _REPLAY.format(processes, "es"[: 2 * (processes > 1)])
            found[name] = _replayed(bench.bootstrap, run.prefix, processes, count)
    return found


def _replayed(bootstrap: str, prefix: str, processes: int, count: int) -> Spent:
    """The whole command, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "streams", "replay", "--out", folder]
        command += ["--bootstrap", bootstrap, "--prefix", prefix, "--processes", str(processes)]
        command += ["--from", "2000-01-02", "--to", "2099-12-30"]
        began, before = time.perf_counter(), _cpu()
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        cpu, wall = _cpu() - before, time.perf_counter() - began
        account = read_account(Path(folder))
        if account is None:
            raise RuntimeError(f"the replay failed: {done.stderr}")
    counters = account.counters
    if counters.accepted + counters.duplicates != count:
        raise RuntimeError(f"{count} written, {counters} accounted for")
    return Spent(cpu, wall, count)


def _cpu() -> float:
    """Of all processes that were waited for, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
