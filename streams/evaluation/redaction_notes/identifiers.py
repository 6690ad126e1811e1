"""Made-up identifiers, by kind and variant; each as people write them, in several ways."""

from __future__ import annotations

from streams.evaluation.redaction_notes import dates, numbers, people, places
from streams.evaluation.redaction_notes.making import Maker

MAKERS: dict[str, Maker] = {**people.MAKERS, **places.MAKERS, **numbers.MAKERS, **dates.MAKERS}

KIND_OF = {"surname": "name", "relative": ""}
"""Kinds that go by another name; empty: it is no identifier."""


def kind_of(slot: str) -> str:
    """Of a slot such as `phone.land`; empty: filled, but no identifier."""
    stem = slot.partition(".")[0]
    return KIND_OF.get(stem, stem)
