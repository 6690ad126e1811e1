import numpy as np
import pytest

from streams.evaluation.nab import Series
from streams.evaluation.outbreaks import DAY, simulate
from streams.evaluation.spikes import evaluate_simulation, score_series, score_world
from windows.spikes import SpikeDetector


def test_a_series_is_scored_by_production_without_look_ahead() -> None:
    rng = np.random.default_rng(2)
    values = rng.poisson(20, 700).astype(float)
    values[600:603] = 150
    minutes = np.arange(700, dtype=np.int64) * 5
    scores = score_series(Series("a/b", minutes, values, ()))
    assert scores.argmax() in (600, 601, 602)
    head = score_series(Series("a/b", minutes[:300], values[:300], ()))
    assert head.tolist() == scores[:300].tolist()


def test_a_clock_that_goes_back_does_not_stop_the_detector() -> None:
    minutes = np.concatenate([np.arange(40), np.arange(28, 60)]) * 5
    scores = score_series(Series("a/b", minutes, np.ones(72), ()))
    assert scores.shape == (72,)


@pytest.mark.slow
def test_a_world_is_scored_by_production_at_its_defaults() -> None:
    made = simulate(6, 2, 1, seed=1)
    scores = score_world(made, 1)
    assert scores.shape == (DAY, 6)
    detector = SpikeDetector()
    detector.add(6)
    for minute, counts in enumerate(made.counts[:1500], 4 * DAY):
        last = detector.score_many(counts, minute).score
        detector.learn_many(counts, minute)
    assert scores[1499 - DAY].tolist() == last.tolist()


@pytest.mark.slow
def test_rows_name_both_rates_and_their_goals() -> None:
    rows = evaluate_simulation(seeds=(3,), clusters=4, days=3, learn_days=2)
    assert [row.goal for row in rows] == [0.75, 10, 0.6, 10]
    assert [row.higher_is_better for row in rows] == [True, False, True, False]
    assert all(0 <= row.value <= 1 for row in rows[::2])
