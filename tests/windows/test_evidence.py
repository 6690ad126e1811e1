import math

import numpy as np
import pytest
from scipy.stats import nbinom

from windows.evidence import Evidence
from windows.slots import Floats, SlotTable


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def start(squares: list[float]) -> tuple[SlotTable, Evidence]:
    table = SlotTable()
    table.declare("age", fill=5000)
    evidence = Evidence(table, [5], 1000, 1440)
    table.add(len(squares))
    table["evidence.squares"][0] = squares
    return table, evidence


def test_evidence_is_the_lesser_of_the_model_and_the_own_history() -> None:
    counts, means, phi = (9, 14, 40, 40, 6), (2.0, 4.0, 4.0, 4.0, 0.1), 0.05
    squares = (2.2, 300.0, 5.0, 50.0, 0.1)
    _, evidence = start(list(squares))
    tails, best = evidence.judge(floats(*counts)[None], floats(*means)[None], [floats(*[phi] * 5)])
    for slot, (x, m, s) in enumerate(zip(counts, means, squares, strict=True)):
        tail = -nbinom.logsf(x - 1, 1 / phi, 1 / (1 + phi * m)) / math.log(10)
        model = tail + min(-math.log10(1 - math.exp(-3 * m / 5)), 1)
        z = (x - m) / math.sqrt(s)
        score = min(model, z + 2.5, 5.5 + z / 50)
        if x >= 10 and model >= 3:
            score = max(score, z - 4)
        assert tails[0, slot] == pytest.approx(tail, rel=1e-3)
        assert best[slot] == pytest.approx(score, rel=1e-3)
    # The own history binds in the second only, and ranks the last two.
    assert best[1] < best[0]
    assert best[2] > best[3]


def test_the_best_window_counts() -> None:
    table = SlotTable()
    table.declare("age", fill=5000)
    evidence = Evidence(table, [5, 15], 1000, 1440)
    table.add(1)
    table["evidence.squares"][:] = 1
    phi = floats(0.05)
    counts, means = floats(2, 9)[:, None], floats(1, 2)[:, None]
    tails, best = evidence.judge(counts, means, [phi, phi])
    assert tails[0, 0] == 0
    assert best[0] > tails[1, 0] > 2


def test_deviations_are_a_running_mean_of_squares_from_the_second_day_on() -> None:
    table, evidence = start([0.0])
    table["age"][:] = 1439
    evidence.learn(floats(100)[None], floats(1)[None])
    assert table["evidence.squares"][0, 0] == 0
    squares = 0.0
    for age, count in enumerate((3, 7, 5, 300), 1440):
        table["age"][:] = age
        evidence.learn(floats(count)[None], floats(5)[None])
        squares += max(1 - 0.5**0.001, 1 / (age + 1)) * ((count - 5) ** 2 - squares)
        assert table["evidence.squares"][0, 0] == pytest.approx(squares, rel=1e-4)
