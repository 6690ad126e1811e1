"""Lines about what the patient takes, took or shall take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edge.importing import facts
from edge.importing.fhir import words
from edge.importing.fhir.page import NOWHERE, Line, at, plain
from edge.importing.fhir.resources import Concept, Dosage, MedicationUse
from schemas.records import Certainty, Change, Course, Medication

_NOT_SO = frozenset({"entered-in-error", "cancelled", "unknown"})


class _Meaning:
    """What a status says, in words and in codes."""

    def __init__(
        self, zh: str = "", en: str = "", certainty: Certainty = "confirmed",
        course: Course = "active", change: Change = "",
    ) -> None:  # fmt: skip
        self.zh, self.en = zh, en
        self.certainty, self.course, self.change = certainty, course, change


_PLANNED = _Meaning("拟用", "Planned: ", "hypothetical")
_MEANINGS: Mapping[str, _Meaning] = {
    "active": _Meaning(),
    "completed": _Meaning("曾用", "Formerly took ", course="past"),
    "stopped": _Meaning("停用", "Stopped ", course="past", change="stop"),
    "on-hold": _Meaning("暂停", "On hold: ", change="hold"),
    "intended": _PLANNED,
    "draft": _PLANNED,
    "not-taken": _Meaning("未服用", "Does not take ", "refuted"),
}


def medication(resource: MedicationUse, names: Mapping[str, Concept]) -> Iterator[Line]:
    """One line, or none; `names`: of the bundle's Medication resources, by their addresses."""
    concept = _concept(resource, names)
    name = plain(concept.words or resource.medication_reference.display)
    meaning = _MEANINGS.get(resource.status, _Meaning())
    if not name or resource.status in _NOT_SO or concept.codes & words.NOTHING_KNOWN:
        return
    if resource.do_not_perform:
        yield Line(f"禁用{name}" if words.chinese(name) else f"Do not give {name}")
        return
    zh = words.chinese(name)
    when = resource.effective_date_time or resource.effective_period.start or resource.authored_on
    before = meaning.zh if zh else meaning.en
    dosages = resource.dosage or resource.dosage_instruction
    dosage = dosages[0] if len(dosages) == 1 else Dosage()
    dose, route, frequency = _dose(dosage), _route(dosage), _frequency(dosage)
    reason = _reason(resource)
    told = [name, dose, route, frequency]
    if not frequency:
        told += [plain(one.text) for one in dosages]
    if dosage.as_needed_boolean:
        told.append("prn")
    text = before + " ".join(part for part in told if part)
    if reason:
        text += f"（原因：{reason}）" if zh else f" (because of {reason})"
    item = Medication(
        span=NOWHERE, sentence=NOWHERE, name=name, dose=dose, route=route,
        frequency="prn" if dosage.as_needed_boolean and not frequency else frequency,
        reason=reason, certainty=meaning.certainty, course=meaning.course, change=meaning.change,
    )  # fmt: skip
    yield Line(text, (at(before, item),), facts.day(when))


def _concept(resource: MedicationUse, names: Mapping[str, Concept]) -> Concept:
    if resource.medication_codeable_concept.words:
        return resource.medication_codeable_concept
    named = resource.medication_reference.reference
    if named.startswith("#"):
        return next((one.code for one in resource.contained if one.id == named[1:]), Concept())
    return names.get(named, Concept())


def _dose(dosage: Dosage) -> str:
    given = dosage.dose_and_rate[0].dose_quantity if len(dosage.dose_and_rate) == 1 else None
    if given is None or given.value is None:
        return ""
    return plain(f"{format(given.value, 'f')} {given.unit or given.code}")[:40]


def _route(dosage: Dosage) -> str:
    return words.route(dosage.route.codes, dosage.route.words)


def _frequency(dosage: Dosage) -> str:
    coded = words.frequency(dosage.timing.code.codes)
    repeat = dosage.timing.repeat
    if coded or repeat.frequency is None or repeat.period is None:
        return coded
    if repeat.period % 1 or not 0 < repeat.period <= 1000:
        return ""
    return words.repeated(repeat.frequency, int(repeat.period), repeat.period_unit)


def _reason(resource: MedicationUse) -> str:
    given = resource.status_reason
    return plain(
        "、".join(one.words for one in ((given,) if isinstance(given, Concept) else given))
    )
