import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from windows.calibration import (
    HALF_LIFE,
    HIGHEST,
    LOWEST,
    PRIOR_EXCESS,
    PRIOR_RATE,
    PRIOR_WEEKS,
    QuietPeaks,
)
from windows.scan import FALSE_PER_WEEK, SCREEN, THRESHOLD

HOURS = 7 * 24
"""Of a week."""
Minute = tuple[int, float, bool]
"""Epoch minute, best score, whether it was quiet."""


def fed(allowed: float, minutes: Sequence[Minute]) -> QuietPeaks:
    peaks = QuietPeaks(allowed)
    for minute, best, quiet in minutes:
        peaks.close(minute, best, quiet=quiet)
    return peaks


def hourly(scores: Sequence[float]) -> list[Minute]:
    """Quiet hours, each with its score in one of its minutes; then the first minute of another."""
    whole = [
        (60 * hour + minute, score if minute == hour % 60 else 0.0, True)
        for hour, score in enumerate(scores, 1)
        for minute in range(60)
    ]
    return [*whole, (60 * (len(scores) + 1), 0.0, True)]


def obvious(allowed: float, minutes: Sequence[Minute]) -> float:
    """The threshold, from all hours anew for every hour that ends."""
    heard: dict[int, list[float]] = {}
    for minute, best, quiet in minutes:
        heard.setdefault(minute // 60, []).extend([best] * quiet)
    hours = sorted(heard)
    ended: list[tuple[int, int, float]] = []
    threshold = THRESHOLD
    for hour, following in zip([hours[0], *hours], hours, strict=False):
        if following > hour:
            ended.append((hour, len(heard[hour]), min(max(heard[hour], default=0.0), threshold)))
        weight = {at: 0.5 ** ((following - at) / HALF_LIFE) for at, _, _ in ended}
        weeks = math.fsum(weight[at] * n / 60 / HOURS for at, n, _ in ended)
        above = [(weight[at], peak - SCREEN) for at, _, peak in ended if peak > SCREEN]
        count = PRIOR_WEEKS * PRIOR_RATE + math.fsum(w for w, _ in above)
        nats = PRIOR_WEEKS * PRIOR_RATE * PRIOR_EXCESS + math.fsum(w * x for w, x in above)
        rate = count / (PRIOR_WEEKS + weeks)
        asked = SCREEN + nats / count * math.log(rate / allowed)
        threshold = round(min(max(asked, LOWEST), HIGHEST), 3)
    return threshold


RUNS = st.lists(
    st.tuples(st.integers(1, 400), st.floats(0.0, 30.0), st.booleans()), min_size=1, max_size=60
)


@settings(max_examples=60, deadline=None)
@given(RUNS, st.sampled_from([1.0, 3.0, 10.0]))
def test_it_says_what_a_slow_implementation_says(
    runs: list[tuple[int, float, bool]], allowed: float
) -> None:
    minutes, now = [], 29_000_000
    for gap, best, quiet in runs:
        now += gap
        minutes.append((now, best, quiet))
    assert fed(allowed, minutes).threshold == pytest.approx(obvious(allowed, minutes), abs=0.0011)


def test_a_product_of_which_nothing_is_known_has_the_threshold_of_the_scan() -> None:
    unknown = QuietPeaks(FALSE_PER_WEEK)
    assert unknown.threshold == THRESHOLD
    assert unknown.false_per_week == FALSE_PER_WEEK
    assert QuietPeaks(10.0).threshold < THRESHOLD < QuietPeaks(1.0).threshold


@pytest.mark.parametrize("allowed", [1.0, 3.0, 10.0])
@pytest.mark.parametrize(("rate", "times"), [(60.0, 1.3), (100.0, 1.0), (150.0, 1.1)])
def test_the_false_rate_of_an_exponential_tail_is_what_is_allowed(
    allowed: float, rate: float, times: float
) -> None:
    mean = times * PRIOR_EXCESS
    random = np.random.default_rng(7)
    false = []
    for _ in range(5):
        scores = SCREEN + random.exponential(mean, 6 * HOURS)
        scores[random.random(scores.size) >= rate / HOURS] = 0.0
        peaks = fed(allowed, hourly(scores.tolist()))
        false.append(rate * math.exp((SCREEN - peaks.threshold) / mean))
    # The lower bound of the threshold may forbid as many.
    most = rate * math.exp((SCREEN - LOWEST) / mean)
    assert min(allowed, most) / 2 <= sum(false) / len(false) <= 2 * allowed


def test_a_real_incident_does_not_deafen_the_product() -> None:
    calm = [0.0, 7.0] * HOURS
    struck = calm.copy()
    struck[40] = 1_000.0
    before, after = (fed(3.0, hourly(scores)).threshold for scores in (calm, struck))
    assert before < after < before + 0.2


def test_what_happens_in_an_hour_counts_from_the_next_one_on() -> None:
    minutes = [(600 + n, 40.0, True) for n in range(60)]
    assert fed(3.0, minutes).threshold == THRESHOLD
    assert fed(3.0, [*minutes, (660, 0.0, True)]).threshold > THRESHOLD


def test_minutes_of_an_incident_teach_nothing() -> None:
    quiet = hourly([0.0, 8.0, 6.0] * 20)
    first = quiet[-1][0]
    noisy = [(first + n, 50.0, False) for n in range(1, 60)]
    later = (first + 60, 0.0, True)
    assert fed(3.0, [*quiet, *noisy, later]).state() == fed(3.0, [*quiet, later]).state()


def test_it_stays_within_its_bounds_and_says_what_that_costs() -> None:
    silent = fed(10.0, hourly([0.0] * 4 * HOURS))
    assert silent.threshold == LOWEST
    assert silent.false_per_week < 10.0
    loud = fed(1.0, hourly([100.0] * 8 * HOURS))
    assert loud.threshold == HIGHEST
    assert loud.false_per_week > 1.0


def test_what_was_long_ago_is_forgotten() -> None:
    loud, calm = [12.0] * HOURS, [0.0] * int(HALF_LIFE)
    now, later, last = (fed(3.0, hourly(loud + n * calm)) for n in (0, 1, 6))
    kept = [float(each.state()["peaks"]) for each in (now, later, last)]
    assert kept[1] == pytest.approx(kept[0] / 2)
    assert kept[2] == pytest.approx(kept[0] / 64)
    assert now.threshold > THRESHOLD
    assert last.threshold < THRESHOLD - 2


@settings(max_examples=30, deadline=None)
@given(RUNS, st.integers(0, 59))
def test_it_goes_on_from_its_state(runs: list[tuple[int, float, bool]], at: int) -> None:
    minutes, now = [], 29_000_000
    for gap, best, quiet in runs:
        now += gap
        minutes.append((now, best, quiet))
    whole, resumed = fed(3.0, minutes), QuietPeaks(3.0)
    resumed.restore(fed(3.0, minutes[:at]).state())
    for minute, best, is_quiet in minutes[at:]:
        resumed.close(minute, best, quiet=is_quiet)
    assert resumed.state() == whole.state()
    assert resumed.threshold == whole.threshold
