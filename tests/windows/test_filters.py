import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.filters import SelfCalibration, TwoStateFilter, effective
from windows.slots import Floats, SlotTable


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def start(kappa: float = 5, bin_minutes: int = 1, n: int = 1) -> TwoStateFilter:
    table = SlotTable()
    two_state = TwoStateFilter(table, kappa, bin_minutes)
    table.add(n)
    return two_state


def scalar(odds: float, x: float, mu: float, phi: float, kappa: float, bin_minutes: int) -> float:
    """Formula 5.3 in float64, term by term."""
    mu = max(mu, 0.001 * bin_minutes)
    p01, p10 = bin_minutes / 2880, bin_minutes / 60
    k = 1 / phi
    m1 = kappa * mu + 0.02 * bin_minutes
    llr = x * (math.log(m1 / (m1 + k)) - math.log(mu / (mu + k))) + k * math.log(
        (mu + k) / (m1 + k)
    )
    e = math.exp(min(odds, 50))
    prior = math.log((p01 + e * (1 - p10)) / ((1 - p01) + e * p10))
    return min(max(prior + llr, -12), 1e4)


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=12),
    st.floats(1e-4, 20),
    st.floats(0.003, 3),
    st.sampled_from([3.0, 5.0]),
    st.sampled_from([1, 5]),
)
def test_filter_is_the_formula(
    counts: list[int], mu: float, phi: float, kappa: float, bin_minutes: int
) -> None:
    two_state = start(kappa, bin_minutes)
    expected = -8.0
    for count in counts:
        expected = scalar(expected, count, mu, phi, kappa, bin_minutes)
        odds = two_state.forward(floats(count), floats(mu), floats(phi))
        assert odds[0] == pytest.approx(expected, rel=1e-3, abs=2e-3)
        two_state.learn(odds)
        # The reference goes on from the float32 value, or 12 steps of rounding add up.
        expected = float(odds[0])


def test_forward_keeps_nothing() -> None:
    two_state = start()
    before = two_state.odds.copy()
    two_state.forward(floats(9), floats(1), floats(0.1))
    assert two_state.odds.tolist() == before.tolist()


def test_an_outbreak_is_forgotten_in_an_hour_or_so() -> None:
    two_state = start()
    two_state.learn(floats(1e4))
    for _ in range(60):
        two_state.learn(two_state.forward(floats(0), floats(0.5), floats(0.1)))
    assert two_state.odds[0] < -4


def test_three_complaints_in_a_minute_do_not_alarm_in_the_quietest_cluster() -> None:
    two_state = start(n=2)
    # The threshold of the detector is Z = 3.
    odds = two_state.forward(floats(3, 5), floats(1e-4, 1e-4), floats(0.2, 0.2))
    assert odds[0] < 3 < odds[1]


def test_self_calibration_is_west_s_running_mean_and_variance() -> None:
    table = SlotTable()
    calibration = SelfCalibration(table, 100)
    table.add(1)
    gain, mean, variance = 1 - 0.5 ** (1 / 100), 0.0, 0.0
    for odds in (-8.0, 3.0, -12.0, 500.0, 20.0, -8.0):
        y = max(odds + 8, 0)
        q = (y - mean) / math.sqrt(variance + 1)
        assert calibration.unusual(floats(odds))[0] == pytest.approx(q, rel=1e-4, abs=1e-5)
        calibration.learn(floats(odds))
        delta = min(y, 68) - mean
        mean += gain * delta
        variance = (1 - gain) * (variance + gain * delta * delta)


def test_score_a_is_the_lesser_of_odds_and_unusual() -> None:
    assert effective(floats(3, 3, -12), floats(11, 1, -9)).tolist() == [15, 8, 0]
