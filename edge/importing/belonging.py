"""Whose document it is: known for certain, or asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from edge.importing.errors import Unsure
from edge.importing.imported import Person
from edge.vault.patients import folded_name
from schemas.records import DateText, Patient

_WHOLE = len("2000-01-01")


class Alike(Protocol):
    """The patients of a vault."""

    def alike(self, name: str, *, birth: DateText = "", number: str = "") -> Sequence[Patient]: ...


def whose(person: Person, patients: Alike) -> Patient | None:
    """The patient by number, or by name and whole birth date; None: a new one. Raises Unsure."""
    alike = patients.alike(person.name, birth=person.birth, number=person.number)
    numbered = [one for one in alike if person.number and _same(one.number, person.number)]
    if numbered:
        if len(numbered) > 1 or not agrees(person, numbered[0]):
            raise Unsure("conflict")
        return numbered[0]
    if not person.name:
        raise Unsure("nobody")
    sure = [
        one
        for one in alike
        if len(person.birth) == _WHOLE and one.birth == person.birth and agrees(person, one)
    ]
    if len(sure) == 1:
        return sure[0]
    if alike:
        raise Unsure("namesake")
    return None


def agrees(person: Person, patient: Patient) -> bool:
    """Whether nothing that both say differs."""
    births = (person.birth, patient.birth)
    return (
        (not person.name or _same(person.name, patient.name))
        and (not all((person.number, patient.number)) or _same(person.number, patient.number))
        and ("unknown" in (person.sex, patient.sex) or person.sex == patient.sex)
        and (births[0].startswith(births[1]) or births[1].startswith(births[0]))
    )


def learnt(patient: Patient, person: Person) -> Patient:
    """The patient with what was not known before."""
    return msgspec.structs.replace(
        patient,
        sex=person.sex if patient.sex == "unknown" else patient.sex,
        birth=max(patient.birth, person.birth, key=len),
        number=patient.number or person.number,
    )


def _same(one: str, other: str) -> bool:
    return folded_name(one) == folded_name(other)
