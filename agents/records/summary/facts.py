"""What the documents of a patient say, sorted by whom it is said of and whether it is said so.

`Held` can only be made of what the documents say that the patient has: whatever tells of the
patient's own diseases, drugs and allergies takes `Held`, so that no refuted, feared or relative's
disease can be told as theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from agents.records.summary.identity import Stranger, strangers
from schemas.records import (
    Allergy,
    DateText,
    Diagnosis,
    Document,
    FamilyHistory,
    Item,
    Medication,
    Patient,
    Precaution,
    Procedure,
    Result,
    Source,
)

Read = Sequence[tuple[Document, tuple[Item, ...]]]
"""Documents with what was read out of them."""
T_co = TypeVar("T_co", bound=Item, covariant=True)
Own = Diagnosis | Medication | Allergy | Procedure
_O = TypeVar("_O", Diagnosis, Medication, Allergy, Procedure)


@dataclass(frozen=True, slots=True, repr=False)
class Said(Generic[T_co]):
    """An item where it is said; `visit`: number of the document, in order of time.

    Shows nothing of a patient in its repr, as everything here.
    """

    item: T_co
    document: Document
    visit: int

    @property
    def at(self) -> tuple[int, int]:
        """What is said later is greater."""
        return self.visit, self.item.span.start

    @property
    def date(self) -> DateText:
        """Of the visit."""
        return self.document.date

    @property
    def told(self) -> DateText:
        """When it was so, if that is said, else the visit's date."""
        return self.item.time or self.date

    @property
    def source(self) -> Source:
        """The words."""
        return Source(self.document.id, self.item.span)

    @property
    def sentence(self) -> str:
        """The sentence that the words stand in."""
        place = self.item.sentence
        return self.document.text[place.start : place.end]


@dataclass(frozen=True, slots=True, repr=False)
class Held(Said[T_co]):
    """Said to be so of the patient, perhaps not for certain. Raises ValueError for the rest."""

    def __post_init__(self) -> None:
        if not isinstance(self.item, Own) or self.item.certainty not in ("confirmed", "uncertain"):
            raise ValueError(f"a {type(self.item).__name__} that the patient does not have")

    @property
    def uncertain(self) -> bool:
        """Whether the document doubts it."""
        return isinstance(self.item, Own) and self.item.certainty == "uncertain"


@dataclass(frozen=True, slots=True, repr=False)
class Facts:
    """Everything that is said, each in order of time.

    `last_visit`: empty if no document has a date; `since`: the visit before it, empty if none is.

    `denied`, `not_taken`, `not_allergic`: said not to be so; the last without a substance too.
    `strangers`: documents that seem to be another person's; nothing of those that name another is
    in the rest.
    """

    documents: tuple[Document, ...]
    last_visit: DateText
    since: DateText
    strangers: tuple[Stranger, ...]
    diagnoses: tuple[Held[Diagnosis], ...]
    denied: tuple[Said[Diagnosis], ...]
    medication: tuple[Held[Medication], ...]
    not_taken: tuple[Said[Medication], ...]
    allergies: tuple[Held[Allergy], ...]
    not_allergic: tuple[Said[Allergy], ...]
    procedures: tuple[Held[Procedure], ...]
    results: tuple[Said[Result], ...]
    precautions: tuple[Said[Precaution], ...]
    family: tuple[Said[FamilyHistory], ...]

    def is_new(self, said: Said[Item]) -> bool:
        """Whether it is said after the visit before the last one."""
        return said.date > self.since


def facts(patient: Patient, read: Read) -> Facts:
    """Sorted by the date of the visit; documents of one date stay in the order given."""
    ordered = sorted(read, key=lambda pair: pair[0].date)
    documents = tuple(document for document, _ in ordered)
    not_theirs = tuple(one for each in documents for one in strangers(patient, each))
    others = {one.document.id for one in not_theirs if one.named}
    said = [
        Said(item, document, visit)
        for visit, (document, items) in enumerate(ordered)
        if document.id not in others
        for item in sorted(items, key=lambda one: one.span)
    ]
    dates = sorted({one.date for one in documents if one.date})
    return Facts(
        documents=documents,
        last_visit=dates[-1] if dates else "",
        since=dates[-2] if len(dates) > 1 else "",
        strangers=not_theirs,
        diagnoses=_held(said, Diagnosis),
        denied=_refuted(said, Diagnosis),
        medication=_held(said, Medication),
        not_taken=_refuted(said, Medication),
        allergies=tuple(one for one in _held(said, Allergy) if one.item.name),
        not_allergic=_refuted(said, Allergy),
        procedures=_held(said, Procedure),
        results=_of(said, Result),
        precautions=_of(said, Precaution),
        family=tuple(
            one
            for one in _of(said, FamilyHistory)
            if one.item.certainty in ("confirmed", "uncertain")
        ),
    )


_I = TypeVar("_I", bound=Item)


def _of(said: Iterable[Said[Item]], kind: type[_I]) -> tuple[Said[_I], ...]:
    return tuple(
        Said(one.item, one.document, one.visit) for one in said if isinstance(one.item, kind)
    )


def _held(said: Iterable[Said[Item]], kind: type[_O]) -> tuple[Held[_O], ...]:
    return tuple(
        Held(one.item, one.document, one.visit)
        for one in said
        if isinstance(one.item, kind) and one.item.certainty in ("confirmed", "uncertain")
    )


def _refuted(said: Iterable[Said[Item]], kind: type[_O]) -> tuple[Said[_O], ...]:
    return tuple(
        Said(one.item, one.document, one.visit)
        for one in said
        if isinstance(one.item, kind) and one.item.certainty == "refuted"
    )
