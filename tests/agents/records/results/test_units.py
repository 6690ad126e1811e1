"""Conversions against figures worked out by hand, from molar masses of the tables of elements."""

import pytest

from agents.records.errors import BadPack
from agents.records.pack import Pack
from agents.records.results.units import Units, convert

PACK = Pack.load()


@pytest.mark.parametrize(
    ("test", "value", "unit", "expected"),
    [
        ("creatinine", 1.0, "mg/dL", 88.4),
        ("creatinine", 0.132, "mmol/L", 132),
        ("urea-nitrogen", 20, "mg/dL", 7.14),
        ("urea", 60.06, "mg/dL", 10.0),
        ("uric-acid", 7.0, "mg/dL", 416.4),
        ("glucose", 126, "mg/dL", 6.99),
        ("cholesterol", 200, "mg/dL", 5.17),
        ("ldl", 100, "mg/dL", 2.59),
        ("triglycerides", 150, "mg/dL", 1.69),
        ("bilirubin", 1.0, "mg/dL", 17.1),
        ("calcium", 10, "mg/dL", 2.495),
        ("calcium", 5, "mEq/L", 2.5),
        ("phosphate", 3.1, "mg/dL", 1.0),
        ("magnesium", 2.43, "mg/dL", 1.0),
        ("potassium", 4.5, "mEq/L", 4.5),
        ("hemoglobin", 13.5, "g/dL", 135),
        ("albumin", 3.5, "g/dL", 35),
        ("platelets", 25, "万/μL", 250),
        ("platelets", 150000, "/μL", 150),
        ("wbc", 12.5, "10^3/μL", 12.5),
        ("rbc", 4.5, "10^6/μL", 4.5),
        ("hba1c", 53, "mmol/mol", 7.0),
        ("temperature", 98.6, "℉", 37.0),
        ("systolic", 20, "kPa", 150),
        ("insulin", 60, "pmol/L", 8.64),
        ("ft4", 1.0, "ng/dL", 12.87),
        ("ft3", 3.0, "pg/mL", 4.61),
        ("cortisol", 10, "μg/dL", 275.9),
        ("testosterone", 5.0, "ng/mL", 17.3),
        ("vitamin-d", 50, "nmol/L", 20.0),
        ("b12", 200, "pmol/L", 271),
        ("iron", 100, "μg/dL", 17.9),
        ("troponin-i", 26, "ng/L", 0.026),
        ("d-dimer", 500, "ng/mL", 0.5),
        ("crp", 1.2, "mg/dL", 12),
        ("lactate", 18, "mg/dL", 2.0),
        ("urine-albumin-ratio", 3.4, "mg/mmol", 30),
        ("urine-protein-day", 150, "mg/24h", 0.15),
        ("weight", 120, "斤", 60),
        ("height", 1.72, "m", 172),
        ("ferritin", 300, "μg/L", 300),
        ("tsh", 2.5, "mU/L", 2.5),
        ("hcg", 18650, "U/L", 18650),
    ],
)
def test_to_the_table_s_unit(test: str, value: float, unit: str, expected: float) -> None:
    made = PACK.tests[test].normal_value(value, PACK.tests.units.get(unit))
    assert made == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(
    ("test", "unit"),
    [("potassium", "g/L"), ("potassium", "U/L"), ("alt", "mmol/L"), ("wbc", "%"), ("inr", "s")],
)
def test_a_unit_of_another_kind_does_not_fit(test: str, unit: str) -> None:
    known = PACK.tests.units.get(unit)
    assert known is not None
    assert PACK.tests[test].normal_value(4.0, known) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("×10^9/l", "10^9/L"),
        ("x10^9/l", "10^9/L"),
        ("*10^9/l", "10^9/L"),
        ("×10 9/l", "10^9/L"),
        ("10e9/l", "10^9/L"),
        ("×109/l", "10^9/L"),
        ("×10^12/l", "10^12/L"),
        ("umol/l", "μmol/L"),
        ("miu/l", "mU/L"),
        ("μiu/ml", "mU/L"),
        ("iu/l", "U/L"),
        ("ml/min/1.73m2", "mL/min/1.73m2"),
        ("mm hg", "mmHg"),
        ("次/分", "次/分"),
        ("ng/ml", "ng/mL"),
    ],
)
def test_spellings(written: str, name: str) -> None:
    found = PACK.tests.units.match(f"{written}, and more", 0)
    assert found is not None
    assert (found[0].name, found[1]) == (name, len(written))


@pytest.mark.parametrize("text", ["mother", "u/kg/h", "", "，", "gram", "sex"])
def test_no_unit_begins_here(text: str) -> None:
    assert PACK.tests.units.match(text, 0) is None


def test_there_and_back() -> None:
    units = PACK.tests.units
    mg, mmol = units.get("mg/dL"), units.get("mmol/L")
    assert mg is not None
    assert mmol is not None
    made = convert(100, mg, mmol, 180.156)
    assert made is not None
    assert convert(made, mmol, mg, 180.156) == pytest.approx(100)
    assert convert(100, mg, mmol) is None


@pytest.mark.parametrize("content", ["[mass", '[mass]\n"g/L" = 1', '[mass]\n"g/L" = ["x"]'])
def test_a_broken_table_is_refused(content: str) -> None:
    with pytest.raises(BadPack, match=r"units\.toml"):
        Units.read(content, "units.toml")
