"""Facts that came with codes, and what was read out of the same text."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from schemas.records import Item, Result, Span

# What a code says of these is not for rules to change.
_SETTLED = frozenset({"span", "sentence", "name", "time", "certainty", "course", "change"})


def merged(coded: Iterable[Item], read: Iterable[Item]) -> tuple[Item, ...]:
    """Coded facts with what reading adds to them, and what was read in other lines; by place."""
    coded, read = tuple(coded), tuple(read)
    made = [_filled(one, read) for one in coded]
    lines = [one.sentence for one in coded]
    made += [one for one in read if not any(_meet(one.span, line) for line in lines)]
    return tuple(sorted(made, key=lambda one: one.span))


def _filled(item: Item, read: tuple[Item, ...]) -> Item:
    """With the term, converted value and the like of a fact read at the same place."""
    for other in read:
        if type(other) is type(item) and _meet(other.span, item.span):
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


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
