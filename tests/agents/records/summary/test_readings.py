"""What a result's line says beside its value."""

import pytest

from tests.support.patients import page


@pytest.mark.parametrize(
    ("first", "last", "trend"),
    [
        ("肌酐 1.5 mg/dL", "肌酐 134 μmol/L", "平稳：133 (2026-03-01) → 134 μmol/L"),
        ("肌酐 180 μmol/L", "肌酐 1.5 mg/dL", "下降：2.04 (2026-03-01) → 1.5 mg/dL"),
        ("空腹血糖 180 mg/dL", "空腹血糖 8.2 mmol/L", "下降：9.99 (2026-03-01) → 8.2 mmol/L"),
        ("Hb 9.8 g/dL", "Hb 105 g/L", "上升：98 (2026-03-01) → 105 g/L"),
        ("HbA1c 8.6%", "HbA1c 60 mmol/mol", "下降：8.6 (2026-03-01) → 7.64%"),
        ("BP 150/100mmHg", "BP 22/14 kPa", "上升：20/13.3 (2026-03-01) → 22/14 kPa"),
        ("肌酐 150 μmol/L", "肌酐 190 μmol/L", "上升：150 (2026-03-01) → 190"),
    ],
)
def test_a_trend_is_told_in_the_newest_unit(first: str, last: str, trend: str) -> None:
    (line,) = page(("2026-03-01", first), ("2026-06-01", last)).results
    assert line.detail.endswith(trend)


def test_a_value_without_a_day_is_no_part_of_a_trend() -> None:
    notes = [
        ("", "肌酐 180 μmol/L"),
        ("2026-04-01", "肌酐 150 μmol/L"),
        ("2026-06-01", "肌酐 160 μmol/L"),
    ]
    (line,) = page(*notes).results
    assert line.detail.endswith("上升：150 (2026-04-01) → 160")
    assert {one.document for one in line.sources} == {"d0", "d1", "d2"}


def test_a_value_without_a_day_is_not_the_one_before() -> None:
    made = page(("", "血钾 4.5 mmol/L"), ("2026-04-01", "胃炎"), ("2026-06-01", "血钾 5.9 mmol/L"))
    assert not any("血钾" in one.text for one in made.changes)


def test_a_range_that_was_converted_is_rounded() -> None:
    (line,) = page(("2026-03-01", "甘油三酯 200 mg/dL")).results
    assert line.detail == "参考 0–151"
