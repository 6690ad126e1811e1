"""A product for the subset scan, and slow, obvious forms of what the scan works out."""

from collections import Counter
from collections.abc import Callable

import numpy as np
from scipy import integrate, stats

from windows.cells import Cells
from windows.rises import Rise
from windows.scan import SubsetScan, Window

Minute = Counter[tuple[int, int]]
PHI = 0.1
SIZE = 1 / (PHI + 0.08)
LAG = 30
LAG = 30
KEEP = 0.5 ** (1 / 1440)


class Product:
    """A scan, what it was told, and its windows counted anew; all themes have one attribute."""

    def __init__(self, means: list[float]) -> None:
        self.means = np.array(means, np.float32)
        self.scan = SubsetScan(1)
        self.scan.start(np.arange(len(means)), 0)
        self.history: list[Minute] = []
        self.apart: list[int] = []

    def hear(self, minute: Minute, times: int = 1, order: Callable[..., list[int]] = list) -> None:
        for _ in range(times):
            pairs = [pair for n, pair in enumerate(minute) if minute[pair]]
            pairs = [pairs[n] for n in order(range(len(pairs)))]
            values, slots = (np.array([pair[n] for pair in pairs], np.intp) for n in range(2))
            counts = np.array([minute[pair] for pair in pairs], np.float64)
            self.history.append(minute)
            self.scan.observe(
                Cells(values, slots, counts), self.totals([minute]), np.array(self.apart, np.intp)
            )

    def totals(self, minutes: list[Minute]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        totals = np.zeros(self.means.size, np.float32)
        for minute in minutes:
            for (_, slot), count in minute.items():
                totals[slot] += count
        return totals

    def window(self, minutes: int) -> Window:
        recent, earlier = self.history[-minutes:], self.history[-60:-minutes]
        before = self.totals(earlier) * np.float32(minutes / max(1, len(earlier)))
        phi = np.full(self.means.size, PHI, np.float32)
        return Window(self.totals(recent), self.means * np.float32(minutes), before, phi)

    def rises(self, repeats: Callable[[int, int], float] = lambda *_: 0.0) -> list[Rise]:
        return self.scan.rises(self.window, repeats)


def ratio(n: float, e: float, k: float) -> float:
    """Log-likelihood ratio of negative binomials of mean n and e, both of size k."""
    best, usual = (stats.nbinom.logpmf(n, k, k / (k + mean)) for mean in (n, e))
    return float(best - usual)


def predicted(share: float, mean: float, outside: float) -> tuple[float, float]:
    """Mean and size of the count inside of a slice, by integration over the theme's rate."""
    rate = stats.gamma(SIZE, scale=mean / SIZE)

    def moment(power: int) -> float:
        def density(x: float) -> float:
            seen = stats.poisson.pmf(outside, x * (1 - share))
            return float((share * x) ** power * rate.pdf(x) * seen)

        return float(integrate.quad(density, 0, 20 * (mean + outside), limit=200)[0])

    first, second = moment(1) / moment(0), moment(2) / moment(0)
    return first, first**2 / (second - first**2)


def slow_share(history: list[Minute], value: int, slot: int) -> tuple[float, float]:
    """Expected share and its dispersion, from all but the last 30 minutes."""
    learnt = history[:-LAG]
    weights = [KEEP**ago for ago in range(len(learnt))][::-1]

    def events(fits: Callable[[int, int], bool]) -> float:
        return sum(
            w * count
            for w, minute in zip(weights, learnt, strict=True)
            for (v, s), count in minute.items()
            if fits(v, s)
        )

    usual = (events(lambda v, _: v == value) + 0.5) / (events(lambda *_: True) + 10)
    total = events(lambda _, s: s == slot) + 10
    own = events(lambda v, s: v == value and s == slot)
    share = min(0.98, (own + 10 * usual) / total)
    return share, (1 - share) / (share * (total + 1))


QUIET: Minute = Counter({(0, 0): 1, (1, 0): 2, (2, 0): 1})


def burst(extra: dict[tuple[int, int], int], usual: Minute = QUIET) -> Minute:
    return usual + Counter(extra)


def by_value(rises: list[Rise]) -> dict[int | None, Rise]:
    return {rise.value: rise for rise in rises}
