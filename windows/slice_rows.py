"""For whom a value rose or fell, from rows that say what was observed and what was expected."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from windows.cuboids import Cuboids, Floats, counted
from windows.slice_evidence import Forecasts
from windows.slice_search import companions, ranked
from windows.slices import MAX_CANDIDATES, MIN_EXCESS, Slice, abstention, verdict

_MIN_SIGMAS = 3.0
_LARGE_LEAF = 5.0
_ENOUGH_LEAVES = 10
_MEDIAN_CHI_SQUARE = 0.455
"""With one degree of freedom."""


class Row(NamedTuple):
    """What was seen of one combination of attribute values, "" where a value is missing.

    `exposure` is what it was seen in (users, orders), None if nobody counted; `expected` is what
    would have been observed had nothing happened.
    """

    values: tuple[str, ...]
    observed: float
    exposure: float | None
    expected: float


def explain_rows(
    attributes: Sequence[str],
    rows: Iterable[Row],
    *,
    history: float = 1.0,
    top: int = MAX_CANDIDATES,
) -> Slice:
    """Name the slice of one to three attributes that holds a rise or a fall, or abstain.

    `rows` are the combinations seen or expected in the window; one that comes twice is added up.
    The expected values rest on `history` times as many events as they promise. Raises ValueError
    if a row has more or fewer values than there are attributes.
    """
    names, rows = tuple(attributes), tuple(rows)
    observed = counted(len(names), ((row.values, row.observed) for row in rows))
    expected = counted(len(names), ((row.values, row.expected) for row in rows))
    exposed = all(row.exposure is not None for row in rows)
    exposure = counted(len(names), ((row.values, row.exposure or 0.0) for row in rows))
    u, b = (np.array(list(part.values()), np.float64) for part in (observed, expected))
    scatter = _scatter(u, b, history)
    sign = 1 if u.sum() >= b.sum() else -1
    change = sign * float(u.sum() - b.sum())
    seen = f"{figure(u.sum())} observed, {figure(b.sum())} expected"
    if change < MIN_EXCESS:
        return abstention((), f"nothing to explain: {seen}")
    squares = {values: count**2 for values, count in expected.items()}
    cuboids = Cuboids(len(names), (observed, expected, exposure if exposed else expected, squares))
    evidence = Forecasts(sign, history, scatter)
    slices = ranked(cuboids, evidence)
    also = companions(cuboids, evidence, slices[0]) if slices else ()
    found = verdict(names, slices, also=also, of="rise" if sign > 0 else "fall", top=top)
    noise = math.sqrt(b.sum() * (1 + 1 / history) + scatter * (b**2).sum())
    if found.abstained and change < _MIN_SIGMAS * noise:
        return replace(found, reason=f"no more than the usual ups and downs: {seen}")
    return found


def figure(value: float) -> str:
    """A count as people read it."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _scatter(observed: Floats, expected: Floats, history: float) -> float:
    """Squared relative error of the expected values beyond chance: that of a typical leaf."""
    large = expected >= _LARGE_LEAF
    if large.sum() < _ENOUGH_LEAVES:
        return 0.0
    u, b = observed[large], expected[large]
    usual = b * np.median(u / b)
    beyond = (u - usual) ** 2 / _MEDIAN_CHI_SQUARE - usual * (1 + 1 / history)
    return max(0.0, float(np.median(beyond / np.maximum(usual, 1) ** 2)))
