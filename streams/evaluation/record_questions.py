"""What questions about records ask for, beside what their writer meant."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib.resources import files
from typing import NamedTuple

from agents.records.pack import Pack
from agents.records.questions import Intent, classify
from streams.evaluation.row import Row

TASK = "record-questions"
_GOAL = 0.9


class Asked(NamedTuple):
    """A line of the set."""

    half: str
    scope: str
    topic: str
    question: str


def own_questions() -> list[Asked]:
    """All of the set."""
    place = files("streams.evaluation") / "sets" / "record-questions.txt"
    lines = place.read_text(encoding="utf-8").splitlines()
    return [Asked(*line.split("|", 3)) for line in lines if line and not line.startswith("#")]


def evaluate(
    *, misses: str | None = None, detail: Callable[[str], None] = lambda _: None
) -> list[Row]:
    """Scopes that are right, own ones that would have been asked outside, and topics."""
    pack = Pack.load()
    rows: list[Row] = []
    for half in ("test", "tune"):
        done = [(one, classify(one.question, pack)) for one in own_questions() if one.half == half]
        for asked, intent in done:
            if half == misses and not _is_right(asked, intent):
                detail(f"{asked.scope} {asked.topic}: {asked.question}: read {intent}")
        own = [(asked, intent) for asked, intent in done if asked.scope == "own"]
        counts = (
            ("scope", sum(a.scope == i.scope for a, i in done), len(done), _GOAL, True),
            (
                "own, taken for general",
                sum(i.scope == "general" for _, i in own),
                len(own),
                0.0,
                False,
            ),
            ("own: topic", sum(a.topic in i.topics for a, i in own), len(own), _GOAL, True),
        )
        for measure, part, of, goal, higher in counts:
            rows.append(
                Row(
                    TASK, f"own questions, {half} half", measure, part / of if of else math.nan,
                    goal if half == "test" else None, higher, "", f"{part} of {of}",
                )
            )  # fmt: skip
    return rows


def _is_right(asked: Asked, intent: Intent) -> bool:
    return asked.scope == intent.scope and (asked.scope != "own" or asked.topic in intent.topics)
