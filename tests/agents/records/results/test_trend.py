"""How values went over time."""

import pytest

from agents.records.results.trend import trend
from schemas.records import Result, Span


def result(value: float | None, time: str = "", unit: str = "μmol/L", text: str = "") -> Result:
    return Result(
        span=Span(0, 1), sentence=Span(0, 1), name="肌酐", term="肌酐", time=time, text=text,
        value=value, unit=unit, normal_value=value, normal_unit=unit,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        ([100, 132, 180], "rising"),
        ([180, 132, 100], "falling"),
        ([100, 102, 101], "steady"),
        ([100, 180, 104], "steady"),
        ([100, 90, 150], "rising"),
        ([0, 0], "steady"),
        ([0, 5], "rising"),
    ],
)
def test_direction(values: list[float], direction: str) -> None:
    made = trend((f"2025-0{month}", result(value)) for month, value in enumerate(values, 1))
    assert made is not None
    assert made.direction == direction
    assert made.points == len(values)


def test_by_how_much() -> None:
    made = trend([("2025-03-01", result(180)), ("2025-01-01", result(120))])
    assert made is not None
    assert (made.first, made.last, made.change, made.share) == (120, 180, 60, 0.5)
    assert (made.since, made.until, made.unit) == ("2025-01-01", "2025-03-01", "μmol/L")


def test_its_own_date_goes_before_the_document_s() -> None:
    made = trend([("2025-03-01", result(180)), ("2025-03-01", result(120, "2024-05"))])
    assert made is not None
    assert (made.first, made.last) == (120, 180)


def test_what_cannot_be_compared_is_left_out() -> None:
    assert trend([]) is None
    assert trend([("2025-01-01", result(1)), ("2025-01-01", result(2))]) is None
    assert trend([("2025-01-01", result(None)), ("2025-02-01", result(2))]) is None
    assert trend([("", result(1)), ("2025-02-01", result(2))]) is None
    assert trend([("2025-01-01", result(5, text="<5")), ("2025-02-01", result(2))]) is None
    assert trend([("2025-01-01", result(5, unit="g/L")), ("2025-02-01", result(2))]) is None
