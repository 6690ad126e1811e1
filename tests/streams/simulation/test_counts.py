import numpy as np
import pytest

from streams.simulation.counts import day_shape, intensity, negative_binomial, spread
from streams.simulation.scenario import DAY, DEFAULT_START_MS
from streams.simulation.themes import Rhythm

MONDAY = DEFAULT_START_MS // 60_000


def test_the_day_has_mean_one_a_low_night_and_a_high_afternoon() -> None:
    shape = day_shape()
    assert shape.mean() == pytest.approx(1)
    assert 12 * 60 < shape.argmax() < 16 * 60
    assert shape[2 * 60] < 0.4 < 1.5 < shape.max()


def test_the_mean_over_weeks_is_the_rate_and_weekends_are_lower() -> None:
    rhythm = Rhythm(rate=2.0, amplitude=0.8, weekend=0.5, phase=30.0, phi=0.1)
    minutes = np.arange(28 * DAY) + MONDAY
    level = intensity(rhythm, minutes, np.random.default_rng(1))
    assert level.mean() == pytest.approx(2.0, rel=0.15)
    weeks = level.reshape(4, 7, DAY).sum(axis=2)
    assert weeks[:, 5:].mean() == pytest.approx(0.5 * weeks[:, :5].mean(), rel=0.15)


@pytest.mark.parametrize("phi", [0.0, 0.4])
def test_counts_have_the_promised_mean_and_variance(phi: float) -> None:
    mean = np.full(200_000, 3.0)
    counts = negative_binomial(mean, phi, np.random.default_rng(2))
    assert counts.mean() == pytest.approx(3.0, rel=0.02)
    assert counts.var() == pytest.approx(3.0 + phi * 9.0, rel=0.03)
    assert spread(mean[:100], phi) == pytest.approx((100 * (3.0 + phi * 9.0)) ** 0.5)
