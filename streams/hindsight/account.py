"""What was found out about a theme, ready to be told: as a table, a picture or JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agents.detect.rules import Sensitivity
from agents.detect.trace import Trace
from schemas.times import MINUTE_MS, format_ms
from streams.hindsight.survey import Found, Told

_AROUND = 60
"""Minutes shown before and after the most telling one."""
_ROWS = 24
_LEVELS = "▁▂▃▄▅▆▇█"
_CHARACTERS = 60
_WEIGHT = {"opened": 3, "small": 2, "muted": 2, "habit": 2, "beside": 1}
"""What a person asks about comes first."""


@dataclass(frozen=True)
class Course:
    """A theme minute by minute, ascending, at least one."""

    theme: Told
    traces: Sequence[Trace]

    @property
    def reports(self) -> int:
        """Reports in all minutes."""
        return sum(trace.count for trace in self.traces)

    @property
    def expected(self) -> float:
        """Expected reports in all minutes."""
        return sum(trace.expected for trace in self.traces)

    @property
    def telling(self) -> Trace:
        """The minute that says most, the first of equals."""
        return max(
            self.traces, key=lambda t: (_WEIGHT.get(t.decision, 0), t.score, t.count - t.expected)
        )

    def around(self) -> Course:
        """The hour before and after the most telling minute."""
        middle = self.telling.minute
        kept = [t for t in self.traces if abs(t.minute - middle) <= _AROUND]
        return Course(self.theme, kept)


@dataclass(frozen=True)
class Account:
    """The courses of the themes, the one asked for first, and the incident if one was named.

    `sensitivity` is that of the product.
    """

    product: str
    courses: list[Course]
    incident: Found | None
    sensitivity: Sensitivity

    def plain(self) -> dict[str, Any]:
        """For machines: everything, times in RFC 3339."""
        first = self.courses[0].traces
        return {
            "product": self.product,
            "sensitivity": self.sensitivity,
            "incident_id": self.incident.incident.incident_id if self.incident else None,
            "from": _time(first[0].minute),
            "to": _time(first[-1].minute + 1),
            "themes": [
                {
                    "cluster_id": course.theme.cluster_id,
                    "words": course.theme.words,
                    "terms": course.theme.terms,
                    "reports": course.reports,
                    "expected": round(course.expected, 2),
                    "minutes": [_plain(trace) for trace in course.traces],
                }
                for course in self.courses
            ],
        }


def _time(minute: int) -> str:
    return format_ms(minute * MINUTE_MS)


def _plain(trace: Trace) -> dict[str, Any]:
    return {
        "time": _time(trace.minute),
        "count": trace.count,
        "expected": round(trace.expected, 3),
        "usual": [trace.low, trace.high],
        "attribute": dict([trace.attribute]) if trace.attribute else {},
        "scales": trace.scales,
        "threshold": trace.threshold,
        "decision": trace.decision,
        "why": trace.why,
        "incident_id": trace.incident_id,
    }


def interesting(traces: Sequence[Trace]) -> list[Trace]:
    """Minutes worth a row: those in which a decision changed, the loudest and the highest score.

    Two dozen at most: then the first ones of the decisions that matter most stay.
    """
    peaks = (
        max(traces, key=lambda trace: trace.score),
        max(traces, key=lambda trace: trace.count),
    )
    picked = [t for t in _changes(traces) if t.decision != "quiet" or t is traces[0]]
    rows = {trace.minute: trace for trace in (*picked, *peaks)}
    first = sorted(rows.values(), key=lambda t: (-_WEIGHT.get(t.decision, 0), -t.score, t.minute))
    return sorted(first[:_ROWS], key=lambda trace: trace.minute)


def _changes(traces: Sequence[Trace]) -> Iterator[Trace]:
    before = None
    for trace in traces:
        # After its opening and its updates an incident just goes on.
        goes_on = trace.decision in ("opened", "updated", "part")
        now = ("open" if goes_on else trace.decision, trace.incident_id)
        if now != before or trace.decision in ("opened", "updated"):
            yield trace
        before = now


def full_height(counts: Sequence[int], guesses: Sequence[float]) -> float:
    """The top of a scale: all counts and nine of ten guesses; those of a newborn theme are wild."""
    return max(1.0, *counts, sorted(guesses)[9 * (len(guesses) - 1) // 10])


def minutes_a_character(traces: Sequence[Trace]) -> int:
    """How many minutes one character of a line stands for, so that it fits a terminal."""
    return -(-len(traces) // _CHARACTERS)


def sparkline(values: Sequence[float], step: int, most: float) -> str:
    """One character for the highest of each `step` values; `most` or more is the full height."""
    highest = [max(values[at : at + step]) for at in range(0, len(values), step)]
    scale = (len(_LEVELS) - 1) / most
    return "".join(_LEVELS[round(min(value, most) * scale)] for value in highest)
