import json
import math
from pathlib import Path

import numpy as np
import pytest

from streams.evaluation.nab import (
    PROFILES,
    Floats,
    Profile,
    Series,
    best_threshold,
    curve,
    left_out,
    load,
    tuned,
)

STANDARD = PROFILES["standard"]


def series(n: int, *windows: tuple[int, int], name: str = "a/b") -> Series:
    return Series(name, np.arange(n), np.zeros(n), windows)


def some() -> list[Series]:
    return [series(900, (300, 380), (600, 660)), series(700, (400, 450)), series(500)]


def sigmoid(y: float) -> float:
    return -1.0 if y >= 3 else 2 / (1 + math.exp(5 * y)) - 1


def raw(one: Series, scores: Floats, profile: Profile, threshold: float) -> float:
    """The rule as it is written, row by row."""
    total, found, previous = 0.0, [math.nan] * len(one.windows), None
    for i in range(one.probation, one.values.size):
        inside = [k for k, (left, right) in enumerate(one.windows) if left <= i <= right]
        past = [window for window in one.windows if window[1] < i]
        previous = past[-1] if past else None
        if inside:
            left, right = one.windows[inside[0]]
            worth = sigmoid(-(right - i + 1) / (right - left + 1)) / sigmoid(-1)
            value = profile.found * worth if scores[i] >= threshold else -profile.missed
            found[inside[0]] = np.nanmax([found[inside[0]], value])
        elif scores[i] >= threshold:
            if previous is None:
                total -= profile.false_alarm
            else:
                left, right = previous
                total += profile.false_alarm * sigmoid((i - right) / (right - left))
    return total + float(np.nansum(found))


def firsts(one: Series) -> Floats:
    scores = np.zeros(one.values.size)
    scores[[left for left, _ in one.windows]] = 1
    return scores


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_curve_is_the_rule_row_by_row(profile: Profile) -> None:
    rng = np.random.default_rng(3)
    for one in (*some(), series(400, (20, 90), (92, 99), (390, 399)), series(300, (5, 30))):
        scores = rng.integers(0, 40, one.values.size).astype(float)
        judged = curve(one, scores, profile)
        for threshold in (0, 7, 20.5, 39, 99):
            assert judged.raw(threshold) == pytest.approx(raw(one, scores, profile, threshold))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_silence_is_0_and_the_first_rows_are_100(profile: Profile) -> None:
    silent = [curve(one, np.zeros(one.values.size), profile) for one in some()]
    assert tuned(silent) == left_out(silent) == 0
    perfect = [curve(one, firsts(one), profile) for one in some()]
    assert tuned(perfect) == pytest.approx(100)
    assert left_out(perfect) == pytest.approx(100)


def test_alarms_everywhere_are_no_better_than_silence() -> None:
    files = [series(3000, (1000, 1010))]
    assert tuned([curve(one, np.ones(3000), STANDARD) for one in files]) == 0


def test_equal_scores_move_together() -> None:
    one = series(1000, (500, 549))
    scores = np.zeros(1000)
    scores[[500, *range(200, 230)]] = 5
    # Taking the found window alone would need a cut between equal scores.
    assert best_threshold([curve(one, scores, STANDARD)]) == math.inf
    scores[500] = 6
    assert best_threshold([curve(one, scores, STANDARD)]) == 6


def test_the_best_threshold_is_the_best_of_all() -> None:
    rng = np.random.default_rng(4)
    files = some()
    scores = [firsts(one) * 3 + rng.normal(size=one.values.size) for one in files]
    curves = [curve(one, s, STANDARD) for one, s in zip(files, scores, strict=True)]
    best = max(sum(c.raw(t) for c in curves) for t in np.concatenate(scores))
    assert sum(c.raw(best_threshold(curves)) for c in curves) == pytest.approx(best)
    assert left_out(curves) <= tuned(curves) <= 100


def test_a_file_left_out_is_judged_at_the_threshold_of_the_others() -> None:
    files = [series(900, (300, 380)), series(900, (300, 380))]
    scores = [firsts(files[0]) * 2, firsts(files[1]) * 9]
    scores[1][200] = 2
    curves = [curve(one, s, STANDARD) for one, s in zip(files, scores, strict=True)]
    # At the threshold of the second (9) the first finds nothing; at 2 the second errs once.
    assert left_out(curves) == pytest.approx(100 * (4 - 1 - 1 + 1 - 0.11 - 1) / 4)


def test_windows_are_read_as_rows(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "data" / "realTweets").mkdir(parents=True)
    stamps = [f"2015-02-26 21:{minute:02d}:53" for minute in range(0, 60, 5)]
    rows = "".join(f"{stamp},{at}\n" for at, stamp in enumerate(stamps))
    (tmp_path / "data" / "realTweets" / "x.csv").write_text("timestamp,value\n" + rows)
    windows = [[stamps[2] + ".000000", stamps[4] + ".000000"]]
    labels = {"realTweets/x.csv": windows, "other/y.csv": []}
    (tmp_path / "labels" / "combined_windows.json").write_text(json.dumps(labels))
    (one,) = load(tmp_path, "realTweets")
    assert (one.name, one.folder, one.windows) == ("realTweets/x", "realTweets", ((2, 4),))
    assert one.values.tolist() == list(range(12))
    assert np.diff(one.minutes).tolist() == [5] * 11
    assert one.probation == 1
    with pytest.raises(OSError, match=r"y\.csv"):
        load(tmp_path, "other")
