import numpy as np
import numpy.typing as npt
import pytest

from windows.profiles import PooledProfile
from windows.rhythm import OwnRhythm
from windows.slots import Floats, SlotTable

PRIOR = np.diag([1.0, 0.09, 0.09, 0.0225, 0.0225, 0.09])


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def start(n: int) -> tuple[SlotTable, OwnRhythm]:
    table = SlotTable()
    own = OwnRhythm(table)
    own.start(table.add(n))
    own.anchor(np.ones(n, np.float32), np.ones(n, np.bool_))
    return table, own


def regressors(minute: float) -> npt.NDArray[np.float64]:
    a = 2 * np.pi * minute / 1440
    weekend = (minute // 1440 + 3) % 7 >= 5
    return np.array([1, np.cos(a), np.sin(a), np.cos(2 * a), np.sin(2 * a), weekend], float)


def test_it_is_an_extended_kalman_filter() -> None:
    table, own = start(1)
    rng = np.random.default_rng(1)
    weights, spread, phi = np.zeros(6), PRIOR.copy(), 0.01
    for hour in range(80):
        seen, lived = float(rng.poisson(30)), 25.0
        own.observe(floats(seen), floats(lived), floats(lived))
        own.close_hour(hour, PooledProfile(24), floats(phi))
        x = regressors(hour * 60 + 30)
        mean = np.exp(weights[0]) * lived
        variance = x @ spread @ x + 1 / mean + phi
        error = np.clip(seen / mean - 1, -3 * variance**0.5, 3 * variance**0.5)
        gains = spread @ x / variance
        weights = weights + gains * error
        spread = spread - np.outer(gains, x @ spread)
        spread[0, 0] += 0.0004
        assert table["rhythm.weights"][:, 0] == pytest.approx(weights, abs=2e-3)
    assert own.seen.tolist() == [0]


def test_it_finds_the_day_and_the_weekend_of_a_busy_cluster_and_not_of_a_quiet_one() -> None:
    table, own = start(2)
    profile, minutes = PooledProfile(168), np.arange(21 * 1440)
    truth = np.exp(0.4 * np.sin(2 * np.pi * minutes / 1440))
    truth[(minutes // 1440 + 3) % 7 >= 5] *= 0.6
    rng = np.random.default_rng(2)
    for hour, means in enumerate(truth.reshape(-1, 60)):
        # The season so far is in the means of the hour, as production has it.
        lived = 60 * own.at(hour * 60 + 30)
        seen = rng.poisson(means.mean() * 60 * np.array([2, 0.0002]))
        own.observe(seen.astype(np.float32), lived, 1e6 * lived)
        table["rhythm.seen"][1] = seen[1]
        own.close_hour(hour, profile, floats(0.001, 0.001))
    noon, night = own.at(6 * 60), own.at(18 * 60)
    assert np.log(noon[0] / night[0]) == pytest.approx(0.8, abs=0.12)
    saturday = own.at(2 * 1440 + 6 * 60)
    assert saturday[0] / noon[0] == pytest.approx(0.6, rel=0.15)
    assert abs(np.log(noon[1] / night[1])) < 0.3


def test_an_outbreak_of_an_hour_teaches_little() -> None:
    _, own = start(1)
    for hour in range(200):
        seen = 6000.0 if hour == 150 else 60.0
        own.observe(floats(seen), floats(60), floats(60))
        own.close_hour(hour, PooledProfile(24), floats(0.001))
    assert own.at(150 * 60)[0] == pytest.approx(1, abs=0.1)


def test_a_dead_cluster_does_not_shape_the_profile() -> None:
    table, own = start(2)
    table.remove([1])
    own.observe(floats(1e6, 9e6), floats(1e6, 1), floats(1e6, 1))
    profile = PooledProfile(24)
    own.close_hour(0, profile, floats(0.01, 0.01))
    assert profile.values[0] == pytest.approx(1, rel=1e-4)


def test_the_level_follows_a_rescaled_profile() -> None:
    table, own = start(1)
    own.rescale(2)
    assert table["rhythm.weights"][0, 0] == pytest.approx(np.log(2))
