"""Which of several readings of the same words, or of several mentions of one fact, stands."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from agents.records.parsed import Parsed
from schemas.records import (
    Allergy,
    Diagnosis,
    FamilyHistory,
    Item,
    Medication,
    Precaution,
    Procedure,
    Result,
    Span,
)

_RANK: tuple[type[Item], ...] = (
    Allergy, FamilyHistory, Procedure, Medication, Result, Diagnosis,
)  # fmt: skip
"""Of overlapping items of two kinds the first of these stands; a precaution overlaps freely."""
_YIELDING: frozenset[type[Item]] = frozenset({Diagnosis, Medication})
_FILLED, _SHORT = 0.6, 12
"""Share of a clause, and characters of a clause that may be a name only."""


def settled(parsed: Parsed, items: Iterable[Item]) -> tuple[Item, ...]:
    """Without overlaps and repetitions, by place."""
    return tuple(
        sorted(
            _once(parsed, _apart(len(parsed.text), items)), key=lambda one: (one.span, one.sentence)
        )
    )


def _apart(length: int, items: Iterable[Item]) -> list[Item]:
    """Of overlapping items the first by kind; of kinds that may not overlap others."""
    by_kind: dict[type[Item], list[Item]] = {}
    for one in items:
        by_kind.setdefault(type(one), []).append(one)
    # The albumin of a measurement is no drug.
    measured = by_kind.get(Result, [])
    by_kind[Medication] = [
        one
        for one in by_kind.get(Medication, ())
        if not any(_is_part(one, other) for other in measured)
    ]
    kept: list[Item] = []
    taken = bytearray(length)
    shown: dict[Span, list[str]] = {}
    for kind in _RANK:
        stay = [
            one
            for one in by_kind.get(kind, ())
            if kind not in _YIELDING or not any(taken[one.span.start : one.span.end])
        ]
        if kind is Diagnosis:
            stay = [one for one in stay if not _is_reaction(one, shown.get(one.sentence, []))]
        for one in stay:
            if isinstance(one, Allergy) and one.reaction:
                shown.setdefault(one.sentence, []).append(one.reaction)
            if kind is not Result:
                size = one.span.end - one.span.start
                taken[one.span.start : one.span.end] = b"\1" * size
        kept += stay
    advice = by_kind.get(Precaution, [])
    return kept + [one for one in advice if not _is_filled(taken, one)]


def _is_part(drug: Item, result: Item) -> bool:
    """Whether the name of a drug is a part of the name of a result, and stands there."""
    inside = result.span.start <= drug.span.start and drug.span.end <= result.span.end
    return inside and len(drug.name) < len(result.name) and drug.name in result.name


def _is_filled(taken: bytearray, one: Item) -> bool:
    """Whether a clause of advice is no more than the name of a disease, drug or operation."""
    size = one.span.end - one.span.start
    return size < _SHORT and sum(taken[one.span.start : one.span.end]) > _FILLED * size


def _is_reaction(one: Item, reactions: list[str]) -> bool:
    """Whether a disease is how an allergy showed itself."""
    return any(one.name in reaction or reaction in one.name for reaction in reactions)


def _once(parsed: Parsed, items: list[Item]) -> list[Item]:
    """Each fact at its most telling mention, with what its other mentions add."""
    groups: dict[tuple[object, ...], list[Item]] = {}
    alone: list[Item] = []
    for one in items:
        key = _fact(one)
        if key is None:
            alone.append(one)
        else:
            groups.setdefault(key, []).append(one)
    return alone + [_best(parsed, group) for group in groups.values()]


def _fact(one: Item) -> tuple[object, ...] | None:
    if isinstance(one, Diagnosis):
        return (
            "diagnosis",
            one.term if one.code else one.name,
            one.certainty == "refuted",
            _side(one.name),
        )
    if isinstance(one, FamilyHistory):
        return ("family", one.term or one.name, one.certainty == "refuted", one.relative)
    if isinstance(one, Allergy):
        return ("allergy", one.name, one.certainty == "refuted")
    if isinstance(one, Procedure):
        return ("procedure", one.term or one.name, one.certainty, one.time)
    return None


def _side(name: str) -> str:
    return next((side for side in ("左", "右", "双") if side in name), "")


def _best(parsed: Parsed, group: list[Item]) -> Item:
    if len(group) == 1:
        return group[0]
    best = max(
        group,
        key=lambda one: (
            parsed.section(one.span.start).kind == "diagnosis",
            bool(one.time),
            len(one.name),
            -one.span.start,
        ),
    )
    if isinstance(best, Diagnosis):
        others = [one for one in group if isinstance(one, Diagnosis)]
        time = best.time or next((one.time for one in others if one.time), "")
        chronic = any(one.course == "chronic" for one in others) and best.course == "active"
        if best.certainty == "confirmed":
            return msgspec.structs.replace(
                best, time=time, course="chronic" if chronic else best.course
            )
    if isinstance(best, Allergy) and not best.reaction:
        reaction = next((o.reaction for o in group if isinstance(o, Allergy) and o.reaction), "")
        return msgspec.structs.replace(best, reaction=reaction)
    return best
