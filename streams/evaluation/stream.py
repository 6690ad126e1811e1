"""The whole stream: incidents hidden in a simulation, found by production's agents."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from streams.evaluation.rehearsal import rehearse
from streams.evaluation.row import Row
from streams.evaluation.side_by_side import side_by_side
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
    judged = list(side_by_side(TASK, judge, jobs, report))
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
