import numpy as np
import pytest

from windows.slots import SlotTable
from windows.trailing import TrailingSums


def test_sums_are_the_sums_of_the_last_bins() -> None:
    table = SlotTable()
    trailing = TrailingSums(table, [5, 15, 60])
    table.add(3)
    rng = np.random.default_rng(4)
    seen: list[np.ndarray] = []
    for tick in range(400):
        values = rng.gamma(0.3, 5, 3).astype(np.float32)
        seen.append(values)
        sums = trailing.forward("counts", values, tick)
        expected = [np.sum(seen[-length:], axis=0) for length in (5, 15, 60)]
        assert sums == pytest.approx(np.array(expected), rel=1e-4, abs=1e-4)
        trailing.learn("counts", values, sums, tick)
        assert trailing.sums("counts") == pytest.approx(np.array(expected), rel=1e-4, abs=1e-4)


def test_a_large_value_leaves_no_trace_once_it_is_out_of_the_window() -> None:
    table = SlotTable()
    trailing = TrailingSums(table, [5, 60])
    table.add(1)
    for tick in range(200):
        values = np.array([1e6 if tick == 10 else 0.001], np.float32)
        trailing.learn("means", values, trailing.forward("means", values, tick), tick)
    assert trailing.sums("means")[:, 0] == pytest.approx([0.005, 0.06], rel=1e-3)
