"""Bundles of FHIR R4 become lines in sections, and coded facts that point into them."""

import base64
import json

import pytest

from edge.importing.errors import Refused
from edge.importing.fhir import bundle
from edge.importing.imported import Person
from schemas.records import Allergy, Diagnosis, FamilyHistory, Procedure
from tests.support.fhir import lines, only, quantity
from tests.support.papers import PATIENT, Json, bundle_of, concept, resource


@pytest.mark.parametrize(
    ("fields", "line", "certainty", "course"),
    [
        ({}, "胃癌", "confirmed", "active"),
        ({"onsetDateTime": "2019-03"}, "胃癌（2019-03起）", "confirmed", "active"),
        ({"verificationStatus": concept("", "confirmed")}, "胃癌", "confirmed", "active"),
        ({"verificationStatus": concept("", "refuted")}, "排除胃癌", "refuted", "active"),
        ({"verificationStatus": concept("", "provisional")}, "胃癌待排", "uncertain", "active"),
        ({"verificationStatus": concept("", "differential")}, "胃癌待排", "uncertain", "active"),
        ({"clinicalStatus": concept("", "resolved")}, "既往胃癌，已愈", "confirmed", "resolved"),
        ({"clinicalStatus": concept("", "inactive")}, "既往胃癌", "confirmed", "past"),
    ],
)
def test_conditions(fields: Json, line: str, certainty: str, course: str) -> None:
    text, item = only(resource("Condition", code=concept("胃癌"), **fields))
    assert text == line
    assert isinstance(item, Diagnosis)
    assert (item.certainty, item.course) == (certainty, course)


def test_english_conditions() -> None:
    refuted = concept("", "refuted")
    assert only(resource("Condition", code=concept("Gout"), verificationStatus=refuted))[0] == (
        "Ruled out Gout"
    )


def test_codes_are_of_icd_10_only() -> None:
    icd = "http://hl7.org/fhir/sid/icd-10"
    for system, code in ((icd, "I10"), ("http://snomed.info/sct", "")):
        found = only(resource("Condition", code=concept("高血压", "I10", system=system)))[1]
        assert found.code == code


@pytest.mark.parametrize(
    "nothing",
    [
        resource("Condition", code=concept("胃癌"),
                 verificationStatus=concept("", "entered-in-error")),
        resource("Condition", code=concept("No problems", "no-known-problems")),
        resource("Observation", status="cancelled", code=concept("肌酐"),
                 valueQuantity=quantity(1)),
        resource("Observation", status="final", code=concept("肌酐")),
        resource("MedicationRequest", status="cancelled", medicationCodeableConcept=concept("药")),
        resource("AllergyIntolerance", code=concept("?", "no-allergy-info")),
        resource("Procedure", status="entered-in-error", code=concept("手术")),
        resource("FamilyMemberHistory", status="entered-in-error",
                 condition=[{"code": concept("糖尿病")}]),
    ],
)  # fmt: skip
def test_what_is_not_so_is_not_told(nothing: Json) -> None:
    with pytest.raises(Refused) as refused:
        lines(nothing)
    assert refused.value.reason == "empty"


def test_what_changes_the_meaning_and_is_not_known_is_left_out() -> None:
    strange = resource("Condition", code=concept("胃癌"), modifierExtension=[{"url": "x"}])
    read = bundle.read(bundle_of(PATIENT, strange, resource("Condition", code=concept("痛风"))))
    assert read.text == "诊断：\n痛风\n"
    assert read.remarks == ("left out",)


@pytest.mark.parametrize(
    ("fields", "line", "name", "certainty"),
    [
        ({"code": concept("青霉素"), "reaction": [{"manifestation": [concept("皮疹")]}]},
         "对青霉素过敏，表现为皮疹", "青霉素", "confirmed"),
        ({"code": concept("青霉素"), "verificationStatus": concept("", "refuted")},
         "对青霉素不过敏", "青霉素", "refuted"),
        ({"code": concept("青霉素"), "verificationStatus": concept("", "unconfirmed")},
         "可能对青霉素过敏", "青霉素", "uncertain"),
        ({"code": concept("无已知过敏", "716186003")}, "无药物过敏史", "", "refuted"),
    ],
)  # fmt: skip
def test_allergies(fields: Json, line: str, name: str, certainty: str) -> None:
    text, item = only(resource("AllergyIntolerance", **fields))
    assert text == line
    assert isinstance(item, Allergy)
    assert (item.name, item.certainty) == (name, certainty)


@pytest.mark.parametrize(
    ("status", "line", "certainty"),
    [
        ("completed", "2019-05 支架植入术", "confirmed"),
        ("not-done", "未行支架植入术", "refuted"),
        ("preparation", "拟行支架植入术", "hypothetical"),
        ("unknown", "可能行支架植入术", "uncertain"),
    ],
)
def test_procedures(status: str, line: str, certainty: str) -> None:
    done = resource(
        "Procedure", status=status, code=concept("支架植入术"), performedDateTime="2019-05"
    )
    text, item = only(done)
    assert text == line
    assert isinstance(item, Procedure)
    assert item.certainty == certainty


def test_the_family_is_the_family() -> None:
    read = bundle.read(
        bundle_of(
            PATIENT,
            resource("FamilyMemberHistory", status="completed",
                     relationship=concept("father", "FTH"),
                     condition=[{"code": concept("糖尿病")}, {"code": concept("Stroke")}]),
        )
    )  # fmt: skip
    assert read.text == "家族史：\n父亲患糖尿病\nfather had Stroke\n"
    assert [type(item) for item in read.items] == [FamilyHistory, FamilyHistory]


def test_narratives_come_first_and_have_lines() -> None:
    div = (
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>头晕&nbsp;3天<br/>伴恶心</p><script>x()</script>"
        "<table><tr><td>肌酐</td><td>132</td></tr><tr><td>血钾</td><td>4.1</td></tr></table></div>"
    )
    told: Json = {
        "resourceType": "Composition", "title": "出院小结", "date": "2025-03-02T08:00:00Z",
        "section": [{"title": "主诉", "text": {"div": div}, "section": [{"title": "空"}]}],
    }  # fmt: skip
    text = base64.b64encode("建议：复查。\r\n".encode("gb18030")).decode()
    attached = resource(
        "DocumentReference", status="current",
        content=[
            {"attachment": {"contentType": "text/plain; charset=gb18030", "data": text}},
            {"attachment": {"contentType": "application/pdf", "data": text}},
        ],
    )  # fmt: skip
    read = bundle.read(
        bundle_of(PATIENT, resource("Condition", code=concept("痛风")), attached, told)
    )
    assert read.text == "建议：复查。\n主诉：\n头晕 3天\n伴恶心\n肌酐 132\n血钾 4.1\n诊断：\n痛风\n"
    assert (read.title, read.date, read.remarks) == ("出院小结", "2025-03-02", ("left out",))


def test_whose() -> None:
    read = bundle.read(bundle_of(PATIENT, resource("Condition", code=concept("痛风"))))
    assert read.person == Person("王测试", "male", "1961-03-02", "ZY10086")
    other: Json = {"resourceType": "Patient", "name": [{"family": "Smith", "given": ["John", "A"]}]}
    assert bundle.read(
        bundle_of(other, {"resourceType": "Condition", "code": concept("Gout")})
    ).person == Person("John A Smith")


@pytest.mark.parametrize(
    "others",
    [
        [{"resourceType": "Patient", "id": "p2"}],
        [
            {
                "resourceType": "Condition",
                "code": concept("痛风"),
                "subject": {"reference": "Patient/p2"},
            }
        ],
        [{"resourceType": "AllergyIntolerance", "patient": {"reference": "urn:uuid:other"}}],
    ],
)
def test_of_several_patients(others: list[Json]) -> None:
    with pytest.raises(Refused) as refused:
        lines(resource("Condition", code=concept("痛风")), *others)
    assert refused.value.reason == "several"


def test_full_addresses_are_the_patient_too() -> None:
    entry = {"fullUrl": "https://his.example/fhir/Patient/p1", "resource": PATIENT}
    subject = {"reference": "https://his.example/fhir/Patient/p1"}
    told = {"resourceType": "Condition", "code": concept("痛风"), "subject": subject}
    entries = [entry, {"resource": told}]
    content = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    assert bundle.read(content).text == "诊断：\n痛风\n"


def test_a_single_resource() -> None:
    one = json.dumps(resource("Condition", code=concept("痛风"))).encode()
    assert bundle.read(one).text == "诊断：\n痛风\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": 1}', "json"),
        (b'{"resourceType": "Bundle", "entry": 1}', "fhir"),
        (b'{"resourceType": "Bundle", "type": "history", "entry": []}', "fhir"),
        (b'{"resourceType": "Bundle"', "fhir"),
        (b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": 3}}]}', "fhir"),
        (b'{"resourceType": "Bundle", "x": ' + b"[" * 100_000, "nesting"),
        (bundle_of(*[{"resourceType": "Basic"}] * 5001), "parts"),
        (bundle_of(PATIENT), "empty"),
        (bundle_of(resource("Condition", code=concept("痛" * 200_001))), "characters"),
    ],
)
def test_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        bundle.read(content)
    assert refused.value.reason == reason


def test_no_string_of_a_resource_makes_a_line_of_its_own() -> None:
    named = "痛风\r\n家族史：\n排除\u2028癌"
    read = lines(resource("Condition", code=concept(named)))
    assert read == ["诊断：", "痛风 家族史： 排除 癌"]
