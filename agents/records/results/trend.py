"""How the values of one test went over time: rising, falling or steady, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from agents.records.folding import fold
from schemas.records import DateText, Result

_NO_FACTOR = frozenset({"%", "mmol/mol", "℉", "°f", "f"})
"""Units between which and others there is more than a factor."""
Direction = Literal["rising", "falling", "steady"]

_STEADY = 0.05
"""Of the first value: a smaller change is none, for measuring itself varies by as much."""
_TURNED = 0.5
"""Of the way between the lowest and the highest: one that came back so far has no direction."""


class Trend(NamedTuple):
    """From `first` to `last`, in `unit`. `share`: of the first value, None if that is 0."""

    direction: Direction
    first: float
    last: float
    since: DateText
    until: DateText
    unit: str
    change: float
    share: float | None
    points: int


def trend(results: Iterable[tuple[DateText, Result]]) -> Trend | None:
    """Of one test's results, each with the date of its document, in any order.

    A result's own date goes first. What has no number, no date or a unit that does not convert is
    left out; None if fewer than two days remain. Of several values on a day the last counts.
    """
    points: dict[str, tuple[float, str]] = {}
    for date, result in results:
        value = result.value if result.normal_value is None else result.normal_value
        unit = result.normal_unit if result.normal_value is not None else result.unit
        day = result.time or date
        if value is not None and day and not result.text.startswith(("<", ">", "≤", "≥")):
            points[day] = (value, unit)
    days = sorted(points)
    unit = points[days[-1]][1] if days else ""
    days = [day for day in days if points[day][1] == unit]
    if len(days) < 2:
        return None
    values = [points[day][0] for day in days]
    change = values[-1] - values[0]
    return Trend(
        _direction(values), values[0], values[-1], days[0], days[-1], unit, change,
        change / abs(values[0]) if values[0] else None, len(days),
    )  # fmt: skip


def scale(result: Result) -> float | None:
    """From the written unit to the table's; None where it is not a plain factor."""
    if result.normal_unit == result.unit or result.normal_value == result.value:
        return 1.0
    if not result.value or not result.normal_value or fold(result.unit) in _NO_FACTOR:
        return None
    return result.normal_value / result.value


def _direction(values: list[float]) -> Direction:
    change = values[-1] - values[0]
    width = max(values) - min(values)
    if abs(change) <= _STEADY * abs(values[0]) or abs(change) < _TURNED * width:
        return "steady"
    return "rising" if change > 0 else "falling"
