"""Spikes: production's detector on labelled series and on made-up minute counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from streams.evaluation.nab import PROFILES, Curve, Series, curve, left_out, load, tuned
from streams.evaluation.outbreaks import DAY, FIRST_MINUTE, Simulation, found, simulate
from streams.evaluation.row import Row
from windows.spikes import SpikeDetector

Floats = npt.NDArray[np.float64]
SEEDS = (11, 21, 31)
"""Not 7, on which the detector was tuned."""
_TWEETS = "realTweets"
_ALTERNATIVES = {
    ("standard", "tuned"): "CAD OSE 66.5 without look-ahead (74.5 with), best simple z 73.2",
    ("standard", "left out"): "CAD OSE 71.7 with look-ahead, best simple z 68.5",
    ("low FP", "tuned"): "CAD OSE 52.2 without look-ahead (73.1 with), best simple z 63.4",
    ("low FN", "tuned"): "CAD OSE 74.6 without look-ahead (76.9 with), best simple z 79.1",
}
_GOALS = {("standard", "tuned"): 75.0, ("standard", "left out"): 72.0}
_SIMULATED = {
    1.0: (0.75, "NB filter or NB tails with an hourly profile .62; told every parameter .76"),
    0.1: (0.60, "NB filter with an hourly profile .45; told every parameter .66"),
}


def score_series(series: Series) -> Floats:
    """Score of every row before it is learned, at production's defaults but for the bin width."""
    width = int(np.median(np.diff(series.minutes)))
    detector = SpikeDetector(bin_minutes=width)
    scores, last = np.zeros(series.values.size), -1
    for row, (minute, value) in enumerate(
        zip(series.minutes.tolist(), series.values.tolist(), strict=True)
    ):
        # Clocks that stand or go back (daylight saving) must not stop the detector.
        last = max(minute, last + 1)
        x = {"count": max(value, 0.0), "minute": last}
        scores[row] = detector.score_one(x)
        detector.learn_one(x)
    return scores


def evaluate_tweets(data: Path) -> list[Row]:
    """Counts of tweets in a copy of NAB at ``data``: one threshold for all files."""
    series = load(data, _TWEETS)
    scores = [score_series(one) for one in series]
    rows = []
    for name, profile in PROFILES.items():
        curves = [curve(one, s, profile) for one, s in zip(series, scores, strict=True)]
        for how, value in (("tuned", tuned(curves)), ("left out", left_out(curves))):
            key = (name, how)
            alternative = _ALTERNATIVES.get(key, "")
            measure = f"NAB {name}, threshold {how}"
            rows.append(Row("spikes", _TWEETS, measure, value, _GOALS.get(key), True, alternative))
    return rows


def evaluate_all(data: Path) -> list[Row]:
    """All of NAB, one threshold for all files, and each folder at its own."""
    series = load(data)
    profile = PROFILES["standard"]
    curves = [curve(one, score_series(one), profile) for one in series]
    best = "best simple z 53.8, CAD OSE 53.9 without look-ahead (70.0 with)"
    rows = [Row("spikes", "all of NAB", "NAB standard", tuned(curves), 54.0, True, best)]
    for folder in sorted({one.folder for one in series}):
        own = [c for one, c in zip(series, curves, strict=True) if one.folder == folder]
        if any(each.perfect for each in own):
            rows.append(_folder(folder, own))
    return rows


def evaluate_simulation(
    seeds: Sequence[int] = SEEDS, clusters: int = 1000, days: int = 21, learn_days: int = 14
) -> list[Row]:
    """Outbreaks in made-up minute counts after ``learn_days``, averaged over ``seeds``."""
    judged: dict[float, list[tuple[float, float]]] = {rate: [] for rate in _SIMULATED}
    for seed in seeds:
        world = simulate(clusters, days, learn_days, seed)
        scores = score_world(world, learn_days)
        for rate, results in judged.items():
            result = found(world, scores, rate)
            results.append((result.share, result.delay))
    rows = []
    data = f"{clusters} clusters x {days} days, seeds {', '.join(map(str, seeds))}"
    for rate, results in judged.items():
        share, delay = np.mean(results, axis=0).tolist()
        goal, alternative = _SIMULATED[rate]
        at = f"at {rate:g} false alarms per cluster-week"
        rows.append(Row("outbreaks", data, f"share found {at}", share, goal, True, alternative))
        slow = "NB filter or tails 9-15; told every parameter 13-19"
        rows.append(Row("outbreaks", data, f"median minutes {at}", delay, 10.0, False, slow))
    return rows


def score_world(world: Simulation, learn_days: int) -> npt.NDArray[np.float32]:
    """Scores (minutes, clusters) of production's detector after ``learn_days`` days."""
    detector = SpikeDetector()
    detector.add(world.rate.size)
    rows = []
    for tick, counts in enumerate(world.counts):
        if tick >= learn_days * DAY:
            rows.append(detector.score_many(counts, FIRST_MINUTE + tick).score)
        detector.learn_many(counts, FIRST_MINUTE + tick)
    return np.stack(rows)


def _folder(folder: str, curves: Sequence[Curve]) -> Row:
    return Row("spikes", folder, "NAB standard", tuned(curves), None, True, "")
