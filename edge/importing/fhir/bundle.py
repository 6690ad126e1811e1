"""A FHIR R4 bundle, or a single resource, of one patient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from edge.importing import facts
from edge.importing.errors import Broken, NoText, TooBig, UnknownFormat, Unsafe, Unsure
from edge.importing.fhir import narratives, resources
from edge.importing.fhir.measures import observation
from edge.importing.fhir.medicines import medication
from edge.importing.fhir.page import Page, plain
from edge.importing.fhir.problems import allergy, condition, family, procedure
from edge.importing.imported import Person, Reading, Remark
from schemas.records import MOST_TEXT, DateText, Sex

_MOST_ENTRIES = 5_000
_SEXES: dict[str, Sex] = {"male": "male", "female": "female"}
_SUPERSEDED = frozenset({"entered-in-error", "superseded"})
_R = TypeVar("_R")


class _Entry:
    """A resource's beginning and its bytes."""

    def __init__(self, address: str, raw: msgspec.Raw) -> None:
        self.address, self._raw = address, raw
        self.head = msgspec.json.decode(raw, type=resources.Resource)

    def read(self, kind: type[_R]) -> _R:
        return msgspec.json.decode(self._raw, type=kind)

    @property
    def kind(self) -> str:
        return self.head.resource_type

    @property
    def addresses(self) -> set[str]:
        """How others may refer to it."""
        return {self.address, f"{self.kind}/{self.head.id}"} - {"", f"{self.kind}/"}


def read(content: bytes) -> Reading:
    """Raises Refused."""
    try:
        return _read(content)
    except msgspec.MsgspecError:
        raise Broken("fhir") from None
    except (RecursionError, UnicodeDecodeError, OverflowError, ArithmeticError) as error:
        raise Unsafe("nesting") if isinstance(error, RecursionError) else Broken("fhir") from None


def _read(content: bytes) -> Reading:
    entries = _entries(content)
    people = [one for one in entries if one.kind == "Patient"]
    if len(people) > 1 or not _of_one(entries, people):
        raise Unsure("several")
    clear = [one for one in entries if not one.head.modifier_extension]
    left_out = len(clear) < len(entries)
    page = Page()
    for each in clear:
        left_out |= not _tell(each, page)
    _add_facts(clear, page)
    text, items = page.made()
    if not text:
        raise NoText("empty")
    if len(text) > MOST_TEXT:
        raise TooBig("characters")
    remarks: tuple[Remark, ...] = ("left out",) if left_out else ()
    return Reading(
        text=text, items=items, remarks=remarks, date=_date(clear), title=_title(clear),
        department=_department(clear), person=_person(people),
    )  # fmt: skip


def _entries(content: bytes) -> list[_Entry]:
    try:
        bundle = msgspec.json.decode(content, type=resources.Bundle)
    except msgspec.MsgspecError:
        # Not a bundle, or a broken one.
        if msgspec.json.decode(content, type=resources.Resource).resource_type == "Bundle":
            raise
        bundle = resources.Bundle()
    if not bundle.resource_type:
        raise UnknownFormat("json")
    if bundle.resource_type != "Bundle":
        return [_Entry("", msgspec.Raw(content))]
    if bundle.type == "history":
        raise Broken("fhir")
    if len(bundle.entry) > _MOST_ENTRIES:
        raise TooBig("parts")
    return [
        _Entry(one.full_url, one.resource)
        for one in bundle.entry
        if bytes(one.resource) and one.request.method != "DELETE"
    ]


def _of_one(entries: list[_Entry], people: list[_Entry]) -> bool:
    """Whether all that is said is said of one and the same patient."""
    said = {
        reference.reference.partition("/_history/")[0]
        for one in entries
        for reference in (one.head.subject, one.head.patient)
        if reference.reference and one.kind != "Patient"
    }
    said = {one for one in said if not one.startswith(("Group/", "Device/", "Location/"))}
    if not people:
        return len(said) <= 1
    own = people[0].addresses
    return all(one in own or any(one.endswith(f"/{each}") for each in own) for one in said)


def _tell(entry: _Entry, page: Page) -> bool:
    """Add what is free text; whether all of it could be read."""
    if entry.kind == "Composition":
        composition = entry.read(resources.Composition)
        if composition.status not in _SUPERSEDED:
            page.tell(narratives.of_composition(composition))
    elif entry.kind == "DocumentReference":
        document = entry.read(resources.DocumentReference)
        if document.status not in _SUPERSEDED:
            text, whole = narratives.of_document(document)
            page.tell(text)
            return whole
    return True


def _add_facts(entries: list[_Entry], page: Page) -> None:
    names = {
        address: one.read(resources.Medication).code
        for one in entries
        if one.kind == "Medication"
        for address in one.addresses
    }
    for one in entries:
        match one.kind:
            case "Condition":
                page.add("diagnosis", *condition(one.read(resources.Condition)))
            case "AllergyIntolerance":
                page.add("allergy", *allergy(one.read(resources.AllergyIntolerance)))
            case "MedicationStatement" | "MedicationRequest":
                page.add("medication", *medication(one.read(resources.MedicationUse), names))
            case "Observation":
                page.add("results", *observation(one.read(resources.Observation)))
            case "Procedure":
                page.add("procedure", *procedure(one.read(resources.Procedure)))
            case "FamilyMemberHistory":
                page.add("family", *family(one.read(resources.FamilyMemberHistory)))


def _all(entries: list[_Entry], kind: str, form: type[_R]) -> Iterator[_R]:
    return (one.read(form) for one in entries if one.kind == kind)


def _date(entries: list[_Entry]) -> DateText:
    """Of the composition, else of the visit, else of the last document or measurement."""
    sources: tuple[Callable[[], Iterator[str]], ...] = (
        lambda: (one.date for one in _all(entries, "Composition", resources.Composition)),
        lambda: (one.period.start for one in _all(entries, "Encounter", resources.Encounter)),
        lambda: (
            one.date for one in _all(entries, "DocumentReference", resources.DocumentReference)
        ),
        lambda: (
            one.effective_date_time or one.effective_period.start
            for one in _all(entries, "Observation", resources.Observation)
        ),
    )
    for source in sources:
        if day := max((facts.day(one) for one in source()), default=""):
            return day
    return ""


def _title(entries: list[_Entry]) -> str:
    named = [one.title for one in _all(entries, "Composition", resources.Composition)]
    named += [
        one.description for one in _all(entries, "DocumentReference", resources.DocumentReference)
    ]
    return next((plain(one)[:80] for one in named if one), "")


def _department(entries: list[_Entry]) -> str:
    served = _all(entries, "Encounter", resources.Encounter)
    return next(
        (plain(one.service_type.words)[:20] for one in served if one.service_type.words), ""
    )


def _person(people: list[_Entry]) -> Person:
    if not people:
        return Person()
    patient = people[0].read(resources.Patient)
    names = sorted(patient.name, key=lambda one: one.use != "official")
    name = next((told for one in names if (told := _name(one))), "")
    numbers = sorted(patient.identifier, key=lambda one: "MR" not in one.type.codes)
    number = next((plain(one.value) for one in numbers if one.value and one.use != "old"), "")
    return Person(
        name=name[:60], sex=_SEXES.get(patient.gender, "unknown"),
        birth=facts.day(patient.birth_date), number=number[:40],
    )  # fmt: skip


def _name(name: resources.HumanName) -> str:
    if name.text:
        return plain(name.text)
    joined = plain(f"{name.family}{' '.join(name.given)}")
    if joined.isascii():
        joined = plain(" ".join((*name.given, name.family)))
    return joined
