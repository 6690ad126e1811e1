import pytest

from edge.importing.fhir import bundle
from schemas.records import Medication
from tests.support.fhir import lines, only, quantity
from tests.support.papers import PATIENT, bundle_of, concept, resource

DOSAGE = {
    "route": concept("口服", "26643006"),
    "timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
    "doseAndRate": [{"doseQuantity": quantity(10, "mg")}],
}


@pytest.mark.parametrize(
    ("status", "before", "certainty", "course", "change"),
    [
        ("active", "", "confirmed", "active", ""),
        ("completed", "曾用", "confirmed", "past", ""),
        ("stopped", "停用", "confirmed", "past", "stop"),
        ("on-hold", "暂停", "confirmed", "active", "hold"),
        ("intended", "拟用", "hypothetical", "active", ""),
        ("not-taken", "未服用", "refuted", "active", ""),
    ],
)
def test_medication(status: str, before: str, certainty: str, course: str, change: str) -> None:
    named = concept("依那普利")
    text, item = only(
        resource(
            "MedicationStatement", status=status, medicationCodeableConcept=named,
            dosage=[DOSAGE], statusReason=[concept("干咳")],
        )
    )  # fmt: skip
    assert text == f"{before}依那普利 10 mg po bid（原因：干咳）"
    assert isinstance(item, Medication)
    assert (item.certainty, item.course, item.change) == (certainty, course, change)
    assert (item.dose, item.route, item.frequency, item.reason) == ("10 mg", "po", "bid", "干咳")


@pytest.mark.parametrize(
    ("repeat", "frequency"),
    [
        ((1, 1, "d"), "qd"), ((3, 1, "d"), "tid"), ((1, 8, "h"), "q8h"), ((1, 2, "d"), "qod"),
        ((1, 1, "wk"), "qw"), ((1, 24, "h"), "qd"), ((2, 3, "d"), ""), ((1, 1.5, "h"), ""),
    ],
)  # fmt: skip
def test_how_often(repeat: tuple[int, float, str], frequency: str) -> None:
    timing = dict(zip(("frequency", "period", "periodUnit"), repeat, strict=True))
    item = only(
        resource(
            "MedicationRequest", status="active", medicationCodeableConcept=concept("药"),
            dosageInstruction=[{"timing": {"repeat": timing}}],
        )
    )[1]  # fmt: skip
    assert isinstance(item, Medication)
    assert item.frequency == frequency


def test_medication_named_elsewhere() -> None:
    drug = {"resourceType": "Medication", "id": "m1", "code": concept("缬沙坦")}
    use = resource(
        "MedicationRequest", status="active", medicationReference={"reference": "Medication/m1"}
    )
    inside = resource(
        "MedicationRequest", status="active", medicationReference={"reference": "#m2"},
        contained=[{"resourceType": "Medication", "id": "m2", "code": concept("阿司匹林")}],
    )  # fmt: skip
    assert lines(drug, use, inside) == ["目前用药：", "缬沙坦", "阿司匹林"]


def test_what_must_not_be_given_is_no_medication() -> None:
    read = bundle.read(
        bundle_of(
            PATIENT,
            resource("MedicationRequest", status="active", doNotPerform=True,
                     medicationCodeableConcept=concept("青霉素")),
        )
    )  # fmt: skip
    assert read.text == "目前用药：\n禁用青霉素\n"
    assert not read.items
