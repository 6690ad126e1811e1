import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom

from windows.slots import Floats
from windows.tails import MOST_SURPRISE, tail_surprise


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


@settings(max_examples=60)
@given(st.integers(4, 400), st.floats(0.01, 100), st.floats(0.01, 2))
def test_surprise_is_the_negative_binomial_tail_or_nothing(x: int, m: float, phi: float) -> None:
    k = 1 / phi
    exact = -nbinom.logsf(x - 1, k, k / (m + k)) / np.log(10)
    surprise = tail_surprise(floats(x), floats(m), floats(phi))[0]
    if surprise > 0:
        assert surprise == pytest.approx(min(exact, MOST_SURPRISE), rel=1e-3, abs=1e-3)
    else:
        # What the screen drops is far from the alarm threshold of 5.
        assert exact < 2.5


def test_two_complaints_never_surprise() -> None:
    means = np.geomspace(1e-4, 3, 50).astype(np.float32)
    for phi in (0.003, 0.1, 3.0):
        assert not tail_surprise(
            np.full(50, 2, np.float32), means, np.full(50, phi, np.float32)
        ).any()
    assert tail_surprise(floats(3), floats(1e-4), floats(0.1))[0] > 5


def test_surprise_is_capped_where_float64_ends() -> None:
    assert tail_surprise(floats(1e5), floats(0.01), floats(0.01))[0] == MOST_SURPRISE


def test_more_complaints_surprise_more() -> None:
    counts = np.arange(10, 300, dtype=np.float32)
    surprise = tail_surprise(counts, np.full(290, 5, np.float32), np.full(290, 0.2, np.float32))
    assert (np.diff(surprise) >= 0).all()
