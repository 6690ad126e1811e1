import os
from collections.abc import Callable, Sequence
from typing import cast

import pytest

from streams.evaluation import side_by_side
from streams.evaluation.side_by_side import Stopped
from streams.simulation import Scenario

JOBS = [Scenario(seed=seed) for seed in (3, 1, 2)]


@pytest.mark.parametrize("cores", [1, 2])
def test_answers_come_in_the_order_of_the_jobs(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "cpu_count", lambda: cores)
    said: list[str] = []
    found = list(side_by_side.side_by_side("task", repr, JOBS, said.append))
    assert found == [repr(job) for job in JOBS]
    assert said[0] == "task: 0 of 3 simulations done"


def test_a_process_that_is_ended_is_an_operators_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "cpu_count", lambda: 2)
    leave = cast(Callable[[Scenario], None], os._exit)
    with pytest.raises(Stopped, match="memory"):
        list(side_by_side.side_by_side("task", leave, cast(Sequence[Scenario], [1, 1]), print))
