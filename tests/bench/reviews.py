"""A night of the review check, from the export to the report."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import msgspec
import psutil

from sinks.reviews.options import FILE
from tests.bench import review_costs, review_parts
from tests.bench.made_reviews import day_of, make
from tests.bench.measured_night import Measured
from tests.bench.results import Bench, Goal, Result, Value

REVIEWS, QUICK = 1_000_000, 20_000
PRICED = 100_000
"""Reviews of the night whose questions are counted."""
_PROCESSES = 2
_MOST_MS = 0.6
"""Wall clock a review: 10 minutes for a million."""
_MOST_GB = 2.0
_TICK_S = 0.1
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ran:
    """A night; `memory`: resident bytes of all its processes together, by moments."""

    folder: Path
    reviews: int
    measured: Measured
    memory: list[tuple[float, int]]

    @property
    def wall_s(self) -> float:
        """From the start of the process to its last output."""
        marks = self.measured.marks
        return marks[-1].wall_s - marks[0].wall_s

    def peak_mb(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Between two moments."""
        return max((n for at, n in self.memory if since <= at < until), default=0) / 1e6


def run(bench: Bench) -> Iterator[Result]:
    """The night by stage, the check by part, and what a language model would cost."""
    reviews = bench.count(REVIEWS, QUICK)
    priced = min(reviews, PRICED)
    ran = _ran(bench, reviews)
    yield _night(ran)
    yield review_parts.run(bench, day_of(bench.seed, reviews))
    if priced != reviews:
        ran = _ran(bench, priced)
    yield review_costs.run(bench, ran.folder, priced)


def _night(ran: Ran) -> Result:
    rows: list[dict[str, Value]] = []
    for begun, ended in pairwise(ran.measured.marks):
        own, others = ended.own_s - begun.own_s, ended.others_s - begun.others_s
        rows.append(
            {
                "stage": begun.stage,
                "wall s": ended.wall_s - begun.wall_s,
                "CPU us/review": 1e6 * (own + others) / ran.reviews,
                "of it main process": 1e6 * own / ran.reviews,
                "peak MB": round(ran.peak_mb(begun.wall_s, ended.wall_s)),
            }
        )
    rows.append(
        {
            "stage": "all",
            "wall s": ran.wall_s,
            "CPU us/review": sum(float(row["CPU us/review"]) for row in rows),
            "of it main process": sum(float(row["of it main process"]) for row in rows),
            "peak MB": round(ran.peak_mb()),
        }
    )
    goals = [
        Goal("wall clock, ms a review", 1e3 * ran.wall_s / ran.reviews, _MOST_MS),
        Goal("peak of resident memory, GB", ran.peak_mb() / 1e3, _MOST_GB),
    ]
    return Result(f"A night of {ran.reviews:,} reviews, {_PROCESSES} processes", rows, goals)


def _ran(bench: Bench, reviews: int) -> Ran:
    bench.say(f"reviews: making up {reviews:,}")
    day, folder = day_of(bench.seed, reviews), bench.home / f"reviews-{reviews}"
    file = make(folder, bench.seed, reviews)
    bench.say(f"reviews: a night of {reviews:,}")
    # A model of the user's own would be asked, and paid.
    environ = {name: value for name, value in os.environ.items() if "GROUNDSWELL_" not in name}
    command = [sys.executable, "-m", "tests.bench.measured_night", str(file), str(day.day)]
    measured, memory = _watched([*command, str(_PROCESSES)], folder / "log", environ)
    ran = Ran(folder, reviews, measured, memory)
    _account(ran)
    return ran


def _watched(
    command: list[str], log: Path, environ: Mapping[str, str]
) -> tuple[Measured, list[tuple[float, int]]]:
    memory: list[tuple[float, int]] = []
    with (
        log.open("w+") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=dict(environ),
            cwd=_ROOT,
        ) as running,
    ):
        process = psutil.Process(running.pid)
        while running.poll() is None:
            memory.append((time.perf_counter(), _resident(process)))
            time.sleep(_TICK_S)
        assert running.stdout is not None
        said = running.stdout.read()
        if running.returncode:
            errors.seek(0)
            raise RuntimeError(f"the night failed: {errors.read()[-2000:]}")
    return msgspec.json.decode(said, type=Measured), memory


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        # One has ended in between; the next look will tell.
        return 0
    return total


def _account(ran: Ran) -> None:
    """Every review has one row. Raises RuntimeError."""
    account = ran.measured.account
    with duckdb.connect(str(ran.folder / "nights" / FILE), read_only=True) as connection:
        ask = "SELECT count(*), count(DISTINCT source) FROM review_labels"
        rows = connection.execute(ask).fetchone()
    if not account.is_complete or account.read != ran.reviews or rows != (ran.reviews,) * 2:
        told = json.dumps(msgspec.to_builtins(account))
        raise RuntimeError(f"{ran.reviews} reviews made up, {rows} rows and sources; {told}")
