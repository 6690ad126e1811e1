from pathlib import Path

import pytest

from streams.evaluation.slice_cases import VARIANTS, cases, write
from streams.evaluation.slices import GOALS, TIMED, Judged, evaluate, judge, milliseconds

SEED = 90_210


def test_figures_are_those_of_a_count_by_hand() -> None:
    judged = Judged(
        ranks=[1, 1, 2, 4, 99], abstained=[False, True, False, False, True], outside=[True, False]
    )
    assert [judged.top(places) for places in (1, 3, 5)] == [0.2, 0.6, 0.8]
    assert judged.precision == pytest.approx(1 / 3)
    assert judged.recall == pytest.approx(1 / 2)
    assert judged.f1 == pytest.approx(2 * 1 / 3 * 1 / 2 / (1 / 3 + 1 / 2))


def test_quality_on_seeds_that_chose_nothing() -> None:
    judged = judge(cases(SEED, 100), baselines=False)
    for places, goal in GOALS.items():
        assert judged["all"].top(places) >= goal
    assert judged["all"].f1 >= 0.9
    for kind in ("ratio", "count"):
        assert judged[kind].top(3) >= 0.9


@pytest.mark.parametrize("name", VARIANTS)
def test_no_other_world_breaks_it(name: str) -> None:
    judged = judge(cases(SEED, 20, VARIANTS[name]), baselines=False)["all"]
    assert judged.top(5) >= 0.8
    assert judged.f1 >= 0.6


@pytest.mark.slow
def test_a_folder_is_measured_like_what_wrote_it(tmp_path: Path) -> None:
    write(tmp_path, SEED, 20)
    judged = judge(cases(SEED, 20))["all"]
    rows = {row.measure: row for row in evaluate(tmp_path) if row.data == str(tmp_path)}
    assert rows["top-1"].value == judged.top(1)
    assert rows["abstention F1"].value == judged.f1
    assert rows["top-1"].goal == 0.75
    assert "Adtributor" in rows["top-1"].alternative


@pytest.mark.slow
def test_quick_makes_a_few_cases_of_the_seeds_asked_for() -> None:
    rows = evaluate(None, (SEED, SEED + 1), quick=True)
    assert rows[0].data == f"40 made-up cases, seed {SEED}, {SEED + 1}"
    assert not any("world" in row.data for row in rows)


def test_five_thousand_combinations_stay_within_the_budget() -> None:
    assert milliseconds(next(iter(cases(SEED, 1, TIMED)))) < 200
