"""What the patient takes now: of every ingredient the latest word."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from agents.records.folding import fold
from agents.records.summary.dates import after, between
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.relations import Relations, fits, key
from agents.records.summary.words import Mark, Words, intake, joined, line
from schemas.records import Allergy, DateText, Line, Medication

State = Literal["now", "stopped", "not taken", "over", "past", "disputed"]
"""disputed: stopped, listed again without a word of why, and by the last visit no more."""
_ENDS = frozenset({"stop", "hold"})
_STARTS = frozenset({"start", "switch"})
_COURSE = re.compile(
    r"(?:^|[\s,;(（x×*共服用程]|qd|bid|tid|qid|qn|q\d{1,2}h|once|口服|连用|连服|静滴|for)\s?"
    r"(\d{1,3})\s?(天|日|周|days?|weeks?)(?!\s?(?:后|前|内|以|1次|一次|复|随|左右复))"
)
_REACH = 30
"""Characters behind a drug in which the length of its course may stand."""


@dataclass(frozen=True, slots=True, repr=False)
class Drug:
    """An ingredient through the documents. `statements`: in order of time, at least one.

    `replaced`: the statement of another drug that was taken up in its place, if that ended it.
    """

    name: str
    statements: tuple[Held[Medication] | Said[Medication], ...]
    replaced: Held[Medication] | None
    state: State

    @property
    def last(self) -> Held[Medication] | Said[Medication]:
        """The latest word."""
        return self.statements[-1]

    @property
    def now(self) -> Held[Medication] | None:
        """How it is taken, if it is."""
        return self.last if self.state == "now" and isinstance(self.last, Held) else None

    @property
    def intake(self) -> Medication | None:
        """The latest statement with a dose, of those since the last start."""
        told = [one.item for one in self.statements if isinstance(one, Held)]
        return next((one for one in reversed(told) if one.dose), told[-1] if told else None)

    def unexplained(self) -> tuple[Held[Medication], Held[Medication]] | None:
        """Its stop, and a later visit that lists it without saying that it was taken up again."""
        stop: Held[Medication] | None = None
        for one in self.statements:
            if not isinstance(one, Held):
                continue
            if one.item.change in _ENDS:
                stop = one
            elif one.item.course in ("past", "resolved"):
                continue
            elif one.item.change in _STARTS:
                stop = None
            elif stop is not None and one.date > stop.date:
                return stop, one
        return None


def drugs(facts: Facts, relations: Relations) -> tuple[Drug, ...]:
    """Every ingredient that is spoken of, the latest first."""
    statements: dict[str, list[Held[Medication] | Said[Medication]]] = {}
    for one in sorted((*facts.medication, *facts.not_taken), key=lambda said: said.at):
        statements.setdefault(key(one.item), []).append(one)
    replaced = _replaced(facts, statements)
    allergies: dict[str, list[Held[Allergy]]] = {}
    for named in facts.allergies:
        allergies.setdefault(key(named.item), []).append(named)
    made = []
    for name, said in statements.items():
        by = replaced.get(name)
        drug = Drug(name, tuple(said), by, _state(said, facts, relations))
        if drug.state == "now":
            ended = by is not None and by.at > said[-1].at
            if ended or any(one.at > said[-1].at for one in allergies.get(name, ())):
                drug = replace(drug, state="stopped")
            elif drug.unexplained() is not None and said[-1].date < facts.last_visit:
                drug = replace(drug, state="disputed")
        made.append(drug)
    return tuple(sorted(made, key=lambda drug: (drug.last.visit, -drug.last.at[1]), reverse=True))


def _replaced(
    facts: Facts, known: dict[str, list[Held[Medication] | Said[Medication]]]
) -> dict[str, Held[Medication]]:
    """The drugs that others took the place of."""
    names = {
        fold(name): each for each, said in known.items() for one in said
        if len(name := one.item.name) > 1
    }  # fmt: skip
    found = {}
    for one in facts.medication:
        if one.item.change == "switch" and one.item.before:
            before = fold(one.item.before)
            other = next((each for name, each in names.items() if name in before), None)
            if other is not None and other != key(one.item):
                found[other] = one
    return found


def _state(
    said: list[Held[Medication] | Said[Medication]], facts: Facts, relations: Relations
) -> State:
    last = said[-1]
    if not isinstance(last, Held):
        return "not taken"
    if last.item.change in _ENDS:
        return "stopped"
    if last.item.course in ("past", "resolved"):
        return "past"
    end = course_end(last)
    if end and end < facts.last_visit:
        return "over"
    days = between(last.date, facts.last_visit)
    if days is not None and days > relations.short_days and _short(last.item, relations):
        return "over"
    return "now"


def course_end(said: Said[Medication]) -> DateText:
    """The last day of a course whose length is said behind the drug; empty if none is."""
    text, place = said.document.text, said.item.span
    clause = re.split(r"[；;。\n]", fold(text[place.end : place.end + _REACH]), maxsplit=1)[0]
    match = _COURSE.search(clause.replace("；", ";"))
    if match is None or re.search(r"[、]", clause[: match.start()]):
        return ""
    return after(said.date, int(match[1]) * (7 if match[2] in ("周", "week", "weeks") else 1))


def _short(item: Medication, relations: Relations) -> bool:
    return fits(item, relations.short) or item.route in ("iv", "im", "ivgtt", "iv drip")


def medication_lines(all_drugs: tuple[Drug, ...], words: Words) -> tuple[Line, ...]:
    """What is taken now, the latest word first."""
    return tuple(drug_line(drug, now, words) for drug in all_drugs if (now := drug.now) is not None)


def drug_line(drug: Drug, now: Held[Medication], words: Words) -> Line:
    """One drug with how it is taken and since when it is said."""
    told = drug.intake or now.item
    how = now.item if intake(now.item) else told
    text = joined_name(words, now.item, how)
    unexplained = drug.unexplained()
    detail = joined(
        "" if how.dose else words("dose_unknown"),
        words("since", date=now.item.time) if now.item.time not in ("", now.date) else "",
        words("because", reason=now.item.reason) if now.item.reason else "",
    )
    mark: Mark = "contradiction" if unexplained else "uncertain" if now.uncertain else ""
    told_at = [one for one in drug.statements if one.item is told]
    more = (*told_at, *(unexplained or ()), drug.statements[0])
    return line(text, now, *more, date=now.date, detail=detail, mark=mark)


def joined_name(words: Words, item: Medication, how: Medication) -> str:
    """Its name and how it is taken, which an earlier statement may say."""
    return " ".join(part for part in (words.name(item), intake(how)) if part)
