"""Charts as SVG that needs nothing else: no script, no font, no style of its own.

Places are in percent of a chart, so that its words keep their size on any screen.
"""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, log10
from typing import NamedTuple

from streams.reviews.report.words import day

_HEIGHT, _PLOT = 170, 148
"""Of a chart with the days below it, and of the columns alone."""
_MIN_DAYS = 8
"""Fewer columns would be blocks."""
_STEPS = (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10)
_SPARK = (84, 20)


class Columns(NamedTuple):
    """A value for each day; None for one that is not known. `usual`: a line across."""

    days: Sequence[str]
    values: Sequence[float | None]
    usual: float | None
    css: str
    words: Callable[[float], str]
    scale: Callable[[float], str]


def columns(chart: Columns, title: str) -> str:
    """A column for each day, the last one in a stronger colour."""
    top = _rounded(max((value for value in chart.values if value is not None), default=0.0))
    slots = max(_MIN_DAYS, len(chart.days))
    first = slots - len(chart.days)
    bars = []
    for n, (of, value) in enumerate(zip(chart.days, chart.values, strict=True)):
        now = " now" if n == len(chart.days) - 1 else ""
        place = _wide(first + n, slots)
        if value is None:
            bars.append(_rect("gap", place, (0, 100), f"{of}: no night"))
        else:
            high = 100 * value / top
            said = f"{of}: {chart.words(value)}"
            bars.append(_rect(chart.css + now, place, (100 - high, high), said))
    grid = "".join(f'<line x1="0" x2="100%" y1="{y}%" y2="{y}%"/>' for y in (0, 50, 100))
    mean = ""
    if chart.usual is not None:
        y = f"{100 - 100 * chart.usual / top:.2f}%"
        mean = f'<line class="mean" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    scale = "".join(f"<span>{escape(chart.scale(top * part))}</span>" for part in (1, 0.5, 0))
    return (
        f'<div class="plot"><div class="scale" aria-hidden="true">{scale}</div>'
        f'<svg height="{_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<svg height="{_PLOT}" y="6"><g class="grid">{grid}</g>{"".join(bars)}{mean}</svg>'
        f"{_weeks(chart.days, slots)}</svg></div>"
    )


def stacked(parts: Sequence[tuple[str, float]], title: str) -> str:
    """One bar of 100 % in the parts named; `parts`: classes and shares of 1."""
    low, found = 0.0, []
    for css, share in parts:
        found.append(_rect(css, (low, 100 * share), (0, 100), f"{css} {100 * share:.1f} %"))
        low += 100 * share
    label = escape(title)
    return f'<svg class="bar" role="img" aria-label="{label}">{"".join(found)}</svg>'


def gauge(value: float, usual: float | None, most: float, css: str) -> str:
    """A bar of `value` out of `most`, with a mark where it usually ends."""
    scale = 100 / most if most else 0.0
    mark = ""
    if usual is not None:
        at = min(99.0, usual * scale)
        mark = f'<rect class="mark" x="{at:.2f}%" width="2" height="100%"/>'
    bar = f'<rect class="{css}" y="2" width="{min(100.0, value * scale):.2f}%" height="8"/>'
    return (
        '<svg class="gauge" aria-hidden="true"><rect class="rail" y="2" width="100%" height="8"/>'
        f"{bar}{mark}</svg>"
    )


def spark(values: Sequence[float]) -> str:
    """A small line over the nights; what it says stands beside it."""
    width, height = _SPARK
    most = max(values, default=0.0) or 1.0
    step = width / max(1, len(values) - 1)
    points = [
        f"{n * step:.1f},{height - 1 - (height - 2) * value / most:.1f}"
        for n, value in enumerate(values)
    ]
    return (
        f'<svg class="spark" viewBox="-2 0 {width + 4} {height}" aria-hidden="true">'
        f'<polyline points="{" ".join(points)}"/></svg>'
    )


def _rect(css: str, across: tuple[float, float], down: tuple[float, float], said: str) -> str:
    (x, width), (y, height) = across, down
    return (
        f'<rect class="{css}" x="{x:.2f}%" width="{width:.2f}%" y="{y:.2f}%"'
        f' height="{height:.2f}%"><title>{escape(said)}</title></rect>'
    )


def _wide(n: int, slots: int) -> tuple[float, float]:
    """Where a column begins and how wide it is, in percent."""
    return 100 * (n + 0.1) / slots, 80 / slots


def _weeks(days: Sequence[str], slots: int) -> str:
    """The last day, and each week before it."""
    parts = []
    for back in range(0, len(days), 7):
        x = 100 * (slots - back - 0.5) / slots
        end = ' text-anchor="end" x="100%"' if not back else f' text-anchor="middle" x="{x:.2f}%"'
        # The first would be cut by the edge.
        if x > 4:
            parts.append(f'<text{end} y="{_HEIGHT - 2}">{day(days[-1 - back])}</text>')
    return f'<g class="days">{"".join(parts)}</g>'


def _rounded(most: float) -> float:
    """Up to what divides well in two."""
    if most <= 0:
        return 1.0
    unit = 10.0 ** (ceil(log10(most)) - 1)
    return next(step * unit for step in _STEPS if step * unit >= most * (1 - 1e-9))
