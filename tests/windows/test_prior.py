import numpy as np
import pytest

from windows.prior import LevelPrior

DAY = 1440


def fitted(levels: np.ndarray, product_bins: int = 30 * DAY) -> LevelPrior:
    prior = LevelPrior(1, 2)
    phis = np.full((2, levels.size), 0.5, np.float32)
    prior.fit(levels.astype(np.float32), phis, product_bins)
    return prior


def test_many_levels_give_their_moments() -> None:
    levels = np.random.default_rng(6).gamma(2, 1 / 10, 20_000)
    prior = fitted(levels)
    assert prior.shape == pytest.approx(2, rel=0.05)
    assert prior.exposure == pytest.approx(10, rel=0.05)
    assert prior.dispersion == pytest.approx([0.5, 0.5], rel=0.01)


def test_few_levels_lean_on_the_default() -> None:
    default = fitted(np.zeros(0))
    few, many = (fitted(np.tile([0.1, 0.3], n)) for n in (2, 200))
    assert default.exposure < few.exposure < many.exposure
    assert default.shape < few.shape < many.shape


def test_a_new_product_may_be_of_any_size() -> None:
    new, hour_old = fitted(np.zeros(0), 0), fitted(np.zeros(0), 60)
    assert new.shape / new.exposure > 50 * hour_old.shape / hour_old.exposure


def test_equal_levels_do_not_make_the_prior_certain() -> None:
    prior = fitted(np.full(500, 0.2))
    assert prior.shape <= 3
    assert prior.shape / prior.exposure == pytest.approx(0.2, rel=0.1)


def test_the_order_of_the_clusters_does_not_matter() -> None:
    levels = np.random.default_rng(7).lognormal(0, 2, 999)
    assert fitted(levels).shape == fitted(levels[::-1]).shape


def test_levels_are_in_bins() -> None:
    minute, five = LevelPrior(1, 1), LevelPrior(5, 1)
    for prior in (minute, five):
        prior.fit(np.zeros(0, np.float32), np.zeros((1, 0), np.float32), product_bins=10_000)
    assert five.shape / five.exposure == pytest.approx(5 * minute.shape / minute.exposure)
