"""How well the slice behind a change is named, and how well it is known that there is none."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from streams.evaluation.row import Row
from streams.evaluation.slice_baselines import Answer, adtributor, association_rules
from streams.evaluation.slice_cases import VARIANTS, Case, cases, read
from streams.evaluation.slice_world import World
from streams.explanation import explain_records

TASK = "slices"
SEED = 20_261_205
"""Chose no parameter."""
CASES = 400
VARIANT_CASES = 80
QUICK_CASES = 40
TIMED = World(
    attributes=(6, 6),
    cards=(10, 40),
    combinations=5_000,
    before=(10, 10),
    after=(3, 3),
    traffic=(200_000, 200_000),
)
"""About 5,000 combinations, seen in 13 minutes."""
GOALS = {1: 0.75, 3: 0.88, 5: 0.98}
ABSTENTION_GOAL = 0.9
MILLISECONDS_GOAL = 200.0

_BASELINES = {"Adtributor": adtributor, "association rules": association_rules}


@dataclass
class Judged:
    """What was said about some cases. A cause is found if a slice has exactly its attributes."""

    ranks: list[int] = field(default_factory=list)
    """Per case with a cause: the place of the first of its causes, counted from 1; 99 if none."""
    abstained: list[bool] = field(default_factory=list)
    """Per case with a cause."""
    outside: list[bool] = field(default_factory=list)
    """Per case without one: whether it abstained."""
    baselines: dict[str, list[int]] = field(default_factory=lambda: {n: [] for n in _BASELINES})

    def top(self, places: int) -> float:
        """Share of the causes found; the first place counts only if it was named."""
        pairs = zip(self.ranks, self.abstained, strict=True)
        return _mean(rank <= places and not (places == 1 and none) for rank, none in pairs)

    @property
    def precision(self) -> float:
        """Of the abstentions, those without a cause among the attributes."""
        said = sum(self.abstained) + sum(self.outside)
        return sum(self.outside) / said if said else float("nan")

    @property
    def recall(self) -> float:
        """Of the cases without a cause, those abstained from."""
        return _mean(self.outside)

    @property
    def f1(self) -> float:
        """Of abstention."""
        wrong = sum(self.abstained) + len(self.outside) - sum(self.outside)
        return 2 * sum(self.outside) / (2 * sum(self.outside) + wrong) if self.outside else np.nan


def judge(some: Iterable[Case], *, baselines: bool = True) -> dict[str, Judged]:
    """Judge what is said about cases: all of them, and by kind, kind and scenario."""
    judged: dict[str, Judged] = {}
    for case in some:
        forecast, found = explain_records(case.attributes, case.records, case.onset)
        rank = _rank([one.attributes for one in found.candidates], case)
        others = (
            {
                name: _rank(say(case.attributes, forecast.rows), case)
                for name, say in _BASELINES.items()
            }
            if baselines and case.causes
            else {}
        )
        for name in ("all", case.kind, f"{case.kind}, {case.scenario}"):
            group = judged.setdefault(name, Judged())
            if not case.causes:
                group.outside.append(found.abstained)
                continue
            group.ranks.append(rank)
            group.abstained.append(found.abstained)
            for baseline, place in others.items():
                group.baselines[baseline].append(place)
    return judged


def evaluate(
    data: Path | None, seeds: Sequence[int] | None = None, *, quick: bool = False
) -> list[Row]:
    """Figures on made-up cases and worlds unlike them, or on the cases of a folder.

    The folder's form is that of `slice_cases`. `quick` makes up a few cases, all of one world.
    Raises BadCases, BadTable.
    """
    if data is not None:
        return _figures(str(data), judge(read(data)))
    seeds, number = tuple(seeds or (SEED,)), QUICK_CASES if quick else CASES
    made = f"{number} made-up cases, seed {', '.join(map(str, seeds))}"
    rows = _figures(made, judge(case for seed in seeds for case in cases(seed, number)))
    for n, (name, world) in enumerate(() if quick else VARIANTS.items(), 1):
        seed = seeds[0] + n
        all_of_it = judge(cases(seed, VARIANT_CASES, world), baselines=False)["all"]
        where = f"{VARIANT_CASES} of the world '{name}', seed {seed}"
        rows.append(Row(TASK, where, "top-1", all_of_it.top(1), None, True, ""))
        rows.append(Row(TASK, where, "abstention F1", all_of_it.f1, None, True, ""))
    long = next(iter(cases(seeds[0], 1, TIMED)))
    combinations = len(np.unique(long.records.places))
    where = f"{combinations:,} combinations of 6 attributes, {len(long.records.times):,} rows"
    value = milliseconds(long)
    rows.append(Row(TASK, where, "ms a case", value, MILLISECONDS_GOAL, False, ""))
    return rows


def milliseconds(case: Case) -> float:
    """CPU time to forecast and explain a case: the least of three runs."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        explain_records(case.attributes, case.records, case.onset)
        taken.append(time.process_time() - start)
    return 1000 * min(taken)


def _figures(where: str, judged: dict[str, Judged]) -> list[Row]:
    rows = []
    for name, group in judged.items():
        part = where if name == "all" else f"{where}: {name}"
        whole = name == "all" or ", " not in name
        if group.ranks:
            places = GOALS if whole else (1, 3)
            rows += [
                Row(
                    TASK,
                    part,
                    f"top-{k}",
                    group.top(k),
                    GOALS[k] if whole else None,
                    True,
                    _others(group, k),
                )
                for k in places
            ]
        if whole and group.outside:
            rows += [
                Row(TASK, part, "abstention precision", group.precision, None, True, ""),
                Row(TASK, part, "abstention recall", group.recall, None, True, ""),
                Row(
                    TASK,
                    part,
                    "abstention F1",
                    group.f1,
                    ABSTENTION_GOAL,
                    True,
                    "PSqueeze .90, published",
                ),
            ]
        elif group.outside:
            rows.append(Row(TASK, part, "abstained, rightly", group.recall, None, True, ""))
    return rows


def _others(group: Judged, places: int) -> str:
    return ", ".join(
        f"{name} {_mean(rank <= places for rank in ranks):.3f}"
        for name, ranks in group.baselines.items()
        if ranks
    )


def _rank(answers: list[Answer], case: Case) -> int:
    return next((n for n, one in enumerate(answers, 1) if one in case.causes), 99)


def _mean(of: Iterable[bool]) -> float:
    flags = list(of)
    return sum(flags) / len(flags) if flags else float("nan")
