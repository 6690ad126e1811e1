"""Two published ways to find the slice behind a change, for comparison: neither ever abstains."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from windows.cuboids import Floats
from windows.slice_rows import Row

Answer = dict[str, str]

# Adtributor: least share of the change of a value that counts, and of an attribute in all.
_ELEMENT = 0.1
_TOTAL = 0.67
# Association rules: confidence that two values belong together, and most attributes.
_CONFIDENCE = 0.8
_SIZE = 3


def adtributor(attributes: Sequence[str], rows: Sequence[Row]) -> list[Answer]:
    """One answer per attribute, most surprising first, if a single value explains enough.

    Explanatory power and Jensen-Shannon surprise as in Bhagwan et al., "Adtributor" (NSDI 2014).
    """
    observed, expected = (np.array([row[n] for row in rows]) for n in (1, 3))
    change = observed.sum() - expected.sum()
    found = []
    for axis, name in enumerate(attributes):
        values = sorted({row.values[axis] for row in rows} - {""})
        elements = []
        for value in values:
            inside = np.array([row.values[axis] == value for row in rows])
            power = (observed[inside].sum() - expected[inside].sum()) / change if change else 0.0
            p = (expected[inside].sum() + 1e-9) / (expected.sum() + 1e-9)
            q = (observed[inside].sum() + 1e-9) / (observed.sum() + 1e-9)
            surprise = (p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q))) / 2
            if power > _ELEMENT:
                elements.append((float(surprise), float(power), value))
        elements.sort(key=lambda element: (-element[0], element[2]))
        # An answer here is one slice: attributes that need several values give none.
        if elements and elements[0][1] > _TOTAL:
            found.append((elements[0][0], {name: elements[0][2]}))
    found.sort(key=lambda one: -one[0])
    return [answer for _, answer in found]


def association_rules(attributes: Sequence[str], rows: Sequence[Row]) -> list[Answer]:
    """Candidates best first: weighted association rules over anomalous leaves.

    Anomaly degree and contribution ability as in Sun et al., "Robust Anomaly Clue Localization of
    Multi-Dimensional Derived Measure" (2022), in one round.
    """
    observed, expected = (np.array([row[n] for row in rows]) for n in (1, 3))
    exposure = np.array([row.exposure or 1.0 for row in rows])
    shift = (observed - expected) / exposure
    others = (shift.sum() - shift) / max(1, len(rows) - 1)
    degree = 1 - 1 / (1 + np.abs(shift / np.where(others == 0, 1e-12, others)))
    ability = (observed - expected) / max(expected.sum(), 1e-9)
    kept = (ability > 0) & (degree > _knee(degree))
    weight = 100 * degree * ability * kept
    if not weight.sum():
        return []
    held = {
        (axis, value): np.array([row.values[axis] == value for row in rows])
        for axis in range(len(attributes))
        for value in sorted({row.values[axis] for row in rows} - {""})
    }
    heaviest: dict[int, str] = {}
    for (axis, value), inside in held.items():
        best = heaviest.get(axis)
        if best is None or weight[inside].sum() > weight[held[axis, best]].sum():
            heaviest[axis] = value
    scored = []
    for size in range(1, _SIZE + 1):
        for axes in combinations(sorted(heaviest), size):
            parts = [held[axis, heaviest[axis]] for axis in axes]
            inside = np.logical_and.reduce(parts)
            support = weight[inside].sum() / weight.sum()
            narrowest = min(weight[part].sum() for part in parts)
            if size > 1 and weight[inside].sum() <= _CONFIDENCE * narrowest:
                continue
            gain = float(support - inside.mean())
            scored.append((gain, {attributes[axis]: heaviest[axis] for axis in axes}))
    scored.sort(key=lambda one: (-one[0], len(one[1])))
    return [answer for _, answer in scored]


def _knee(values: Floats) -> float:
    """The sorted value farthest from the line between the least and the greatest, .5 if none."""
    ordered = np.sort(values)
    span = ordered[-1] - ordered[0]
    if len(ordered) < 3 or not span:
        return 0.5
    away = np.linspace(0, 1, len(ordered)) - (ordered - ordered[0]) / span
    return float(ordered[int(np.argmax(away))])
