"""What is other than at the visit before the last one."""

from __future__ import annotations

from collections.abc import Iterator

from agents.records.summary.allergies import Substance
from agents.records.summary.contradictions import same_dose
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.medication import Drug
from agents.records.summary.problems import Disease
from agents.records.summary.readings import Series, series_mark, series_name
from agents.records.summary.relations import Relations
from agents.records.summary.words import Mark, Words, intake, joined, line
from schemas.records import Change, Item, Line, Medication

_VERBS: dict[Change, str] = {
    "start": "started", "stop": "stopped", "hold": "held", "switch": "switched",
    "increase": "changed", "decrease": "changed",
}  # fmt: skip


def change_lines(
    facts: Facts,
    named: tuple[Substance, ...],
    drugs: tuple[Drug, ...],
    diseases: tuple[Disease, ...],
    all_series: tuple[Series, ...],
    relations: Relations,
    words: Words,
) -> tuple[Line, ...]:
    """Allergies, diagnoses, medication, results, in this order."""
    return (
        *_allergies(facts, named, words),
        *_diagnoses(facts, diseases, words),
        *sorted(_medication(facts, drugs, words), key=lambda line: line.date, reverse=True),
        *_results(facts, all_series, relations, words),
    )


def _allergies(facts: Facts, named: tuple[Substance, ...], words: Words) -> Iterator[Line]:
    for one in named:
        if facts.since and facts.is_new(one.first):
            yield line(words("new_allergy", name=words.name(one.first.item)), one.first, mark="new")


def _diagnoses(facts: Facts, diseases: tuple[Disease, ...], words: Words) -> Iterator[Line]:
    if not facts.since:
        return
    for one in diseases:
        first, certain, last = one.held[0], one.certain, one.last
        if one.gone or one.absent:
            denial = one.denied[-1]
            if facts.is_new(denial) and not facts.is_new(first):
                text = "ruled_out" if one.gone else "resolved"
                yield _told(words(text, name=words.name(last.item)), denial, first, mark="changed")
        elif facts.is_new(first):
            if last.item.course in ("past", "resolved"):
                continue
            text = "maybe_diagnosis" if certain is None else "new_diagnosis"
            yield _told(
                words(text, name=words.name((certain or first).item)), certain or first,
                mark="uncertain" if certain is None else "new",
            )  # fmt: skip
        elif certain is not None and facts.is_new(certain):
            yield _told(
                words("now_certain", name=words.name(certain.item)), certain, first, mark="changed"
            )
        elif last.item.course == "resolved" and facts.is_new(last):
            yield _told(words("resolved", name=words.name(last.item)), last, mark="changed")


def _told(text: str, first: Said[Item], *more: Said[Item], mark: Mark) -> Line:
    return line(text, first, *more, date=first.date, mark=mark)


def _medication(facts: Facts, drugs: tuple[Drug, ...], words: Words) -> Iterator[Line]:
    for drug in drugs:
        told = [one for one in drug.statements if facts.is_new(one)]
        earlier = [one for one in drug.statements if not facts.is_new(one)]
        changes = [
            one for one in told
            if isinstance(one, Held) and one.item.change in _VERBS
            and not _is_known(one, earlier, facts)
        ]  # fmt: skip
        before = _taken_before(earlier)
        if changes:
            yield _changed(changes[-1], before, words)
        elif drug.replaced is not None and facts.is_new(drug.replaced) and drug.state == "stopped":
            yield line(
                words("stopped", name=words.name(drug.last.item)), drug.replaced, drug.last,
                date=drug.replaced.told,
                detail=words("switched", name=words.name(drug.replaced.item)), mark="changed",
            )  # fmt: skip
        elif told and not isinstance(told[-1], Held):
            if before is not None:
                yield line(
                    words("not_taken", name=words.name(told[-1].item)),
                    told[-1],
                    before,
                    date=told[-1].date,
                    mark="changed",
                )
        elif told and facts.since and isinstance(told[-1], Held):
            yield from _silent(told[-1], before, words)


def _is_known(
    one: Held[Medication], earlier: list[Held[Medication] | Said[Medication]], facts: Facts
) -> bool:
    """Whether it is told again: it was changed before, and an earlier visit had it so."""
    if not one.item.time or one.item.time > facts.since or not earlier:
        return False
    last = earlier[-1]
    if one.item.change in ("stop", "hold"):
        return not isinstance(last, Held) or last.item.change in ("stop", "hold")
    before = _taken_before(earlier)
    if before is None:
        return False
    return not (one.item.dose and before.item.dose) or same_dose(one.item, before.item)


def _taken_before(earlier: list[Held[Medication] | Said[Medication]]) -> Held[Medication] | None:
    """How it was taken last, if it was not stopped since."""
    for one in reversed(earlier):
        if not isinstance(one, Held) or one.item.change in ("stop", "hold"):
            return None
        if one.item.dose:
            return one
    return next((one for one in reversed(earlier) if isinstance(one, Held)), None)


def _changed(one: Held[Medication], before: Held[Medication] | None, words: Words) -> Line:
    item = one.item
    was = item.before or (intake(before.item) if before is not None else "")
    how = ""
    if item.change == "switch":
        how = words("instead_of", before=item.before) if item.before else ""
    elif item.change in ("increase", "decrease") and was:
        how = words("before_after", before=was, after=intake(item) or "?")
    elif item.change in ("stop", "hold") and was:
        how = words("instead_of", before=was)
    name = words.name(item) if item.change in ("stop", "hold") else words.drug(item)
    sources = [before] if before is not None else []
    return line(
        words(_VERBS[item.change], name=name), one, *sources, date=one.told,
        detail=joined(how, words("because", reason=item.reason) if item.reason else ""),
        mark="new" if item.change in ("start", "switch") else "changed",
    )  # fmt: skip


def _silent(one: Held[Medication], before: Held[Medication] | None, words: Words) -> Iterator[Line]:
    """A change that no word speaks of."""
    if one.item.course != "active":
        return
    if before is None:
        yield line(words("newly_listed", name=words.drug(one.item)), one, date=one.date, mark="new")
    elif one.item.dose and before.item.dose and not same_dose(one.item, before.item):
        yield line(
            words("changed", name=words.drug(one.item)), one, before, date=one.date,
            detail=words("before_after", before=intake(before.item), after=intake(one.item)),
            mark="changed",
        )  # fmt: skip


def _results(
    facts: Facts, all_series: tuple[Series, ...], relations: Relations, words: Words
) -> Iterator[Line]:
    for series in all_series:
        last, before = series.last, series.before
        if (
            before is None
            or not facts.is_new(last.said[0])
            or series.terms & set(relations.passing)
        ):
            continue
        name = f"{series_name(series, words)} {last.text}"
        if last.abnormal and not before.abnormal:
            text = words("became_abnormal", name=name)
        elif last.normal and before.abnormal:
            text = words("became_normal", name=name)
        else:
            continue
        mark: Mark = series_mark(last) or "changed"
        first, *more = last.said
        yield line(
            text, first, *more, *before.said, date=last.day, mark=mark,
            detail=words("worse", before=f"{before.text} ({before.day})", after=last.text),
        )  # fmt: skip
