"""The whole stream: incidents hidden in a simulation, found by production's agents."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import active_children, get_context
from os import cpu_count

from streams.errors import OperatorError
from streams.evaluation.rehearsal import rehearse
from streams.evaluation.row import Row
from streams.evaluation.stream_figures import Judged, figures
from streams.simulation import Scenario, simulate
from streams.simulation.scoring import score
from streams.simulation.truth import Truth

TASK = "stream"
SEEDS = tuple(range(900, 910))
"""Chose no parameter."""
SETTLED = Scenario(hours=12.0, products=2, rate=150.0, history_days=2, incidents=16)
QUICK_SEEDS = (1,)
"""Shows that it runs; parameters were chosen on it."""
QUICK = Scenario(hours=3.0, products=2, rate=60.0, history_days=1, incidents=4)


class Stopped(OperatorError):
    """A process was ended from outside, as for want of memory: make room, and run it again."""


def evaluate(
    seeds: Sequence[int] | None = None,
    *,
    quick: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> list[Row]:
    """Figures beside their goals after days of history, and without goals for a first day.

    Seeds run side by side, one on each core; `report` is told how many are done. `quick` is a
    smaller scenario. Raises BadScenario, Stopped.
    """
    seeds = tuple(seeds or (QUICK_SEEDS if quick else SEEDS))
    settled = QUICK if quick else SETTLED
    scenarios = (settled, replace(settled, history_days=0))
    jobs = [replace(scenario, seed=seed) for scenario in scenarios for seed in seeds]
    judged = list(judge_all(jobs, report))
    return [
        *_rows(scenarios[0], seeds, judged[: len(seeds)]),
        *_rows(scenarios[1], seeds, judged[len(seeds) :]),
    ]


def judge(scenario: Scenario) -> Judged:
    """Simulate, run and score one scenario."""
    simulation = simulate(scenario)
    found = rehearse(simulation)
    truth = simulation.truth
    kept = tuple(found.clusters.get(product, 0) for product in truth.products)
    return Judged(score(found.revisions, truth), _themes(truth), kept)


def judge_all(jobs: Sequence[Scenario], report: Callable[[str], None]) -> Iterator[Judged]:
    """In the order of `jobs`, on as many processes as there are cores. Raises Stopped."""
    workers = min(cpu_count() or 1, len(jobs))
    if workers == 1:
        for done, job in enumerate(jobs):
            report(_progress(done, jobs))
            yield judge(job)
        return
    report(_progress(0, jobs))
    with ProcessPoolExecutor(
        workers, get_context("spawn"), signal.signal, (signal.SIGINT, signal.SIG_IGN)
    ) as pool:
        running = [pool.submit(judge, job) for job in jobs]
        try:
            for done, one in enumerate(as_completed(running), 1):
                one.result()
                report(_progress(done, jobs))
        except BrokenProcessPool:
            raise Stopped(
                f"{TASK}: a process was ended from outside: make room in memory for {workers}"
            ) from None
        except BaseException:
            # Whoever interrupts does not wait for the simulations that have begun.
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                child.terminate()
            raise
        yield from (one.result() for one in running)


def _progress(done: int, jobs: Sequence[Scenario]) -> str:
    return f"{TASK}: {done} of {len(jobs)} simulations done"


def _themes(truth: Truth) -> tuple[int, ...]:
    live = Counter(theme.product for theme in truth.themes if theme.events)
    return tuple(live[product] for product in truth.products)


def _rows(scenario: Scenario, seeds: Sequence[int], judged: Sequence[Judged]) -> list[Row]:
    past = f"{scenario.history_days} d of history" if scenario.history_days else "a first day"
    data = (
        f"{past}, {scenario.hours:g} h scored, {scenario.products} products,"
        f" {scenario.rate:g} events/min, seeds {', '.join(map(str, seeds))}"
    )
    return [
        Row(
            TASK,
            data,
            one.measure,
            one.value,
            one.goal if scenario.history_days else None,
            one.higher_is_better,
            "",
            one.counted,
        )
        for one in figures(judged)
    ]
