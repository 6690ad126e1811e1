"""Notes cut as the extractor cuts them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import cast

import msgspec
import numpy as np

from agents.models.tags import GROUPS, LABELS, Tagged, Tags
from agents.records.pack import Pack
from agents.records.parsed import Note, Parsed
from schemas.records import Sex, Span


@cache
def pack() -> Pack:
    return Pack.load()


@cache
def rules() -> Pack:
    """Without a second reader."""
    return replace(pack(), tags=None)


def parsed(text: str, date: str = "2025-03-02", sex: Sex = "unknown") -> Parsed:
    return Parsed(Note(text, date, sex), pack().headings.sections(text))


def marked(text: str) -> tuple[Parsed, Span]:
    """A text whose mention stands between { and }."""
    start, end = text.index("{"), text.index("}") - 1
    return parsed(text.replace("{", "").replace("}", "")), Span(start, end)


def said_to_be(
    text: str, labels: Mapping[str, str], sure: float = 0.9, *, inside: float = 1.0
) -> Parsed:
    """A note of whose words a model says so surely what they are, and that all else is nothing.

    `inside`: how surely these are something.
    """
    told = np.zeros((len(text), len(LABELS)))
    told[:, [LABELS.index(f"{group}: ") for group in GROUPS]] = 1
    for words, label in labels.items():
        group = next(name for name, some in GROUPS.items() if label in some)
        place = slice(text.index(words), text.index(words) + len(words))
        others = [f"{group}: {one}" for one in GROUPS[group] if one not in ("", label)]
        told[place, LABELS.index(f"{group}: ")] = 1 - inside
        for other in others:
            told[place, LABELS.index(other)] = inside * (1 - sure) / len(others)
        told[place, LABELS.index(f"{group}: {label}")] = inside * sure
    return Parsed(Note(text, "2025-03-02"), (), tagged=Tagged(text, told))


def judging(taken: float = 0.5, left: float = 0.0) -> Pack:
    """Ours, whose tag model takes and leaves out from these probabilities on."""
    tags = pack().tags
    assert tags
    card = msgspec.structs.replace(
        tags.card, taken=dict.fromkeys(GROUPS, taken), left=dict.fromkeys(GROUPS, left)
    )
    return replace(pack(), tags=cast(Tags, SimpleNamespace(card=card)))
