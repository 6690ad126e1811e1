"""Facts that came with codes, and what was read out of the same text."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agents.records.overlaps import Overlaps
from schemas.records import Item, Result

# What a code says of these is not for rules to change.
_SETTLED = frozenset({"span", "sentence", "name", "time", "certainty", "course", "change"})


def merged(coded: Iterable[Item], read: Iterable[Item]) -> tuple[Item, ...]:
    """Coded facts with what reading adds to them, and what was read in other lines; by place."""
    coded, read = tuple(coded), tuple(read)
    found = Overlaps((one.span, one) for one in read)
    lines = Overlaps((one.sentence, one) for one in coded)
    made = [_filled(one, found) for one in coded]
    made += [one for one in read if not lines.of(one.span)]
    return tuple(sorted(made, key=lambda one: one.span))


def _filled(item: Item, read: Overlaps[Item]) -> Item:
    """With the term, converted value and the like of a fact read at the same place."""
    for _, other in read.of(item.span):
        if type(other) is type(item):
            if isinstance(item, Result) and isinstance(other, Result) and item.value != other.value:
                continue
            return msgspec.structs.replace(item, **_missing(item, other))
    return item


def _missing(item: Item, other: Item) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(item):
        if field.name not in _SETTLED and getattr(item, field.name) == field.default:
            found[field.name] = getattr(other, field.name)
    if "interpretation" not in found:
        # Its range and whence it was judged belong to the judgement.
        found = {name: value for name, value in found.items() if name not in ("low", "high")}
    return found
