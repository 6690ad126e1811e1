"""Where documents speak against each other, against who the patient is, or against themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from agents.records.summary.allergies import Substance, taken
from agents.records.summary.facts import Facts, Held, Said
from agents.records.summary.medication import Drug
from agents.records.summary.problems import Disease
from agents.records.summary.relations import Relations, bare, key, side
from agents.records.summary.words import Words, intake, line
from schemas.records import Diagnosis, Item, Line, Medication, Patient, Procedure

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s?(mg|g|ug|μg|mcg|ml)", re.IGNORECASE)
_BEFORE = re.compile(r"[左右双][\u4e00-\u9fff]{0,4}$")
_BEHIND = re.compile(r"\s?[(（]\s?(?:左|右|双|left|right)[^\s)）]{0,4}[)）]?", re.IGNORECASE)
_MILLIGRAMS = {"g": 1000.0, "mg": 1.0, "ug": 0.001, "μg": 0.001, "mcg": 0.001}


def contradiction_lines(
    patient: Patient,
    facts: Facts,
    named: tuple[Substance, ...],
    drugs: tuple[Drug, ...],
    diseases: tuple[Disease, ...],
    relations: Relations,
    words: Words,
) -> tuple[Line, ...]:
    """What a doctor must settle: whose it is first, then allergies, drugs, diagnoses, sides."""
    return (
        *_strangers(patient, facts, words),
        *_allergies(named, words),
        *_taken(named, drugs, relations, words),
        *_stopped(drugs, words),
        *_doses(drugs, words),
        *_refuted(diseases, words),
        *_sex(patient, facts, diseases, relations, words),
        *_sides(facts, words),
    )


def _strangers(patient: Patient, facts: Facts, words: Words) -> Iterator[Line]:
    for one in facts.strangers:
        text = (
            words("stranger", said=one.said) if one.named
            else words("sex", said=one.said, sex=words(patient.sex))
        )  # fmt: skip
        yield line(
            text,
            one.source,
            date=one.document.date,
            detail=_title(one.document.title),
            mark="contradiction",
        )


def _title(title: str) -> str:
    return title[:40]


def _allergies(named: tuple[Substance, ...], words: Words) -> Iterator[Line]:
    for one in named:
        if one.denied:
            yield line(
                words("allergy_denied", name=words.name(one.held[-1].item)),
                *reversed(one.held), *one.denied, date=one.denied[-1].date,
                detail=words(
                    "allergy_denied_detail", named=_dates(one.held), denied=_dates(one.denied)
                ),
                mark="contradiction",
            )  # fmt: skip


def _taken(
    named: tuple[Substance, ...], drugs: tuple[Drug, ...], relations: Relations, words: Words
) -> Iterator[Line]:
    for substance, drug in taken(named, drugs, relations):
        allergy = words.name(substance.held[-1].item)
        yield line(
            words("allergic_taken", allergy=allergy, drug=words.drug(drug.item)),
            drug, *substance.held, date=drug.date, mark="contradiction",
        )  # fmt: skip


def _stopped(drugs: tuple[Drug, ...], words: Words) -> Iterator[Line]:
    for drug in drugs:
        found = drug.unexplained()
        if found is not None:
            stop, listed = found
            yield line(
                words("stopped_listed", name=words.name(listed.item)),
                listed, stop, date=listed.date,
                detail=words("stopped_listed_detail", stopped=stop.told, listed=listed.date),
                mark="contradiction",
            )  # fmt: skip


def _doses(drugs: tuple[Drug, ...], words: Words) -> Iterator[Line]:
    """Of a drug that is said to be taken, and not changed, in two ways on one date."""
    for drug in drugs:
        by_date: dict[str, list[Held[Medication]]] = {}
        for one in drug.statements:
            if isinstance(one, Held) and one.item.dose and one.date and one.item.course == "active":
                by_date.setdefault(one.date, []).append(one)
        for date, said in by_date.items():
            if any(one.item.change not in ("", "continue") for one in said):
                continue
            for one, other in combinations(said, 2):
                alike = one.item.frequency == other.item.frequency or one.visit != other.visit
                if alike and _amount(one.item.dose) != _amount(other.item.dose):
                    yield line(
                        words("two_doses", name=words.name(one.item)), one, other, date=date,
                        detail=words("both", one=intake(one.item), other=intake(other.item)),
                        mark="contradiction",
                    )  # fmt: skip
                    break


def _amount(dose: str) -> float | str:
    """Milligrams where it is a weight."""
    match = _AMOUNT.fullmatch(dose.strip())
    factor = _MILLIGRAMS.get(match[2].lower()) if match else None
    return round(float(match[1]) * factor, 6) if match and factor else dose.replace(" ", "").lower()


def same_dose(one: Medication, other: Medication) -> bool:
    """Whether both say the same, as far as both say anything."""
    same = _amount(one.dose) == _amount(other.dose)
    return same and (one.frequency == other.frequency or not (one.frequency and other.frequency))


def _refuted(diseases: tuple[Disease, ...], words: Words) -> Iterator[Line]:
    for one in diseases:
        if one.disputed:
            certain = [said for said in one.held if not said.uncertain]
            yield line(
                words("refuted_after", name=words.name(certain[-1].item)),
                *reversed(certain), *one.denied, date=one.denied[-1].date,
                detail=words("refuted_detail", held=_dates(certain), denied=_dates(one.denied)),
                mark="contradiction",
            )  # fmt: skip


def _sex(
    patient: Patient,
    facts: Facts,
    diseases: tuple[Disease, ...],
    relations: Relations,
    words: Words,
) -> Iterator[Line]:
    said: list[Held[Diagnosis] | Held[Procedure]] = [one.last for one in diseases if not one.gone]
    for one in (*said, *facts.procedures):
        if relations.of_other_sex(one.item, patient.sex):
            yield line(
                words("sex_diagnosis", name=words.name(one.item), sex=words(patient.sex)),
                one, mark="contradiction",
            )  # fmt: skip


def _sides(facts: Facts, words: Words) -> Iterator[Line]:
    """One thing on the left in one document and on the right in another, and in none on both."""
    yield from _sided(facts.diagnoses, words)
    yield from _sided(facts.procedures, words)


def _sided(
    said: Sequence[Held[Diagnosis]] | Sequence[Held[Procedure]], words: Words
) -> Iterator[Line]:
    """Names count as one where one is the other's end: 左叶结节 and 甲状腺右叶结节."""
    groups: list[tuple[set[str], list[_Sided]]] = []
    for one in said:
        name = _with_side(one)
        if side(name):
            ends = {key(one.item), bare(name)}
            known = next((each for each in groups if _alike(each[0], ends)), (set(), []))
            if not known[1]:
                groups.append(known)
            known[0].update(ends)
            known[1].append(_Sided(one, name, side(name)))
    for _, sided in groups:
        visits: dict[int, set[str]] = {}
        for each in sided:
            visits.setdefault(each.said.visit, set()).add(each.side)
        if any(len(found) > 1 or "both" in found for found in visits.values()):
            continue
        first = sided[0]
        other = next((each for each in sided if each.side != first.side), None)
        if other is None:
            continue
        yield line(
            words("side", name=f"{first.name} / {other.name}"),
            *(each.said for each in reversed(sided)),
            date=sided[-1].said.date,
            detail=words(
                "both",
                one=f"{first.name} {first.said.date}",
                other=f"{other.name} {other.said.date}",
            ),
            mark="contradiction",
        )


@dataclass(frozen=True, slots=True, repr=False)
class _Sided:
    said: Held[Diagnosis] | Held[Procedure]
    name: str
    side: str


def _with_side(said: Held[Diagnosis] | Held[Procedure]) -> str:
    """The name, with a side that stands right before it or in brackets behind it."""
    text, place, name = said.document.text, said.item.span, said.item.name
    if side(name):
        return name
    before = _BEFORE.search(text[max(0, place.start - 5) : place.start])
    behind = _BEHIND.match(text[place.end : place.end + 8])
    return f"{before[0]}{name}" if before else f"{name}{behind[0]}" if behind else name


def _alike(names: set[str], others: set[str]) -> bool:
    pairs = [sorted((one, other), key=len) for one in names for other in others]
    return any(short == long or (len(short) > 2 and long.endswith(short)) for short, long in pairs)


def _dates(said: Iterable[Said[Item]]) -> str:
    return "、".join(dict.fromkeys(one.date for one in said if one.date))
