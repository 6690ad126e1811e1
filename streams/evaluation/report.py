"""The quality table: outcomes of tasks with what they were run on, as JSON and as Markdown."""

import math
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

import msgspec

from streams.evaluation.row import Row

_PACKAGES = ("groundswell", "numpy", "scipy", "river")
_HEAD = ("task", "data", "measure", "figure", "goal", "", "alternative")


class Outcome(msgspec.Struct, frozen=True):
    """What a task gave in so many seconds; `missing` says what was not measured, and why.

    `seeds` are those asked for; None: the task's own, which its rows name.
    """

    task: str
    rows: tuple[Row, ...]
    missing: str
    seeds: tuple[int, ...] | None
    seconds: float


class Report(msgspec.Struct, frozen=True):
    """A run; `date` is that of its end."""

    date: str
    versions: dict[str, str]
    quick: bool
    outcomes: tuple[Outcome, ...]


def versions() -> dict[str, str]:
    """Of Python and of what the figures depend on."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


def encode(report: Report) -> bytes:
    """Indented JSON; rows are objects, a figure that could not be had is null."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    for outcome, shown in zip(report.outcomes, plain["outcomes"], strict=True):
        shown["rows"] = [row._asdict() | {"met": is_met(row)} for row in outcome.rows]
    return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"


def is_met(row: Row) -> bool | None:
    """None without a goal."""
    if row.goal is None:
        return None
    return row.value >= row.goal if row.higher_is_better else row.value <= row.goal


def cells(row: Row) -> tuple[str, str, str, str]:
    """Measure, figure with its count, goal, and whether it is met or how far off it is."""
    figure = _number(row.value) + (f" ({row.counted})" if row.counted else "")
    if row.goal is None:
        return row.measure, figure, "", ""
    goal = f"{'≥' if row.higher_is_better else '≤'} {_number(row.goal)}"
    if math.isnan(row.value):
        return row.measure, figure, goal, "not measured"
    off = f"{_number(abs(row.value - row.goal))} {'short' if row.higher_is_better else 'over'}"
    return row.measure, figure, goal, "met" if is_met(row) else off


def headline(report: Report) -> str:
    """Date, versions, and whether the figures may be quoted."""
    of = ", ".join(f"{name} {number}" for name, number in report.versions.items())
    quick = "; quick: these figures only show that it runs" if report.quick else ""
    return f"{report.date}, {of}{quick}"


def lines(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    """Seven cells a row; task and data only where they change. What is missing follows."""
    for outcome in outcomes:
        before = ("", "")
        for row in outcome.rows:
            task = row.task if row.task != before[0] else ""
            data = row.data if row[:2] != before else ""
            before = row[:2]
            yield task, data, *cells(row), row.alternative
        if outcome.missing:
            yield outcome.task, "", outcome.missing, "", "", "", ""


def markdown(report: Report) -> str:
    """A table to paste into documentation, under its headline."""
    rows = [_HEAD, ("---",) * len(_HEAD), *lines(report.outcomes)]
    table = "\n".join("| " + " | ".join(c.replace("|", r"\|") for c in row) + " |" for row in rows)
    return f"{headline(report)}\n\n{table}\n"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "-" if math.isnan(value) else "never"
    size = abs(value)
    digits = 0 if value == int(value) or size >= 1000 else 1 if size >= 10 else 3
    return f"{value:,.{digits}f}"
