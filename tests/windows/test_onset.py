import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from windows.onset import onset


def test_a_step_is_found_where_it_is() -> None:
    counts = np.array([1.0] * 50 + [20.0] * 10)
    assert onset(counts, np.ones(60)) == (50, 50)


def test_a_slow_ramp_leaves_room_for_an_earlier_start() -> None:
    counts = np.array([1.0] * 50 + [2, 2, 3, 4, 8, 12, 16, 20, 20, 20])
    estimate, earliest = onset(counts, np.ones(60))
    assert 50 <= earliest <= estimate <= 55


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_the_earliest_is_never_after_the_estimate(counts: list[int]) -> None:
    estimate, earliest = onset(np.array(counts, float), np.full(len(counts), 2.0))
    assert 0 <= earliest <= estimate < len(counts)
