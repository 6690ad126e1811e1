"""A patient's documents, and what is read out of them; names follow FHIR's Patient Summary (IPS 2).

A place in a document is a half-open range of characters of its text, as the document keeps it.
A date is as exact as the document says: `2019`, `2019-03`, `2019-03-02`, or empty.
"""

import re
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

Certainty = Literal["confirmed", "uncertain", "refuted", "hypothetical"]
"""uncertain: 可能, 待排, ?; refuted: 否认, 无; hypothetical: planned, or feared."""
Course = Literal["active", "chronic", "past", "resolved", "unknown"]
Interpretation = Literal["LL", "L", "N", "H", "HH", "A"]
"""Codes of HL7 v3 ObservationInterpretation: LL and HH are critical, A abnormal without a side."""
Reference = Literal["printed", "table", "flag", "none"]
"""Where an interpretation comes from: the document's own range, our table, an arrow or H/L."""
Change = Literal["start", "stop", "increase", "decrease", "switch", "hold", "continue", ""]
"""Empty: the document names the medication and says nothing of a change."""
Sex = Literal["female", "male", "unknown"]
Format = Literal["text", "pdf", "docx", "csv", "fhir"]
DateText = Annotated[str, msgspec.Meta(pattern=r"^(\d{4}(-\d\d(-\d\d)?)?)?$")]

MOST_TEXT = 200_000
"""Characters of a document."""
_DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """Characters `start` to `end`, exclusive, of a document's text."""

    start: int
    end: int


class Secret(msgspec.Struct, frozen=True):
    """What a patient's record says: a trace, a log or a failed assertion shows where, not what."""

    def __repr__(self) -> str:
        where = getattr(self, "id", None) or getattr(self, "span", None) or "..."
        return f"{type(self).__name__}({where})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return []


class _Item(Secret, tag_field="kind", frozen=True, kw_only=True, omit_defaults=True):
    """One thing a document says. `span`: the words that say it; `sentence`: what they stand in.

    `name`: as written; `term`: the preferred term of our table and `code`: its code, both empty
    where the table has none: no code is invented. `time`: when it was so, not when it was written.
    """

    span: Span
    sentence: Span
    name: str
    term: str = ""
    code: str = ""
    time: DateText = ""


class Diagnosis(_Item, tag="diagnosis", frozen=True):
    """A disease, symptom or finding of the patient; `code`: ICD-10."""

    certainty: Certainty = "confirmed"
    course: Course = "active"


class Result(_Item, tag="result", frozen=True):
    """A measured or observed value.

    `value`: a number, None if the answer is words, which `text` has as written. `unit`: as written.
    `normal_value`, `normal_unit`: converted to the unit of our table, if it has the test. `low`,
    `high`: the range that was applied, in `unit`, None where open.
    """

    value: float | None = None
    text: str = ""
    unit: str = ""
    normal_value: float | None = None
    normal_unit: str = ""
    low: float | None = None
    high: float | None = None
    interpretation: Interpretation | Literal[""] = ""
    reference: Reference = "none"


class Medication(_Item, tag="medication", frozen=True):
    """A drug the patient takes, took or shall take; `term`: the ingredient.

    `dose`: of one intake, such as `0.5 g`; `route`, `frequency`: as of our table (`po`, `bid`).
    `before`: dose, frequency or drug before the change; `reason`: why, in the document's words.
    """

    dose: str = ""
    route: str = ""
    frequency: str = ""
    change: Change = ""
    before: str = ""
    reason: str = ""
    certainty: Certainty = "confirmed"
    course: Course = "active"


class Allergy(_Item, tag="allergy", frozen=True):
    """Refuted and without a name of a substance: no allergy known."""

    reaction: str = ""
    certainty: Certainty = "confirmed"


class Procedure(_Item, tag="procedure", frozen=True):
    """Surgery, intervention or examination done; hypothetical: planned."""

    certainty: Certainty = "confirmed"


class Precaution(_Item, tag="precaution", frozen=True):
    """Something to heed or to do; `due_days`: after the document's date, None if it has no time."""

    due_days: int | None = None


class FamilyHistory(_Item, tag="family", frozen=True):
    """A disease of a relative: never the patient's. `relative`: as written, may be empty."""

    relative: str = ""
    certainty: Certainty = "confirmed"


Item: TypeAlias = Diagnosis | Result | Medication | Allergy | Procedure | Precaution | FamilyHistory


class Patient(Secret, frozen=True, omit_defaults=True):
    """Whose documents they are; `id` is the vault's own, `number` the hospital's."""

    id: str
    name: str
    sex: Sex = "unknown"
    birth: DateText = ""
    number: str = ""


class Document(Secret, frozen=True, omit_defaults=True):
    """One imported document. `date`: of the visit. `digest`: SHA-256 of the text, hex.

    `text` has at most MOST_TEXT characters, in NFC, with \\n at the end of lines; nothing else of
    it is changed, and every place in it counts these characters.
    """

    id: str
    patient: str
    date: DateText
    title: str
    text: str
    digest: str
    format: Format = "text"
    department: str = ""


class Source(msgspec.Struct, frozen=True, order=True):
    """Where a line of a summary was read."""

    document: str
    span: Span


class Line(Secret, frozen=True, omit_defaults=True):
    """One line of a summary: nothing is said without a source.

    `mark`: what a reader must see at once; `detail`: said smaller.
    """

    text: str
    sources: Annotated[tuple[Source, ...], msgspec.Meta(min_length=1)]
    date: DateText = ""
    detail: str = ""
    mark: Literal["", "new", "changed", "abnormal", "critical", "uncertain", "contradiction"] = ""


class Problem(Secret, frozen=True, omit_defaults=True):
    """A diagnosis with what belongs to it, the newest first."""

    name: str
    code: str
    course: Course
    lines: tuple[Line, ...]


class Summary(Secret, frozen=True, omit_defaults=True):
    """One page of a patient. `since`: the visit before the last one, whose changes are told.

    `version`: of the rules and models that read the documents.
    """

    patient: str
    documents: int
    last_visit: DateText
    since: DateText
    allergies: tuple[Line, ...]
    changes: tuple[Line, ...]
    contradictions: tuple[Line, ...]
    problems: tuple[Problem, ...]
    medication: tuple[Line, ...]
    results: tuple[Line, ...]
    procedures: tuple[Line, ...]
    precautions: tuple[Line, ...]
    family: tuple[Line, ...]
    version: str


class Reminder(Secret, frozen=True, omit_defaults=True):
    """Something to check by a day. `rule`: which said so; `own`: a person wrote or changed it."""

    id: str
    patient: str
    due: DateText
    what: str
    why: str
    rule: str = ""
    sources: tuple[Source, ...] = ()
    every_days: int | None = None
    done: DateText = ""
    own: bool = False


def is_date(text: str) -> bool:
    """Whether it has the form of a date that is as exact as known."""
    return _DATE.fullmatch(text) is not None
