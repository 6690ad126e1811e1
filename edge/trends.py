"""The values behind a line of a result, for a small picture of their course."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agents.records.results.trend import scale
from schemas.records import DateText, Document, Item, Line, Result, Source, Summary

MOST_POINTS = 24
"""The last ones."""


class Point(msgspec.Struct, frozen=True):
    """One value, and where it stands."""

    date: DateText
    value: float
    source: Source


class Trend(msgspec.Struct, frozen=True):
    """Values of one test in one unit, the oldest first, and the newest one's range."""

    unit: str
    low: float | None
    high: float | None
    points: tuple[Point, ...]


Kept = tuple[DateText, Source, Result]


def trends(
    summary: Summary, history: Iterable[tuple[Document, Iterable[Item]]]
) -> tuple[Trend | None, ...]:
    """For each line of the summary's results; None if fewer than two values can be compared."""
    tests: dict[str, list[Kept]] = {}
    places: dict[Source, str] = {}
    for document, items in history:
        for item in items:
            if isinstance(item, Result) and not item.text.startswith(("<", ">", "≤", "≥")):
                source = Source(document.id, item.span)
                name = item.term or item.name
                places[source] = name
                if item.value is not None and (item.time or document.date):
                    tests.setdefault(name, []).append((item.time or document.date, source, item))
    return tuple(_trend(line, tests, places) for line in summary.results)


def _trend(line: Line, tests: dict[str, list[Kept]], places: dict[Source, str]) -> Trend | None:
    names = {places[source] for source in line.sources if source in places}
    if len(names) != 1:
        return None
    kept = sorted(tests.get(names.pop(), ()), key=lambda one: one[:2])
    if not kept:
        return None
    newest = kept[-1][2]
    converted = all(result.normal_value is not None for _, _, result in kept)
    points = [
        Point(day, value, source)
        for day, source, result in kept
        if (value := result.normal_value if converted else result.value) is not None
        and (converted or result.unit == newest.unit)
    ][-MOST_POINTS:]
    if len(points) < 2:
        return None
    if not converted:
        return Trend(newest.unit, newest.low, newest.high, tuple(points))
    factor = scale(newest)
    low, high = (
        None if x is None or factor is None else x * factor for x in (newest.low, newest.high)
    )
    return Trend(newest.normal_unit, low, high, tuple(points))
