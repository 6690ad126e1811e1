"""One page of a patient out of their documents: pure, and nothing on it without a source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.records.summary.allergies import allergy_lines, substances
from agents.records.summary.changes import change_lines
from agents.records.summary.contradictions import contradiction_lines
from agents.records.summary.facts import Read, facts
from agents.records.summary.medication import drugs, medication_lines
from agents.records.summary.problems import diseases, problems
from agents.records.summary.readings import result_lines, series
from agents.records.summary.rest import family_lines, precaution_lines, procedure_lines
from agents.records.summary.words import Language, words
from schemas.records import Patient, Summary

if TYPE_CHECKING:
    from agents.records.pack import Pack

__all__ = ["summarise"]


def summarise(patient: Patient, read: Read, pack: Pack, language: Language = "zh") -> Summary:
    """The page of a patient: `read`, documents with their items, in any order. Raises nothing.

    "Now" is the last visit: a page does not change from day to day.
    """
    told, relations, own = facts(patient, read), pack.relations, words(language)
    named, found = substances(told), diseases(told, relations)
    taken, measured = drugs(told, relations), series(told)
    return Summary(
        patient=patient.id,
        documents=len(told.documents),
        last_visit=told.last_visit,
        since=told.since,
        allergies=allergy_lines(told, named, own),
        changes=change_lines(told, named, taken, found, measured, relations, own),
        contradictions=contradiction_lines(patient, told, named, taken, found, relations, own),
        problems=problems(told, found, taken, measured, relations, own),
        medication=medication_lines(taken, own),
        results=result_lines(told, measured, relations, own),
        procedures=procedure_lines(told, own),
        precautions=precaution_lines(told, pack, own),
        family=family_lines(told, own),
        version=pack.version,
    )
