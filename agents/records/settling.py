"""Which of several readings of the same words, or of several mentions of one fact, stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import attrgetter

import msgspec

from agents.records.overlaps import Overlaps
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
_IN_USE = re.compile(r"类?(?:本次|一直|现|目前|仍)?(?:在用|已?用\d+[天日次剂])")
_USING = frozenset({"已用", "在用", "现用"})
"""Behind a medicine that is given now, and before it."""
_SYLLABLES = frozenset("一二三四五六七八九十")
_FILLED, _SHORT = 0.6, 12
"""Share of a clause, and characters of a clause that may be a name only."""


def settled(parsed: Parsed, items: Iterable[Item]) -> tuple[Item, ...]:
    """Without overlaps and repetitions, by place."""
    return tuple(
        sorted(_once(parsed, _apart(parsed, items)), key=lambda one: (one.span, one.sentence))
    )


def _apart(parsed: Parsed, items: Iterable[Item]) -> list[Item]:
    """Of overlapping items the first by kind; of kinds that may not overlap others."""
    by_kind: dict[type[Item], list[Item]] = {}
    for one in items:
        by_kind.setdefault(type(one), []).append(one)
    # The albumin of a measurement is no drug.
    measured = _Measured(by_kind.get(Result, ()))
    by_kind[Medication] = [
        one
        for one in by_kind.get(Medication, ())
        if not measured.has(parsed.folded, one)
        and not (parsed.is_english and _is_lacked(one, by_kind.get(Diagnosis, ())))
    ]
    # The insulin that is injected is no measurement.
    given = {(one.span.start, one.name) for one in by_kind[Medication] if _is_taken(one)}
    by_kind[Result] = [
        one for one in by_kind.get(Result, ()) if (one.span.start, one.name) not in given
    ]
    kept: list[Item] = []
    taken = bytearray(len(parsed.text))
    shown: dict[Span, list[Allergy]] = {}
    for kind in _RANK:
        stay = [
            one
            for one in by_kind.get(kind, ())
            if kind not in _YIELDING
            or not any(taken[one.span.start : one.span.end])
            or _is_given(parsed, one, by_kind.get(Allergy, ()))
        ]
        if kind is Diagnosis:
            treated = _treated(by_kind.get(Diagnosis, ()), by_kind.get(Procedure, ()))
            stay = [one for one in stay if not _is_reaction(one, shown.get(one.sentence, []))]
            stay += treated
        for one in stay:
            if isinstance(one, Allergy) and one.reaction:
                shown.setdefault(one.sentence, []).append(one)
            if kind is not Result:
                size = one.span.end - one.span.start
                taken[one.span.start : one.span.end] = b"\1" * size
        kept += stay
    advice = by_kind.get(Precaution, [])
    return kept + [one for one in advice if not _is_filled(taken, one)]


def _is_given(parsed: Parsed, one: Item, allergies: Iterable[Item]) -> bool:
    """Whether a medicine that shows no allergy, or showed one, is being given all the same."""
    if not isinstance(one, Medication) or not any(_covers(allergy, one) for allergy in allergies):
        return False
    refused = one.certainty == "refuted" and one.reason
    if one.change not in ("", "start") or one.dose or one.frequency or refused:
        return True
    before = parsed.folded[max(0, one.span.start - 2) : one.span.start]
    return before in _USING or _IN_USE.match(parsed.folded, one.span.end) is not None


def _is_lacked(drug: Item, diseases: Iterable[Item]) -> bool:
    """Whether a drug only stands in the name of a disease: vitamin D deficiency."""
    return any(_holds(one.span, drug.span) for one in diseases)


def _covers(one: Item, other: Item) -> bool:
    return one.span.start < other.span.end and other.span.start < one.span.end


def _treated(diseases: Iterable[Item], operations: Iterable[Item]) -> Iterator[Item]:
    """Diseases that the name of an operation begins with or holds: 直肠癌Dixon术.

    Over only where it is told when it, or the operation, was.
    """
    named = Overlaps((one.span, one.time) for one in operations)
    for one in diseases:
        times = [when for span, when in named.of(one.span) if _holds(span, one.span)]
        if times:
            over = isinstance(one, Diagnosis) and one.course == "past"
            known = one.time or any(times)
            yield msgspec.structs.replace(one, course="active") if over and not known else one


def _holds(whole: Span, part: Span) -> bool:
    """Whether a part stands in what is longer."""
    return whole != part and whole.start <= part.start and part.end <= whole.end


class _Measured:
    """The places of results, by their name: those of one name begin and end in one order."""

    def __init__(self, results: Iterable[Item]) -> None:
        self._places: dict[str, list[Span]] = {}
        for one in sorted(results, key=lambda one: one.span):
            self._places.setdefault(one.name, []).append(one.span)

    def has(self, folded: str, drug: Item) -> bool:
        """Whether the name of a drug is a part of the name of a result, and stands there.

        Or is that name, with a number behind it that is spoken, or no dose: 白蛋白三十一.
        """
        spoken = folded[drug.span.end : drug.span.end + 1] in _SYLLABLES
        bare = spoken or not _is_taken(drug)
        for name, places in self._places.items():
            if bare if name == drug.name else drug.name in name:
                at = bisect_right(places, drug.span.start, key=attrgetter("start")) - 1
                if at >= 0 and drug.span.end <= places[at].end:
                    return True
        return False


def _is_taken(one: Item) -> bool:
    """Whether it is said how a medicine is taken, or that this was changed."""
    return isinstance(one, Medication) and bool(
        one.dose or one.frequency or one.route or one.change or one.certainty != "confirmed"
    )


def _is_filled(taken: bytearray, one: Item) -> bool:
    """Whether a clause of advice is no more than the name of a disease, drug or operation."""
    size = one.span.end - one.span.start
    return size < _SHORT and sum(taken[one.span.start : one.span.end]) > _FILLED * size


def _is_reaction(one: Item, shown: list[Allergy]) -> bool:
    """Whether a disease is how an allergy showed itself, told behind its substance."""
    return any(
        allergy.span < one.span and (one.name in allergy.reaction or allergy.reaction in one.name)
        for allergy in shown
    )


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
            getattr(one, "certainty", "") != "uncertain",
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
