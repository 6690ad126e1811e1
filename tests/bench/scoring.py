"""Time to score one minute of 100,000 live clusters, beside a bare vectorised filter; memory."""

import gc
import time
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import psutil
from xxhash import xxh3_64_intdigest

from tests.bench.reference_filter import ReferenceFilter
from tests.bench.results import Bench, Goal, Result, Value
from windows.clusters import Clusters
from windows.scan import SubsetScan
from windows.spikes import SpikeDetector

_CLUSTERS = 100_000
_TEXTS = 20_000
_WARM = 130
"""Minutes before the measured ones: every window and block has been filled."""
_MINUTES = 20
_GOAL = 25.0 / 2.8


def run(bench: Bench) -> list[Result]:
    """Medians of scoring, learning and the bare filter on the same counts."""
    bench.say(f"scoring: {_CLUSTERS:,} clusters, {_WARM + _MINUTES} minutes")
    rng = np.random.default_rng(bench.seed)
    rate = (10 ** rng.uniform(-2.3, 1.3, _CLUSTERS)).astype(np.float32)
    detector = SpikeDetector()
    detector.add(_CLUSTERS)
    reference = ReferenceFilter(_CLUSTERS, rate)
    spent: dict[str, list[float]] = {"bare filter": [], "score_many": [], "learn_many": []}
    for minute in range(_WARM + _MINUTES):
        counts = rng.poisson(rng.gamma(10, rate / 10)).astype(np.float32)
        steps: tuple[Callable[[], object], ...] = (
            partial(reference.step, counts),
            partial(detector.score_many, counts, minute),
            partial(detector.learn_many, counts, minute),
        )
        for kept, step in zip(spent.values(), steps, strict=True):
            kept.append(_ms(step))
    middle = {name: median(times[_WARM:]) for name, times in spent.items()}
    rows: list[dict[str, Value]] = [
        {
            "step": name,
            "median ms": middle[name],
            "greatest ms": max(times[_WARM:]),
            "x bare filter": middle[name] / middle["bare filter"],
        }
        for name, times in spent.items()
    ]
    goal = Goal("score_many / bare filter", middle["score_many"] / middle["bare filter"], _GOAL)
    return [
        Result(f"One minute of {_CLUSTERS:,} live clusters", rows, [goal]),
        Result("Memory of a cluster", _memory(detector), []),
    ]


def _memory(detector: SpikeDetector) -> list[dict[str, Value]]:
    """What each part keeps of a cluster: arrays by their size, texts by what the process grew."""
    scan = SubsetScan(1)
    scan.start(np.arange(_CLUSTERS), 0)
    before = _resident()
    clusters = Clusters(limit=_TEXTS)
    for n in range(_TEXTS):
        words = {f"w{n}x{k}": 1 for k in range(8)}
        clusters.assign(words, 1, xxh3_64_intdigest(str(n).encode()), 0)
    texts = _resident() - before
    return [
        {"part": "expected counts (SpikeDetector)", "bytes": _size(detector.state()) / _CLUSTERS},
        {"part": "usual shares (SubsetScan)", "bytes": _size(scan.state()) / _CLUSTERS},
        {"part": "words, 8 of its own (Clusters)", "bytes": texts / len(clusters)},
    ]


def _size(state: Any) -> int:
    if isinstance(state, np.ndarray):
        return state.nbytes
    if isinstance(state, Mapping):
        return sum(map(_size, state.values()))
    return sum(map(_size, state)) if isinstance(state, list | tuple) else 0


def _resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def _ms(step: Callable[[], object]) -> float:
    begin = time.perf_counter()
    step()
    return 1e3 * (time.perf_counter() - begin)
