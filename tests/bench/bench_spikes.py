"""Time of one minute over 100,000 clusters, beside a bare filter.

Run it with ``python -m tests.bench.bench_spikes``.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from tests.bench.reference_filter import ReferenceFilter
from windows.spikes import SpikeDetector

CLUSTERS = 100_000
WARM = 130
MINUTES = 60


def _ms(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - begin)


def main() -> None:
    rng = np.random.default_rng(7)
    rate = (10 ** rng.uniform(-2.3, 1.3, CLUSTERS)).astype(np.float32)
    detector = SpikeDetector()
    detector.add(CLUSTERS)
    reference = ReferenceFilter(CLUSTERS, rate)
    bare: list[float] = []
    score: list[float] = []
    learn: list[float] = []
    for minute in range(WARM + MINUTES):
        mean = rng.gamma(10, rate / 10)
        counts = rng.poisson(mean).astype(np.float32)
        times = (
            _ms(partial(reference.step, counts)),
            _ms(partial(detector.score_many, counts, minute)),
            _ms(partial(detector.learn_many, counts, minute)),
        )
        if minute >= WARM:
            for kept, ms in zip((bare, score, learn), times, strict=True):
                kept.append(ms)
    size = sum(array.nbytes for array in detector.state().values())
    print(f"{CLUSTERS:,} clusters, median (max) of {MINUTES} minutes")
    for name, kept in (("bare filter", bare), ("score", score), ("learn", learn)):
        print(f"{name:12} {statistics.median(kept):7.2f} ms ({max(kept):.2f})")
    ratio = statistics.median(score) / statistics.median(bare)
    print(f"score / bare filter {ratio:.1f}; state {size / CLUSTERS:.0f} B a cluster")


if __name__ == "__main__":
    main()
