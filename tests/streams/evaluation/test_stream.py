import re
from collections.abc import Sequence

import pytest

from streams.evaluation import side_by_side, stream
from streams.evaluation.stream_figures import Judged
from streams.simulation import BadScenario, Scenario
from tests.streams.evaluation.test_stream_figures import found_late

TINY = Scenario(seed=12, hours=0.5, products=1, rate=40.0, incidents=1)


def test_a_simulation_is_judged_and_repeats() -> None:
    judged = stream.judge(TINY)
    assert judged.score.injected == 1
    assert judged == stream.judge(TINY)
    assert (len(judged.themes), len(judged.clusters)) == (1, 1)
    assert judged.clusters[0] > 0


@pytest.mark.slow
def test_the_scenario_has_as_many_live_themes_as_the_goal_asks_for() -> None:
    small = Scenario(seed=1, hours=1.0, products=2, rate=stream.SETTLED.rate)
    assert min(stream.judge(small).themes) >= 40


def test_seeds_of_the_settled_stream_come_before_those_of_the_first_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Scenario] = []

    def judge(scenario: Scenario) -> Judged:
        asked.append(scenario)
        return Judged(found_late(), (50, 50), (100, 100))

    monkeypatch.setattr(stream, "judge", judge)
    monkeypatch.setattr(side_by_side, "cpu_count", lambda: 1)
    said: list[str] = []
    rows = stream.evaluate((4, 5), report=said.append)
    assert [(one.seed, one.history_days) for one in asked] == [(4, 2), (5, 2), (4, 0), (5, 0)]
    assert len(said) == 4
    goals = {row.data: [r.goal for r in rows if r.data == row.data] for row in rows}
    settled, first_day = goals
    assert re.match(r"2 d of history, 12 h .*, seeds 4, 5$", settled)
    assert first_day.startswith("a first day")
    assert any(goals[settled])
    assert not any(goals[first_day])


@pytest.mark.slow
def test_processes_give_the_figures_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def rows(cores: int) -> Sequence[object]:
        monkeypatch.setattr(side_by_side, "cpu_count", lambda: cores)
        monkeypatch.setattr(stream, "QUICK", TINY)
        return [tuple(map(str, row)) for row in stream.evaluate((3,), quick=True)]

    assert rows(1) == rows(2)


def test_an_impossible_seed_is_named() -> None:
    with pytest.raises(BadScenario, match="seed"):
        stream.evaluate((2**32,))
