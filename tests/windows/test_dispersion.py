import math

import numpy as np
import pytest

from windows.dispersion import Dispersion, winsorised
from windows.slots import Floats, SlotTable


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def start(half_life: float, pooled: float, n: int = 1) -> Dispersion:
    table = SlotTable()
    dispersion = Dispersion(table, "d", half_life)
    dispersion.start(table.add(n), pooled)
    return dispersion


def test_phi_is_a_ratio_of_running_means_shrunk_by_its_information() -> None:
    dispersion = start(50, 0.2)
    rng = np.random.default_rng(2)
    excess = square = 0.0
    phi, prior = 0.2, 0.3
    for step in range(300):
        mean = float(rng.uniform(1, 5))
        count = float(rng.negative_binomial(2, 2 / (2 + mean)))
        dispersion.learn(floats(count), floats(mean), np.array([True]), floats(prior))
        gain = max(1 - 0.5 ** (1 / 50), 1 / (step + 2))
        weight = 1 / (1 + phi * mean) ** 2
        excess += gain * (weight * ((count - mean) ** 2 - mean) - excess)
        square += gain * (weight * mean * mean - square)
        n, i = min(step + 1, 1 / (1 - 0.5 ** (1 / 50))), 2 / prior**2
        own = (n * excess + i * prior) / (n * square + i)
        phi = min(max(own, 0.0003), 3)
        assert dispersion.phi[0] == pytest.approx(phi, abs=2e-4)
        # The reference goes on from the float32 value.
        phi = float(dispersion.phi[0])


@pytest.mark.parametrize("phi", [0.05, 0.5])
def test_phi_finds_the_dispersion_of_nb_counts(phi: float) -> None:
    rng = np.random.default_rng(3)
    dispersion = start(1e5, 0.2, n=50)
    mean = np.full(50, 4, np.float32)
    for _ in range(3000):
        count = rng.negative_binomial(1 / phi, 1 / (1 + phi * mean)).astype(np.float32)
        dispersion.learn(count, mean, np.ones(50, np.bool_), dispersion.pooled)
    assert float(dispersion.phi.mean()) == pytest.approx(phi, rel=0.1)


def test_an_unsettled_cluster_learns_nothing() -> None:
    dispersion = start(50, 0.2, n=2)
    for _ in range(10):
        dispersion.learn(floats(90, 90), floats(1, 1), np.array([True, False]), floats(1, 1))
    assert dispersion.phi[0] > 0.5
    assert dispersion.phi[1] == np.float32(0.2)


def test_counts_are_cut_above_the_mean() -> None:
    cut = winsorised(floats(3, 500), floats(2, 2), floats(0.5, 0.5), 4)
    assert cut == pytest.approx([3, 2 + 4 * math.sqrt(2 + 0.5 * 4) + 1])
