import numpy as np
import pytest

from windows.baseline import LEAST_EXPECTED, Level
from windows.slots import Floats, SlotTable


def start(shape: float, exposure: float, n: int = 1) -> Level:
    table = SlotTable()
    level = Level(table)
    level.start(table.add(n), shape, exposure)
    return level


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def follow(level: Level, count: float, season: float, half_life: float) -> None:
    seasons = floats(season)
    level.follow(floats(count), level.expected(seasons), seasons, half_life)


def learn(level: Level, count: float, season: float, phi: float, walk: float) -> None:
    seasons = floats(season)
    level.learn(floats(count), level.expected(seasons), seasons, floats(phi), walk)


def test_young_level_is_the_gamma_poisson_posterior_mean() -> None:
    left, right = start(2, 10), start(2, 10)
    rng = np.random.default_rng(1)
    events, exposure = 2.0, 10.0
    for _ in range(200):
        count, season = float(rng.poisson(0.7)), float(rng.uniform(0.3, 2))
        follow(left, count, season, 1e9)
        learn(right, count, season, 0, 0)
        events += count
        exposure += season
        for level in (left, right):
            assert level.rate[0] == pytest.approx(events / exposure, rel=1e-4)
    assert left.uncertainty()[0] == pytest.approx(1 / events, rel=1e-4)
    assert left.mean()[0] == pytest.approx(events / exposure, rel=1e-4)


def test_a_first_day_forgets_with_its_half_life() -> None:
    level = start(1, 1e6)
    level.rate[:] = 8
    for _ in range(100):
        follow(level, 0, 1, 100)
    assert level.rate[0] == pytest.approx(4, rel=1e-3)


def test_level_is_a_random_walk_seen_through_nb_counts() -> None:
    level = start(2, 10)
    events, exposure, rate, phi, walk = 2.0, 10.0, 0.2, 0.3, 0.001
    for step in range(300):
        count, season = float(step % 4), 0.5 + step % 3
        trust = 1 / (1 + phi * rate * season)
        kept = 1 / (1 + walk * events)
        events, exposure = events * kept + count * trust, exposure * kept + season * trust
        rate += trust * (count - rate * season) / exposure
        learn(level, count, season, phi, walk)
        assert level.rate[0] == pytest.approx(rate, rel=1e-3)
        assert level.uncertainty()[0] == pytest.approx(1 / events, rel=1e-3)


def test_a_busy_level_follows_sooner_than_a_quiet_one() -> None:
    levels = [start(1, 1 / rate) for rate in (0.05, 5)]
    rose = []
    for level, rate in zip(levels, (0.05, 5), strict=True):
        for _ in range(20_000):
            learn(level, rate, 1, 0.1, 1e-5)
        for _ in range(200):
            learn(level, 2 * rate, 1, 0.1, 1e-5)
        rose.append(level.rate[0] / rate - 1)
    assert rose[1] > 3 * rose[0] > 0


def test_expected_has_a_floor() -> None:
    level = start(1, 1e9)
    assert level.expected(floats(1))[0] == pytest.approx(LEAST_EXPECTED)


def test_rescaling_and_the_season_cancel() -> None:
    level = start(3, 4)
    before = level.expected(floats(1.5))
    level.rescale(3)
    assert level.expected(floats(0.5)) == pytest.approx(before)


def test_relearning_is_faster_and_less_certain() -> None:
    level = start(1, 1, n=2)
    for _ in range(3000):
        seasons = floats(1, 1)
        level.follow(floats(1, 1), level.expected(seasons), seasons, 1e4)
    level.relearn(np.array([1]), 100)
    assert level.uncertainty()[1] > 20 * level.uncertainty()[0]
    for _ in range(50):
        seasons = floats(1, 1)
        level.follow(floats(3, 3), level.expected(seasons), seasons, 1e4)
    assert level.rate[0] < 1.1
    assert level.rate[1] > 1.5


def test_of_two_levels_their_sum_is_known() -> None:
    table = SlotTable()
    level = Level(table)
    level.start(table.add(2), 3, 10)
    level.start(np.array([1]), 6, 10)
    level.merge(0, 1)
    table.merge(0, 1, 1 / 3)
    assert level.rate[0] == pytest.approx(0.9)
    assert level.uncertainty()[0] == pytest.approx(1 / 9)
    assert level.mean()[0] == pytest.approx(0.9)
