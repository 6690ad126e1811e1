import numpy as np
import pytest

from windows.firstday import FirstDay
from windows.slots import Floats


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def test_shape_is_each_hour_against_the_mean_levels_of_those_alive_in_it() -> None:
    first = FirstDay(1440)
    # Two clusters of level 10; the second is born at noon. The day is twice as busy at 18-24.
    for hour in range(24):
        per_minute = 10.0 * (2 if hour >= 18 else 1) * (2 if hour >= 12 else 1)
        over = first.close_hour(hour, floats(per_minute * 60), 60 * (hour + 1))
        assert over == (hour == 23)
    shape = first.shape(floats(10, 10), floats(1440, 720))
    assert shape[20] / shape[3] == pytest.approx(2, rel=0.02)
    assert shape[14] / shape[3] == pytest.approx(1, rel=0.02)
    assert shape.mean() == pytest.approx(1)


def test_season_lived_sums_the_shape_over_the_life_of_a_cluster() -> None:
    first = FirstDay(1440)
    for hour in range(24):
        first.close_hour(hour, floats(0), 60 * (hour + 1))
    shape = np.arange(24.0)
    assert first.season_lived(shape, floats(90, 0, 1440)) == pytest.approx(
        [60 * 23 + 30 * 22, 0, 60 * 276]
    )


def test_a_day_without_complaints_has_no_shape() -> None:
    first = FirstDay(1440)
    for hour in range(24):
        first.close_hour(hour, floats(), 60 * (hour + 1))
    assert first.shape(floats(), floats()).tolist() == [1] * 24
