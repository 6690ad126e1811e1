import numpy as np
import pytest

from streams.evaluation.outbreaks import (
    DAY,
    Simulation,
    day_shape,
    episodes,
    found,
    lowest_threshold,
    simulate,
)


def world(duration: list[int], start: list[int], minutes: int) -> Simulation:
    n = len(duration)
    nothing = np.zeros(n, np.int64)
    counts = np.zeros((minutes, n), np.float32)
    return Simulation(counts, np.ones(n), np.array(start), np.array(duration), nothing)


def test_the_generator_is_its_description() -> None:
    made = simulate(60, 9, 7, seed=5)
    assert made.counts.shape == (9 * DAY, 60)
    assert (made.duration[1::2] == 0).all()
    assert set(made.duration[::2]) <= {5, 15, 60, 180}
    assert (made.start[::2] >= 7 * DAY + 120).all()
    assert (made.start[::2] < 9 * DAY - 400).all()
    # Days 5 and 6 are quieter; the level is the mean of the others.
    busy = made.rate > 1
    week = made.counts[: 5 * DAY, busy].mean(axis=0) / made.rate[busy]
    weekend = made.counts[5 * DAY : 7 * DAY, busy].mean(axis=0) / made.rate[busy]
    assert week.mean() == pytest.approx(1, abs=0.1)
    assert 0.5 < weekend.mean() < 0.9
    assert day_shape(np.arange(DAY, dtype=float)).mean() == pytest.approx(1)
    again = simulate(60, 9, 7, seed=5)
    assert again.counts.tobytes() == made.counts.tobytes()


def test_alarms_an_hour_apart_are_one_episode() -> None:
    alarms = np.zeros((500, 3), np.bool_)
    alarms[[10, 70, 131], 0] = True
    alarms[[10, 11], 2] = True
    assert episodes(alarms) == 3
    assert episodes(np.zeros((5, 2), np.bool_)) == 0


def test_the_lowest_threshold_keeps_to_the_allowance() -> None:
    scores = np.random.default_rng(1).exponential(size=(2000, 4)).astype(np.float32)
    threshold = lowest_threshold(scores, 5)
    assert episodes(scores >= threshold) <= 5
    below = scores[scores < threshold].max()
    assert episodes(scores >= below) > 5
    assert lowest_threshold(scores, 0) == float("inf")
    few = np.zeros((90, 2), np.float32)
    few[5, 1] = 2
    assert lowest_threshold(few, 1) == 2
    assert lowest_threshold(few, 2) == 0


def test_an_outbreak_is_found_until_15_minutes_after_its_end() -> None:
    # Two weeks: one false alarm a week is two; minute 0 of the scores is minute 100 of the world.
    minutes = 7 * DAY + 100
    made = world([10, 10, 10, 10, 0, 0], [200] * 6, minutes)
    scores = np.zeros((7 * DAY, 6), np.float32)
    scores[99, 0] = scores[124, 1] = scores[125, 2] = scores[104, 3] = 5
    scores[[1, 5000], 4] = 4
    scores[9000, 5] = 3
    result = found(made, scores, 1)
    assert result.threshold == 4
    assert result.share == 0.5
    assert result.delay == (24 + 4) / 2
