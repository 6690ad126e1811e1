import numpy as np
import pytest

from agents.reviews.campaigns.odds import of_closeness, of_count


def test_of_count() -> None:
    assert of_count(3, 3, 0.1) == pytest.approx(3.0)
    assert of_count(1, 10, 0.2) == 0.0
    assert of_count(0, 0, 0.2) == 0.0
    assert of_count(1000, 1000, 1e-9) == pytest.approx(300.0)


def test_moments_at_random_are_not_close() -> None:
    random = np.random.default_rng(1)
    moments = random.random((400, 12))
    odds = np.array([of_closeness(some, some) for some in moments])
    assert np.mean(odds >= 2) <= 0.02
    close = np.append(0.5 + np.arange(9) / 1000, [0.1, 0.2, 0.9])
    assert of_closeness(close, close) > 10


def test_where_all_have_one_date_nobody_is_close() -> None:
    assert of_closeness(np.zeros(20), np.ones(20)) == 0.0
    assert of_closeness(np.zeros(2), np.zeros(2)) == 0.0
