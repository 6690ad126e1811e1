"""Operations, advice that is still open, and the family, which is kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.records.summary.deeds import deeds
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.orders import due, open_orders
from agents.records.summary.relations import key, side
from agents.records.summary.words import Mark, Words, joined, line
from schemas.records import DateText, FamilyHistory, Line, Procedure

if TYPE_CHECKING:
    from agents.records.pack import Pack


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


def precaution_lines(facts: Facts, pack: Pack, words: Words) -> tuple[Line, ...]:
    """What is to be heeded or done, with its day."""
    made = []
    for one in (order.said for order in open_orders(facts, deeds(facts), pack)):
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
