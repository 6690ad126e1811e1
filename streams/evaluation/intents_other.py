"""Intents on messages by another hand: nobody who wrote them had read the understanding."""

from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from typing import NamedTuple, cast

from agents.assistant.reading import Reading
from agents.assistant.understanding.understander import Understander
from schemas.turns import Lang
from streams.encoders import fetched_encoders
from streams.evaluation.row import Row

TASK = "intents-other"
OUT = "out"
"""The intent of what a bank has no answer to."""
_DAY = date(2026, 11, 21)


class Said(NamedTuple):
    """A message and what a person says it means."""

    text: str
    lang: Lang
    intent: str


def messages() -> list[Said]:
    """All of them; a line `= LANG INTENT` is what follows. Nothing may be tuned on them."""
    lines = (files("streams.evaluation") / "sets" / "intents-other.txt").read_text("utf-8")
    found, lang, intent = [], "", ""
    for line in lines.splitlines():
        if line.startswith("= "):
            lang, intent = line[2:].split()
        else:
            found.append(Said(line, cast("Lang", lang), intent))
    return found


def evaluate() -> list[Row]:
    """As the assistant reads the first message of a session."""
    rows = _evaluated(Understander.load())
    if encoders := fetched_encoders():
        again = _evaluated(Understander.load(encoders))
        rows += [row._replace(data=f"{row.data}, with an encoder") for row in again]
    return rows


def _evaluated(understander: Understander) -> list[Row]:
    rows: list[Row] = []
    for lang in ("zh", "en"):
        some = [one for one in messages() if one.lang == lang]
        read = [(one, understander.read(one.text, _DAY)) for one in some]
        rows += _measured(lang, read)
    return rows


def _measured(lang: str, read: Sequence[tuple[Said, Reading]]) -> list[Row]:
    asked = [(one, reading) for one, reading in read if one.intent != OUT]
    rest = [reading for one, reading in read if one.intent == OUT]
    right = [one.intent == _top(reading) for one, reading in asked]
    three = [one.intent in _ranked(reading)[:3] for one, reading in asked]
    sure = [reading.sure for _, reading in asked]
    kept = [hit for hit, certain in zip(right, sure, strict=True) if certain]
    shares = {
        "top intent is right": right,
        "among the first three": three,
        "sure": sure,
        "of the sure, right": kept,
        "out of scope, no intent": [not reading.intent for reading in rest],
        "out of scope, yet sure": [reading.sure for reading in rest],
    }
    return [
        Row(TASK, f"another hand, {lang}", measure, sum(hits) / len(hits), None,
            not measure.endswith("yet sure"), "", f"{sum(hits)} of {len(hits)}")
        for measure, hits in shares.items()
    ]  # fmt: skip


def _top(reading: Reading) -> str:
    return next(iter(_ranked(reading)), "")


def _ranked(reading: Reading) -> list[str]:
    """The likeliest first, whether or not it was likely enough to be named."""
    return [*([reading.intent] if reading.intent else []), *(name for name, _ in reading.others)]
