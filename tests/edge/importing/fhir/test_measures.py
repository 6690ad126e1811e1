from edge.importing.fhir import bundle
from schemas.records import Result
from tests.support.fhir import only, quantity
from tests.support.papers import PATIENT, bundle_of, concept, resource


def test_observations() -> None:
    text, item = only(
        resource(
            "Observation", status="final", code=concept("肌酐"),
            valueQuantity=quantity(132, "μmol/L"), interpretation=[concept("", "H")],
            referenceRange=[{"low": quantity(57), "high": quantity(111)}],
            effectiveDateTime="2025-03-01T09:00:00+08:00",
        )
    )  # fmt: skip
    assert text == "2025-03-01 肌酐 132 μmol/L (57-111) ↑"
    assert isinstance(item, Result)
    assert (item.value, item.unit, item.low, item.high) == (132, "μmol/L", 57, 111)
    assert (item.interpretation, item.reference, item.time) == ("H", "flag", "2025-03-01")


def test_components_and_words() -> None:
    pressure = resource(
        "Observation", status="final", code=concept("血压"),
        component=[
            {"code": concept("收缩压"), "valueQuantity": quantity(168, "mmHg")},
            {"code": concept("舒张压"), "valueQuantity": quantity(102, "mmHg")},
        ],
    )  # fmt: skip
    antigen = resource(
        "Observation", status="final", code=concept("乙肝表面抗原"),
        valueCodeableConcept=concept("阳性"), interpretation=[concept("", "POS")],
    )  # fmt: skip
    low = resource(
        "Observation", status="final", code=concept("肌钙蛋白"),
        valueQuantity={"value": 0.01, "comparator": "<", "unit": "ng/mL"},
    )  # fmt: skip
    read = bundle.read(bundle_of(PATIENT, pressure, antigen, low))
    assert read.text.split("\n")[1:-1] == [
        "收缩压 168 mmHg", "舒张压 102 mmHg", "乙肝表面抗原 阳性 异常", "肌钙蛋白 <0.01 ng/mL",
    ]  # fmt: skip
    assert [item.value for item in read.items if isinstance(item, Result)] == [168, 102, None]
