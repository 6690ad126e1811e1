"""Scoring rule of the Numenta Anomaly Benchmark, written anew from its description."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_PROBATION_SHARE, _PROBATION_ROWS = 0.15, 750


@dataclass(frozen=True)
class Profile:
    """Weights of a found window, a false alarm and a missed window."""

    found: float
    false_alarm: float
    missed: float


PROFILES = {
    "standard": Profile(1.0, 0.11, 1.0),
    "low FP": Profile(1.0, 0.22, 1.0),
    "low FN": Profile(1.0, 0.11, 2.0),
}


@dataclass(frozen=True)
class Series:
    """One file: ``values`` (n,) at epoch ``minutes`` (n,); ``windows`` are first and last rows."""

    name: str
    minutes: npt.NDArray[np.int64]
    values: Floats
    windows: tuple[tuple[int, int], ...]

    @property
    def folder(self) -> str:
        return self.name.split("/")[0]

    @property
    def probation(self) -> int:
        """Rows at the beginning that are not scored."""
        return min(int(_PROBATION_SHARE * self.values.size), _PROBATION_ROWS)


@dataclass(frozen=True)
class Curve:
    """Raw score of one file as a function of the threshold.

    ``null`` without an alarm; each of the ``steps`` (m,) is added once the threshold is not
    above its ``score`` (m,). ``perfect`` is the raw score of a perfect detector.
    """

    scores: Floats
    steps: Floats
    null: float
    perfect: float

    def raw(self, threshold: float) -> float:
        """Raw score at ``threshold``: an alarm wherever the score is not below it."""
        return self.null + float(self.steps[self.scores >= threshold].sum())


def load(data: Path, folder: str = "") -> list[Series]:
    """Series of a copy of NAB at ``data``, by name; of one ``folder`` when it is named.

    Raises OSError when the files are not there.
    """
    labels = json.loads((data / "labels" / "combined_windows.json").read_text("utf-8"))
    return [_read(data, name, labels[name]) for name in sorted(labels) if name.startswith(folder)]


def curve(series: Series, scores: Floats, profile: Profile) -> Curve:
    """Judge the ``scores`` (n,) of one file, higher for more anomalous rows."""
    first = series.probation
    inside = np.zeros(series.values.size, np.bool_)
    values = np.full(series.values.size, -profile.false_alarm)
    kept_scores, steps, scored = [], [], 0
    for left, right in series.windows:
        inside[left : right + 1] = True
        # Up to the end of the file: the next window, and what follows it, write over these.
        after = np.arange(right + 1, series.values.size)
        values[after] = profile.false_alarm * _sigmoid((after - right) / max(right - left, 1))
        rows = np.arange(max(left, first), right + 1)
        if rows.size:
            scored += 1
            worth = _sigmoid(-(right - rows + 1) / (right - left + 1)) / _sigmoid(np.array(-1.0))
            tops, gained = _window_steps(scores[rows], profile.found * worth, -profile.missed)
            kept_scores.append(tops)
            steps.append(gained)
    outside = np.flatnonzero(~inside[first:]) + first
    return Curve(
        np.concatenate([*kept_scores, scores[outside]]),
        np.concatenate([*steps, values[outside]]),
        null=-profile.missed * scored,
        perfect=profile.found * len(series.windows),
    )


def best_threshold(curves: Sequence[Curve]) -> float:
    """The one threshold with the highest summed raw score; infinite where silence is best."""
    scores = np.concatenate([each.scores for each in curves])
    order = np.argsort(-scores, kind="stable")
    scores = scores[order]
    total = np.cumsum(np.concatenate([each.steps for each in curves])[order])
    # Equal scores move together: a cut lies only before a lower score.
    cuts = np.append(np.flatnonzero(np.diff(scores)), scores.size - 1)
    best = cuts[np.argmax(total[cuts])]
    return float(scores[best]) if total[best] > 0 else np.inf


def tuned(curves: Sequence[Curve]) -> float:
    """Normalised score at the best threshold for all files: 0 for silence, 100 for perfect."""
    threshold = best_threshold(curves)
    return _normalised(curves, sum(each.raw(threshold) for each in curves))


def left_out(curves: Sequence[Curve]) -> float:
    """Normalised score when each file is judged at the threshold of the others."""
    raw = 0.0
    for at, each in enumerate(curves):
        raw += each.raw(best_threshold([*curves[:at], *curves[at + 1 :]]))
    return _normalised(curves, raw)


def _normalised(curves: Sequence[Curve], raw: float) -> float:
    null = sum(each.null for each in curves)
    return 100 * (raw - null) / (sum(each.perfect for each in curves) - null)


def _window_steps(scores: Floats, worth: Floats, missed: float) -> tuple[Floats, Floats]:
    """Scores at which a lower threshold makes the first alarm of a window an earlier row.

    Rows are worth less the later they are, so a window is worth its first alarm: only rows
    above all earlier ones of the window ever matter.
    """
    highest = np.maximum.accumulate(scores)
    records = np.flatnonzero(np.append(True, highest[1:] > highest[:-1]))
    return scores[records], worth[records] - np.append(worth[records[1:]], missed)


def _sigmoid(y: npt.ArrayLike) -> Floats:
    """S(y) = 2 / (1 + exp(5 y)) - 1, and -1 from y = 3 on."""
    y = np.asarray(y, np.float64)
    return np.where(y < 3, 2 / (1 + np.exp(5 * np.minimum(y, 3))) - 1, -1.0)


def _read(data: Path, name: str, windows: Sequence[tuple[str, str]]) -> Series:
    rows = list(_rows(data / "data" / name))
    times = [time for time, _ in rows]
    limits = sorted((_time(first), _time(last)) for first, last in windows)
    return Series(
        name.removesuffix(".csv"),
        np.array([int(time.timestamp()) // 60 for time in times], np.int64),
        np.array([value for _, value in rows]),
        tuple((times.index(first), times.index(last)) for first, last in limits),
    )


def _rows(path: Path) -> Iterator[tuple[datetime, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _time(row["timestamp"]), float(row["value"])


def _time(word: str) -> datetime:
    return datetime.fromisoformat(word).replace(tzinfo=UTC)
