"""The parts of FHIR R4's resources that are read; all others are passed over."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class _Part(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    # Not even its id: that may be the patient's.
    def __repr__(self) -> str:
        return type(self).__name__


class Coding(_Part, frozen=True):
    system: str = ""
    code: str = ""
    display: str = ""


class Concept(_Part, frozen=True):
    """A CodeableConcept."""

    coding: tuple[Coding, ...] = ()
    text: str = ""

    @property
    def words(self) -> str:
        """What it is called."""
        return self.text or next((one.display for one in self.coding if one.display), "")

    @property
    def codes(self) -> frozenset[str]:
        """In whichever system."""
        return frozenset(one.code for one in self.coding)


NOTHING = Concept()


class Reference(_Part, frozen=True):
    reference: str = ""
    display: str = ""


NOBODY = Reference()


class Quantity(_Part, frozen=True):
    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    code: str = ""


class Period(_Part, frozen=True):
    start: str = ""
    end: str = ""


NEVER = Period()


class Identifier(_Part, frozen=True):
    value: str = ""
    use: str = ""
    type: Concept = NOTHING


class HumanName(_Part, frozen=True):
    text: str = ""
    family: str = ""
    given: tuple[str, ...] = ()
    use: str = ""


class Note(_Part, frozen=True):
    text: str = ""


class Resource(_Part, frozen=True):
    """What every resource has; `modifier_extension`: says that it means something else."""

    resource_type: str = ""
    id: str = ""
    modifier_extension: tuple[msgspec.Raw, ...] = ()
    subject: Reference = NOBODY
    patient: Reference = NOBODY


class Patient(_Part, frozen=True):
    identifier: tuple[Identifier, ...] = ()
    name: tuple[HumanName, ...] = ()
    gender: str = ""
    birth_date: str = ""


class Condition(_Part, frozen=True):
    code: Concept = NOTHING
    clinical_status: Concept = NOTHING
    verification_status: Concept = NOTHING
    onset_date_time: str = ""
    onset_period: Period = NEVER
    recorded_date: str = ""


class ReferenceRange(_Part, frozen=True):
    low: Quantity | None = None
    high: Quantity | None = None
    text: str = ""


class Measure(_Part, frozen=True):
    """What an Observation and its components have in common."""

    code: Concept = NOTHING
    value_quantity: Quantity | None = None
    value_string: str = ""
    value_codeable_concept: Concept = NOTHING
    value_integer: int | None = None
    value_boolean: bool | None = None
    interpretation: tuple[Concept, ...] = ()
    reference_range: tuple[ReferenceRange, ...] = ()


class Observation(Measure, frozen=True):
    status: str = ""
    effective_date_time: str = ""
    effective_period: Period = NEVER
    issued: str = ""
    component: tuple[Measure, ...] = ()


class Repeat(_Part, frozen=True):
    frequency: int | None = None
    period: Decimal | None = None
    period_unit: str = ""
    when: tuple[str, ...] = ()


class Timing(_Part, frozen=True):
    code: Concept = NOTHING
    repeat: Repeat = Repeat()


class Dose(_Part, frozen=True):
    dose_quantity: Quantity | None = None


class Dosage(_Part, frozen=True):
    text: str = ""
    route: Concept = NOTHING
    timing: Timing = Timing()
    dose_and_rate: tuple[Dose, ...] = ()
    as_needed_boolean: bool = False


class Medication(_Part, frozen=True):
    id: str = ""
    code: Concept = NOTHING


class MedicationUse(_Part, frozen=True):
    """A MedicationStatement or a MedicationRequest."""

    status: str = ""
    status_reason: Concept | tuple[Concept, ...] = ()
    do_not_perform: bool = False
    medication_codeable_concept: Concept = NOTHING
    medication_reference: Reference = NOBODY
    contained: tuple[Medication, ...] = ()
    dosage: tuple[Dosage, ...] = ()
    dosage_instruction: tuple[Dosage, ...] = ()
    effective_date_time: str = ""
    effective_period: Period = NEVER
    authored_on: str = ""


class Reaction(_Part, frozen=True):
    manifestation: tuple[Concept, ...] = ()


class AllergyIntolerance(_Part, frozen=True):
    code: Concept = NOTHING
    clinical_status: Concept = NOTHING
    verification_status: Concept = NOTHING
    reaction: tuple[Reaction, ...] = ()


class Procedure(_Part, frozen=True):
    code: Concept = NOTHING
    status: str = ""
    performed_date_time: str = ""
    performed_period: Period = NEVER


class RelativesCondition(_Part, frozen=True):
    code: Concept = NOTHING


class FamilyMemberHistory(_Part, frozen=True):
    status: str = ""
    relationship: Concept = NOTHING
    condition: tuple[RelativesCondition, ...] = ()


class Attachment(_Part, frozen=True):
    content_type: str = ""
    data: bytes = b""


class Content(_Part, frozen=True):
    attachment: Attachment = Attachment()


class DocumentReference(_Part, frozen=True):
    status: str = ""
    date: str = ""
    description: str = ""
    content: tuple[Content, ...] = ()


class Narrative(_Part, frozen=True):
    div: str = ""


class CompositionSection(_Part, frozen=True):
    title: str = ""
    text: Narrative = Narrative()
    section: tuple[CompositionSection, ...] = ()


class Composition(_Part, frozen=True):
    status: str = ""
    date: str = ""
    title: str = ""
    text: Narrative = Narrative()
    section: tuple[CompositionSection, ...] = ()


class Encounter(_Part, frozen=True):
    status: str = ""
    period: Period = NEVER
    service_type: Concept = NOTHING


class Request(_Part, frozen=True):
    method: str = ""


class Entry(_Part, frozen=True):
    full_url: str = ""
    resource: msgspec.Raw = msgspec.Raw()
    request: Request = Request()


class Bundle(_Part, frozen=True):
    resource_type: str = ""
    type: str = ""
    entry: tuple[Entry, ...] = ()
