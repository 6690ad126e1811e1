"""The way of a document into the vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from agents.records.parsed import Note
from edge.errors import EdgeError
from edge.importing.belonging import agrees, learnt, whose
from edge.importing.errors import Unsure
from edge.importing.imported import Imported, Remark
from edge.importing.likeness import ALMOST, Shingles
from edge.merging import merged
from edge.vault import Known, Vault
from schemas.records import DateText, Document, Item, Patient

Reads = Callable[[Note], Iterable[Item]]
"""Reads a note: `agents.records.extraction.Extractor.read`."""


class Taken(NamedTuple):
    """What became of a document. `known`: it was there already; `new`: so was not its patient."""

    document: str
    patient: str
    known: bool = False
    new: bool = False
    remarks: tuple[Remark, ...] = ()


class Intake:
    """Keeps documents with what is read in them; `version`: of the rules that read."""

    def __init__(self, vault: Vault, reads: Reads, version: str) -> None:
        self._vault, self._reads, self._version = vault, reads, version

    def take(
        self,
        imported: Imported,
        original: bytes | None,
        *,
        patient: str = "",
        sure: bool = False,
        date: DateText = "",
    ) -> Taken:
        """Keep it under the patient that it names, or that is named here by id.

        `sure`: even though the document names somebody else; `date`: of the visit, if the document
        has none. Raises Unsure, EdgeError.
        """
        if not imported.date:
            imported = msgspec.structs.replace(imported, date=date)
        owner = self._vault.patients.get(patient) if patient else None
        if owner is not None and not sure and not agrees(imported.person, owner):
            raise Unsure("other")
        owner = owner or self._holder(imported) or whose(imported.person, self._vault.patients)
        if owner is not None and (
            known := self._vault.documents.of_text(owner.id, imported.digest)
        ):
            self._vault.documents.date(known, imported.date)
            return Taken(known, owner.id, known=True)
        new = owner is None
        owner = self._new(imported) if owner is None else self._known(owner, imported)
        try:
            return self._keep(imported, original, owner)._replace(new=new)
        except EdgeError:
            if new:
                # Whole or not at all: nobody stays who has no document.
                self._vault.patients.delete(owner.id)
            raise

    def _holder(self, imported: Imported) -> Patient | None:
        """Who has it already, of those who may be its patient."""
        person, documents = imported.person, self._vault.documents
        alike = self._vault.patients.alike(person.name, birth=person.birth, number=person.number)
        return next((one for one in alike if documents.of_text(one.id, imported.digest)), None)

    def _new(self, imported: Imported) -> Patient:
        person = imported.person
        return self._vault.patients.add(
            person.name, sex=person.sex, birth=person.birth, number=person.number
        )

    def _known(self, owner: Patient, imported: Imported) -> Patient:
        if agrees(imported.person, owner) and (more := learnt(owner, imported.person)) != owner:
            self._vault.patients.change(more)
            return more
        return owner

    def _keep(self, imported: Imported, original: bytes | None, owner: Patient) -> Taken:
        note = Note(imported.text, imported.date, owner.sex, owner.birth)
        items = merged(imported.items, self._reads(note))
        near = self._is_near(imported, owner)
        document = Document(
            id="", patient=owner.id, date=imported.date, title=imported.title, text=imported.text,
            digest=imported.digest, format=imported.format, department=imported.department,
        )  # fmt: skip
        done = self._vault.documents.add(
            document, items, original, version=self._version, coded=imported.items
        )
        if isinstance(done, Known):
            return Taken(done.id, owner.id, known=True)
        remarks = list(imported.remarks)
        remarks += ["near"] * near
        remarks += ["undated"] * (not imported.date)
        return Taken(done.id, owner.id, remarks=tuple(remarks))

    def _is_near(self, imported: Imported, owner: Patient) -> bool:
        own = Shingles(imported.text)
        return any(
            own.like(Shingles(document.text)) >= ALMOST
            for document in self._of_same_visit(owner.id, imported)
            if document.digest != imported.digest
        )

    def _of_same_visit(self, patient: str, imported: Imported) -> list[Document]:
        return [
            self._vault.documents.get(one.id)
            for one in self._vault.documents.list(patient)
            if one.date == imported.date
        ]
