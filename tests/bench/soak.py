"""Ten million events through one worker: does its memory grow, do its state topics?"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import psutil

from schemas.topics import CHANGES, DETECT_STATE, INTAKE_STATE
from streams.broker.machine import disk_bytes
from streams.broker.properties import DATA
from tests.bench.results import Bench, Goal, Result, Value
from tests.bench.runs import MeasuredRun
from tests.bench.traffic import Traffic

_EVENTS = 10_000_000
_NOVEL = 0.1
_AHEAD = 400_000
"""Events written and not yet accounted for: a minute stays open for 70,000 of them."""
_FORGET = 1_000_000
_GOAL = 1.1


class _Watch:
    """Samples the worker once a second and keeps a row for every tenth of the input."""

    def __init__(self, bench: Bench, run: MeasuredRun, process: psutil.Process, count: int) -> None:
        self._bench = bench
        self._run = run
        self._process = process
        self._tenth = count // 10
        self._next_sample = 0.0
        self._forgotten = 0
        self.accounted = 0
        self.samples: list[tuple[int, int]] = []
        self.rows: list[dict[str, Value]] = []

    def look(self) -> None:
        """Take a sample if one is due."""
        if time.monotonic() < self._next_sample:
            return
        self._next_sample = time.monotonic() + 1.0
        self.accounted = self._run.accounted()
        self.samples.append((self.accounted, self._process.memory_info().rss))
        if self.accounted >= self._tenth * (len(self.rows) + 1):
            self._keep()
        if self.accounted - self._forgotten >= _FORGET:
            self._forgotten = self.accounted
            self._run.forget_read()

    def _keep(self) -> None:
        row: dict[str, Value] = {
            "events": self.accounted,
            "resident MB": self.samples[-1][1] / 1e6,
        }
        for name in (INTAKE_STATE, DETECT_STATE):
            folders = (self._bench.home / DATA).glob(f"{self._run.prefix}{name}-*")
            row[f"{name} MB on disk"] = sum(map(disk_bytes, folders)) / 1e6
        self.rows.append(row)
        self._bench.say(f"soak: {self.accounted:,} events, {row['resident MB']:.0f} MB resident")

    def growth(self) -> float:
        """The most memory after the first tenth, as a multiple of that at its end."""
        base = next(rss for events, rss in self.samples if events >= self._tenth)
        return max(rss for events, rss in self.samples if events >= self._tenth) / base


def run(bench: Bench) -> list[Result]:
    """Resident memory and disk by events; the goal is about memory after the first tenth."""
    count = bench.count(_EVENTS, _EVENTS // 10)
    stop = Event()
    with MeasuredRun(bench.bootstrap) as run, ThreadPoolExecutor(1) as pool:
        # A topic that stays silent would make detect wait, and keep, until the end.
        run.player.end([CHANGES])
        watch = _Watch(bench, run, run.begin(), count)
        feeding = pool.submit(_feed, bench, run, watch, count, stop)
        try:
            for _ in run.revisions(watch.look):
                pass
        finally:
            stop.set()
        feeding.result()
        spent = run.finish()
    if run.accounted() != count:
        raise RuntimeError(f"{count} written, {run.accounted()} accounted for")
    title = f"Soak: {count:,} events, {count / spent.wall_s:,.0f} a second"
    goal = Goal("resident after the first tenth / at its end", watch.growth(), _GOAL)
    return [Result(title, watch.rows, [goal])]


def _feed(bench: Bench, run: MeasuredRun, watch: _Watch, count: int, stop: Event) -> None:
    """Write a little ahead of the worker, so that the disk holds little."""
    feeder = run.feeder

    def hold_back(_: int) -> None:
        while feeder.written - watch.accounted > _AHEAD and not stop.wait(0.05):
            pass

    feeder.write(Traffic(bench.seed, novel=_NOVEL).messages(count), hold_back)
    run.player.end()
