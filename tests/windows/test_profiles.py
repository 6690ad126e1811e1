import numpy as np
import pytest

from windows.profiles import PooledProfile
from windows.slots import Floats


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def test_profile_is_linear_between_the_centres_of_the_hours() -> None:
    profile = PooledProfile(168)
    profile.values[:3] = [1, 2, 4]
    # The middle of minute 29 is half a minute before the centre of hour 0.
    assert profile.at(29) == pytest.approx(1 + (profile.values[167] - 1) * 0.5 / 60)
    assert profile.at(60) == pytest.approx(1 + 30.5 / 60)
    assert profile.at(119) == pytest.approx(2 + 2 * 29.5 / 60)
    assert profile.at(168 * 60 + 60) == pytest.approx(profile.at(60))


def test_profile_hour_moves_to_the_pooled_ratio() -> None:
    profile = PooledProfile(168)
    # (600 + 400 + 10) / (300 + 200 + 10 / 1), gain 1 on the first visit.
    first = profile.learn(5, floats(600, 400), floats(300, 200))
    assert first == pytest.approx(1010 / 510)
    second = profile.learn(168 + 5, floats(600), floats(600))
    assert second == pytest.approx((first + 610 / (600 + 10 / first)) / 2)


def test_gain_of_a_profile_hour_ends_at_a_quarter() -> None:
    profile = PooledProfile(168)
    for week in range(6):
        profile.learn(168 * week, floats(1e6), floats(1e6))
    assert profile.learn(168 * 6, floats(2e6), floats(1e6)) == pytest.approx(1.25, rel=1e-3)


def test_an_hour_not_seen_takes_the_median_of_the_same_hour_of_other_days() -> None:
    profile = PooledProfile(168)
    for day, ratio in enumerate((2, 2, 0.5)):
        profile.learn(day * 24 + 9, floats(1e6 * ratio), floats(1e6))
    assert profile.values[6 * 24 + 9] == pytest.approx(2, rel=1e-3)
    assert profile.values[2 * 24 + 9] == pytest.approx(0.5, rel=1e-3)
    assert profile.values[6 * 24 + 10] == 1


def test_profile_is_rescaled_to_mean_1_once_all_hours_are_seen() -> None:
    profile = PooledProfile(24)
    for hour in range(23):
        profile.learn(hour, floats(3e6), floats(1e6))
        assert profile.rescale() == 1
    profile.learn(23, floats(3e6), floats(1e6))
    assert profile.rescale() == pytest.approx(3, rel=1e-4)
    assert profile.values.mean() == pytest.approx(1)
