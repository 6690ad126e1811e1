"""Slots and acts: the rules on our own messages, each with what it names and nothing else."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import msgspec

from agents.assistant.understanding.acts import heard
from agents.assistant.understanding.folding import said
from agents.assistant.understanding.slots import slots
from streams.evaluation.row import Row

TODAY = date(2026, 11, 21)
"""A Saturday, the day on which the set is read."""


def evaluate() -> list[Row]:
    """Messages of which every slot and the act are right; a slot that is made up is wrong, too."""
    cases = examples()
    hits = [found(case["text"]) == expected(case) for case in cases]
    share = sum(hits) / len(hits)
    return [Row("slots", "our own", "right", share, None, True, "", f"{sum(hits)} of {len(hits)}")]


def examples() -> list[dict[str, str]]:
    """The lines of the set: `text` and what it names; `act` only where it is judged."""
    lines = (files("streams.evaluation") / "sets" / "slots.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=dict) for line in lines]


def expected(case: dict[str, str]) -> dict[str, object]:
    """What a line says, without what is empty."""
    return {name: value for name, value in case.items() if value != "" and name != "text"}


def found(text: str) -> dict[str, object]:
    """Slots and act of a message, days as they are written in the set."""
    message = said(text)
    named = slots(message, TODAY)._asdict() | {"act": heard(message.folded).act}
    return {
        name: str(value) if isinstance(value, date) else value
        for name, value in named.items()
        if value not in (None, "")
    }
