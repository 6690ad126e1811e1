"""The patient's problems: one per diagnosis, with its course and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from agents.records.folding import fold
from agents.records.summary.dates import between
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.medication import Drug, drug_line
from agents.records.summary.readings import Series, series_line
from agents.records.summary.relations import Relations, fits, key, side
from agents.records.summary.words import Mark, Words, joined, line
from schemas.records import Course, Diagnosis, Line, Problem

_STALE_DAYS = 90
"""An acute disease that the last visit does not name any more is not said to be there still."""
_MOST_LINES = 4
"""Statements of one problem, the newest."""
_HEADING = 60
"""Characters before a disease in which it may be said to be history."""
_HISTORY = re.compile(r"既往|病史|past history|pmh|history of")
_AROUND = 12
"""Characters beside a disease in which a word may say that it never was."""


@dataclass(frozen=True, slots=True, repr=False)
class Disease:
    """A diagnosis through the documents. `held`: in order of time, at least one.

    `denied`: where it is said that it is not so; `gone`: by the latest word the patient has not
    got it; `disputed`: it was said for certain, and later or beside it that it is not so.
    """

    name: str
    held: tuple[Held[Diagnosis], ...]
    denied: tuple[Said[Diagnosis], ...]
    gone: bool
    absent: bool
    disputed: bool

    @property
    def last(self) -> Held[Diagnosis]:
        """The latest statement that it is so."""
        return self.held[-1]

    @property
    def certain(self) -> Held[Diagnosis] | None:
        """The first statement without a doubt."""
        return next((one for one in self.held if not one.uncertain), None)

    @property
    def uncertain(self) -> bool:
        """Whether no document is sure of it."""
        return self.certain is None

    @property
    def chronic(self) -> bool:
        """Whether any document calls it so."""
        return any(one.item.course == "chronic" for one in self.held)

    def course(self, facts: Facts) -> Course:
        """As of the last visit."""
        course = self.last.item.course
        if self.absent and course not in ("past", "resolved"):
            return "resolved"
        if course == "active" and self.chronic:
            return "chronic"
        days = between(self.last.date, facts.last_visit)
        if course == "active" and days is not None and days > _STALE_DAYS:
            return "unknown"
        return course


def diseases(facts: Facts, relations: Relations) -> tuple[Disease, ...]:
    """Every diagnosis that the patient has or had, the one named last first."""
    general = _general(facts, relations)

    def which(said: Said[Diagnosis]) -> str:
        name = key(said.item)
        return general.get(name, name)

    held: dict[str, list[Held[Diagnosis]]] = {}
    for one in facts.diagnoses:
        held.setdefault(which(one), []).append(one)
    denied: dict[str, list[Said[Diagnosis]]] = {}
    for said in facts.denied:
        denied.setdefault(which(said), []).append(said)
    made = [_disease(name, said, denied.get(name, []), relations) for name, said in held.items()]
    return tuple(sorted(made, key=lambda one: (one.last.visit, -one.last.at[1]), reverse=True))


def _general(facts: Facts, relations: Relations) -> dict[str, str]:
    """A short name, and the exact one that the patient's documents have for it, if only one."""
    known = dict.fromkeys(key(one.item) for one in facts.diagnoses)
    made = {}
    for general in relations.general:
        exact = [kind for kind in map(fold, general.kinds) if kind in known]
        if len(exact) == 1:
            made[fold(general.name)] = exact[0]
    return made


def _disease(
    name: str, held: list[Held[Diagnosis]], denied: list[Said[Diagnosis]], relations: Relations
) -> Disease:
    last = held[-1]
    certain = next((one for one in held if not one.uncertain), None)
    later = [
        one for one in denied
        if one.at > last.at or (last.uncertain and one.visit == last.visit)
    ]  # fmt: skip
    strong = any(_refutes(one, relations) for one in later)
    chronic = any(one.item.course == "chronic" for one in held)
    gone = bool(later) and (strong or certain is None)
    absent = bool(later) and not gone and not chronic
    never = [one for one in denied if certain is not None and one.at > certain.at]
    ruled_out = [one for one in denied if _refutes(one, relations)]
    handed_on = [one for one in held if ruled_out and one.at > ruled_out[-1].at]
    copied = bool(handed_on) and all(_HISTORY.search(_line_before(one)) for one in handed_on)
    gone = gone or copied
    told_for_certain = certain is not None
    disputed = told_for_certain and (
        copied or any(chronic or _refutes(one, relations) for one in never)
    )
    return Disease(name, tuple(held), tuple(denied), gone, absent, disputed)


def _line_before(said: Said[Diagnosis]) -> str:
    """What stands before it in its line."""
    text, start = said.document.text, said.item.span.start
    return fold(text[max(text.rfind("\n", 0, start) + 1, start - _HEADING) : start])


def _refutes(said: Said[Diagnosis], relations: Relations) -> bool:
    """Whether it is said that it never was, and not only that it is not there now."""
    text, place = said.document.text, said.item.span
    around = fold(text[max(0, place.start - _AROUND) : place.end + _AROUND])
    return any(word in around for word in relations.refuting)


def problems(
    facts: Facts,
    all_diseases: Iterable[Disease],
    all_drugs: tuple[Drug, ...],
    tests: tuple[Series, ...],
    relations: Relations,
    words: Words,
) -> tuple[Problem, ...]:
    """What is there still first, then what is past, each the newest first."""
    made = [
        _problem(facts, one, all_drugs, tests, relations, words)
        for one in all_diseases
        if not one.gone
    ]
    rank = {"active": 0, "chronic": 0, "unknown": 1, "past": 2, "resolved": 2}
    return tuple(sorted(made, key=lambda one: rank[one.course]))


def _problem(
    facts: Facts,
    disease: Disease,
    all_drugs: tuple[Drug, ...],
    tests: tuple[Series, ...],
    relations: Relations,
    words: Words,
) -> Problem:
    course = disease.course(facts)
    lines = list(_statements(disease, words))
    if course in ("active", "chronic"):
        lines += _belonging(disease, all_drugs, tests, relations, words)
    name = _name(disease, words)
    if disease.uncertain:
        name = (
            f"{name}（{words('uncertain')}）"
            if not name.isascii()
            else f"{name} ({words('uncertain')})"
        )
    return Problem(name, disease.last.item.code, course, tuple(lines))


def _name(disease: Disease, words: Words) -> str:
    """As written last, or where that says less than before, as written then."""
    told = [one for one in disease.held if one.uncertain == disease.uncertain]
    names = [words.name(one.item) for one in told if key(one.item) == disease.name]
    return max(reversed(names or [words.name(told[-1].item)]), key=lambda name: (bool(side(name)),))


def _statements(disease: Disease, words: Words) -> Iterable[Line]:
    by_date = {one.date: one for one in disease.held}
    kept = list(reversed(by_date.values()))
    if len(kept) > _MOST_LINES:
        kept = [*kept[: _MOST_LINES - 1], kept[-1]]
    for one in kept:
        item = one.item
        detail = joined(
            words(f"course_{item.course}"),
            words("since", date=item.time) if item.time not in ("", one.date) else "",
            one.document.department,
        )
        mark: Mark = "contradiction" if disease.disputed else "uncertain" if one.uncertain else ""
        more = disease.denied if disease.disputed else ()
        yield line(item.name, one, *more, date=one.date, detail=detail, mark=mark)


def _belonging(
    disease: Disease,
    all_drugs: tuple[Drug, ...],
    tests: tuple[Series, ...],
    relations: Relations,
    words: Words,
) -> Iterable[Line]:
    codes, terms = relations.belonging(disease.last.item)
    for drug in all_drugs:
        now = drug.now
        if now is not None and codes and fits(now.item, codes):
            made = drug_line(drug, now, words)
            yield line(
                words("medication_of", name=made.text), *made.sources,
                date=made.date, detail=made.detail, mark=made.mark,
            )  # fmt: skip
    for test in tests:
        if test.terms & frozenset(terms):
            made = series_line(test, words)
            yield line(
                words("result_of", name=made.text), *made.sources,
                date=made.date, detail=made.detail, mark=made.mark,
            )  # fmt: skip
