"""What is spoken of more than it was: a day's counts against those of the weeks before."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MIN_DAYS = 7
"""Fewer days are nothing to compare with."""
MIN_COUNT = 5
MIN_LIFT = 1.3
MIN_SCORE = 7.0
"""Of 300 things whose rates vary by 15 % a day and 20 % a weekday, one night in six names one that
has not risen, and three in five of those that doubled are named at 10^6 reviews a day."""
MANY_SCORE = 12.0
"""Where thousands are compared: one in ten thousand nights and things or fewer."""
PER = 1000


class Rise(NamedTuple):
    """`row` of the counts; `reviews` on the day, `expected` by the days before.

    `rate`, `usual`: reviews in a thousand, on the day and before. `lift`: their quotient, of one
    review more on both sides, so that it is never without bound. `score`: log likelihood ratio in
    units of how much the days before differ among themselves.
    """

    row: int
    reviews: int
    expected: float
    rate: float
    usual: float
    lift: float
    score: float


def rises(
    counts: Sequence[Sequence[int]] | npt.NDArray[np.int64],
    totals: Sequence[int] | Sequence[Sequence[int]] | npt.NDArray[np.int64],
    *,
    min_count: int = MIN_COUNT,
    min_lift: float = MIN_LIFT,
    min_score: float = MIN_SCORE,
) -> list[Rise]:
    """The rows that rose on the last day, the highest score first.

    `counts`: a row per thing and a column per day; `totals`: all reviews of each day, or a row of
    them per thing. Days without reviews do not count; a row with fewer than MIN_DAYS others has
    nothing to compare with.
    """
    seen = np.asarray(counts, np.float64)
    if seen.size == 0:
        return []
    of = np.broadcast_to(np.asarray(totals, np.float64), seen.shape)
    today, before = seen[:, -1], np.where(of[:, :-1] > 0, seen[:, :-1], 0.0)
    reviews, base = of[:, -1], of[:, :-1].sum(axis=1)
    held = before.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, usual = today / reviews, held / base
        both = (today + held) / (reviews + base)
        ratio = _times_log(today, rate / both) + _times_log(held, usual / both)
        score = ratio / _dispersion(before, of[:, :-1], usual)
        lift = ((today + 1) / reviews) / ((usual * reviews + 1) / reviews)
    days = (of[:, :-1] > 0).sum(axis=1)
    risen = (reviews > 0) & (days >= MIN_DAYS) & (today >= min_count) & (lift >= min_lift)
    risen &= (rate > usual) & (score >= min_score)
    found = sorted(np.flatnonzero(risen).tolist(), key=lambda row: (-score[row], row))
    return [
        Rise(
            row,
            int(today[row]),
            float(usual[row] * reviews[row]),
            float(rate[row] * PER),
            float(usual[row] * PER),
            float(lift[row]),
            float(score[row]),
        )
        for row in found
    ]


def _times_log(
    count: npt.NDArray[np.float64], ratio: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return np.where(count > 0, count * np.log(np.where(count > 0, ratio, 1.0)), 0.0)


def _dispersion(
    counts: npt.NDArray[np.float64], totals: npt.NDArray[np.float64], rate: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """How much more than Poisson's the days vary, at least 1."""
    expected = rate[:, None] * totals
    square = np.where(expected > 0, (counts - expected) ** 2 / expected, 0.0).sum(axis=1)
    freedom = np.maximum((totals > 0).sum(axis=1) - 1, 1)
    found: npt.NDArray[np.float64] = np.maximum(1.0, square / freedom)
    return found
