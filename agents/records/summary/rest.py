"""Operations, advice that is still open, and the family, which is kept apart."""

from __future__ import annotations

from agents.records.folding import fold
from agents.records.summary.dates import after, between
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.relations import Relations, key, side
from agents.records.summary.words import Mark, Words, joined, line
from schemas.records import DateText, FamilyHistory, Line, Precaution, Procedure

_KEPT_DAYS = 365
"""Advice without a time is not shown any more when it is this old."""
_EARLY = 0.2
"""Of the time: a visit this much early is the one that was meant."""


def procedure_lines(facts: Facts, words: Words) -> tuple[Line, ...]:
    """What was done, the newest first, each once for a time and a side."""
    found: dict[tuple[str, str, DateText], list[Held[Procedure]]] = {}
    for one in facts.procedures:
        name, where = key(one.item), side(one.item.name)
        known = [each for each in found if each[:2] == (name, where)]
        if one.item.time and known and all(each[2] not in ("", one.item.time) for each in known):
            known = []
        found.setdefault(known[-1] if known else (name, where, one.item.time), []).append(one)
    made = []
    for (_, _, time), said in found.items():
        best = max(said, key=lambda each: (len(each.item.time), len(each.item.name)))
        others = (one for one in said if one is not best)
        mark: Mark = "uncertain" if all(one.uncertain for one in said) else ""
        date = best.item.time or time or said[0].date
        made.append(
            line(
                words.name(best.item),
                best,
                *others,
                date=date,
                detail=said[0].document.department,
                mark=mark,
            )
        )
    return tuple(sorted(made, key=lambda one: one.date, reverse=True))


def due(said: Said[Precaution]) -> DateText:
    """The day on which it falls due; empty if it has none."""
    days = said.item.due_days
    return "" if days is None else after(said.date, days)


def open_precautions(facts: Facts, relations: Relations) -> list[Said[Precaution]]:
    """Advice that no later visit has answered, the newest first, each once."""
    kept: dict[str, Said[Precaution]] = {}
    for one in reversed(facts.precautions):
        if _is_open(one, facts, relations):
            kept.setdefault(key(one.item), one)
    return sorted(kept.values(), key=lambda one: (-one.visit, one.at[1]))


def _is_open(one: Said[Precaution], facts: Facts, relations: Relations) -> bool:
    if one.date == facts.last_visit or not one.date:
        return True
    if (
        any(word in fold(one.item.name) for word in relations.standing)
        and one.item.due_days is None
    ):
        return True
    days = between(one.date, facts.last_visit)
    if days is None:
        return True
    if one.item.due_days is None:
        return days <= _KEPT_DAYS
    return days < one.item.due_days * (1 - _EARLY)


def precaution_lines(facts: Facts, relations: Relations, words: Words) -> tuple[Line, ...]:
    """What is to be heeded or done, with its day."""
    made = []
    for one in open_precautions(facts, relations):
        day = due(one)
        detail = joined(words("due", date=day) if day else "", one.document.department)
        made.append(line(one.item.name, one, date=one.date, detail=detail))
    return tuple(made)


def family_lines(facts: Facts, words: Words) -> tuple[Line, ...]:
    """Of relatives, each disease of each once."""
    found: dict[tuple[str, str], list[Said[FamilyHistory]]] = {}
    for one in facts.family:
        found.setdefault((one.item.relative, key(one.item)), []).append(one)
    made = []
    for (relative, _), said in found.items():
        first, *more = reversed(said)
        sure = any(one.item.certainty == "confirmed" for one in said)
        made.append(
            line(
                f"{relative or words('any_relative')}：{words.name(first.item)}", first, *more,
                date=first.date, mark="" if sure else "uncertain",
            )
        )  # fmt: skip
    return tuple(made)
