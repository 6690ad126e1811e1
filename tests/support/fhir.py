"""Reads bundles about one patient for tests."""

from __future__ import annotations

from edge.importing.fhir import bundle
from schemas.records import Item
from tests.support.papers import PATIENT, Json, bundle_of


def lines(*resources: Json) -> list[str]:
    return bundle.read(bundle_of(PATIENT, *resources)).text.split("\n")[:-1]


def only(*resources: Json) -> tuple[str, Item]:
    """The one fact's line, and the fact with its words checked against the text."""
    read = bundle.read(bundle_of(PATIENT, *resources))
    (item,) = read.items
    said = read.text[item.span.start : item.span.end]
    assert said == item.name or (not item.name and said)
    return read.text[item.sentence.start : item.sentence.end], item


def quantity(value: float, unit: str = "") -> Json:
    return {"value": value, "unit": unit}
