"""Lines about conditions, allergies, procedures and the family."""

from __future__ import annotations

from collections.abc import Iterator

from edge.importing import facts
from edge.importing.fhir import words
from edge.importing.fhir.page import NOWHERE, Line, at, plain
from edge.importing.fhir.resources import (
    AllergyIntolerance,
    Concept,
    Condition,
    FamilyMemberHistory,
    Procedure,
)
from schemas.records import Allergy, Certainty, Course, Diagnosis, FamilyHistory
from schemas.records import Procedure as Done

_UNCERTAIN = frozenset({"unconfirmed", "provisional", "differential"})
_ENTERED_IN_ERROR = "entered-in-error"


def condition(resource: Condition) -> Iterator[Line]:
    """One line, or none if it was entered in error or says that nothing is known."""
    verified, clinical = resource.verification_status.codes, resource.clinical_status.codes
    name = plain(resource.code.words)
    if _ENTERED_IN_ERROR in verified or not name or resource.code.codes & words.NOTHING_KNOWN:
        return
    time = facts.day(resource.onset_date_time or resource.onset_period.start)
    certainty: Certainty = "confirmed"
    course: Course = "active"
    zh = words.chinese(name)
    before, after = "", (f"（{time}起）" if zh else f", since {time}") if time else ""
    if "refuted" in verified:
        certainty, before, after = "refuted", "排除" if zh else "Ruled out ", ""
    elif verified & _UNCERTAIN:
        certainty, before, after = "uncertain", "" if zh else "Possible ", "待排" if zh else ""
    elif clinical & {"resolved", "inactive", "remission"}:
        course = "resolved" if "resolved" in clinical else "past"
        before = "既往" if zh else "History of "
        if course == "resolved":
            after += "，已愈" if zh else ", resolved"
    item = Diagnosis(
        span=NOWHERE, sentence=NOWHERE, name=name, code=_icd10(resource.code), time=time,
        certainty=certainty, course=course,
    )  # fmt: skip
    yield Line(before + name + after, (at(before, item),), facts.day(resource.recorded_date))


def allergy(resource: AllergyIntolerance) -> Iterator[Line]:
    """One line, or none."""
    verified, codes = resource.verification_status.codes, resource.code.codes
    name = plain(resource.code.words)
    if _ENTERED_IN_ERROR in verified or not name or codes & words.NOTHING_KNOWN:
        return
    zh = words.chinese(name)
    if codes & words.NO_ALLERGY:
        if not verified & {"refuted", *_UNCERTAIN}:
            denied = Allergy(span=NOWHERE, sentence=NOWHERE, name="", certainty="refuted")
            text = "无药物过敏史" if zh else "No known allergies"
            yield Line(text, (at("", denied, text),))
        return
    reaction = plain(
        "、".join(w for r in resource.reaction for m in r.manifestation if (w := m.words))
    )
    certainty: Certainty = "confirmed"
    if "refuted" in verified:
        certainty, reaction = "refuted", ""
        before, after = ("对", "不过敏") if zh else ("Not allergic to ", "")
    elif verified & _UNCERTAIN:
        certainty = "uncertain"
        before, after = ("可能对", "过敏") if zh else ("Possible allergy to ", "")
    else:
        before, after = ("对", "过敏") if zh else ("Allergic to ", "")
    if reaction:
        after += f"，表现为{reaction}" if zh else f", with {reaction}"
    item = Allergy(
        span=NOWHERE, sentence=NOWHERE, name=name, reaction=reaction, certainty=certainty
    )
    yield Line(before + name + after, (at(before, item),))


def procedure(resource: Procedure) -> Iterator[Line]:
    """One line, or none."""
    name = plain(resource.code.words)
    if resource.status == _ENTERED_IN_ERROR or not name:
        return
    if resource.code.codes & words.NOTHING_KNOWN:
        return
    time = facts.day(resource.performed_date_time or resource.performed_period.start)
    zh = words.chinese(name)
    certainty: Certainty = "confirmed"
    before = f"{time} " if time else ""
    if resource.status == "not-done":
        certainty, before = "refuted", "未行" if zh else "Not done: "
    elif resource.status in ("preparation", "on-hold"):
        certainty, before = "hypothetical", "拟行" if zh else "Planned: "
    elif resource.status == "unknown":
        certainty, before = "uncertain", "可能行" if zh else "Possibly done: "
    item = Done(span=NOWHERE, sentence=NOWHERE, name=name, time=time, certainty=certainty)
    yield Line(before + name, (at(before, item),), time)


def family(resource: FamilyMemberHistory) -> Iterator[Line]:
    """A line for each disease of the relative."""
    if resource.status == _ENTERED_IN_ERROR:
        return
    codes = sorted(resource.relationship.codes)
    known = next((words.RELATIVES[code] for code in codes if code in words.RELATIVES), "")
    told = plain(resource.relationship.words)
    for one in resource.condition:
        name = plain(one.code.words)
        if not name:
            continue
        zh = words.chinese(name)
        relative = (told if words.chinese(told) else known or told or "亲属") if zh else told
        before = f"{relative}患" if zh else f"{relative or 'Relative'} had "
        item = FamilyHistory(span=NOWHERE, sentence=NOWHERE, name=name, relative=relative)
        yield Line(before + name, (at(before, item),))


def _icd10(concept: Concept) -> str:
    return next((one.code for one in concept.coding if one.system in words.ICD_10), "")
