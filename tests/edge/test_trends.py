"""The values behind a result's line."""

from __future__ import annotations

from typing import Any

from edge.trends import MOST_POINTS, trends
from schemas.records import Document, Item, Line, Result, Source, Span, Summary
from tests.support.edge import document

LINE = Span(3, 9)


def result(value: float | None, unit: str = "mmol/L", **more: Any) -> Result:
    return Result(span=LINE, sentence=LINE, name="K", term="K", value=value, unit=unit, **more)


def history(*results: Result) -> list[tuple[Document, list[Item]]]:
    """One document a day, the oldest first."""
    return [
        (
            Document(f"d{n}", "p", f"2026-01-{n + 1:02}", "t", document("p").text, ""),
            [one],
        )
        for n, one in enumerate(results)
    ]


def summary(document: str = "d0", span: Span = LINE) -> Summary:
    line = Line("K", (Source(document, span),))
    return Summary("p", 1, "", "", (), (), (), (), (), (line,), (), (), (), "1")


def test_the_values_of_one_test_oldest_first() -> None:
    read = history(result(4.0), result(5.5, low=3.5, high=5.3))
    (one,) = trends(summary("d1"), read)
    assert one is not None
    assert [(p.date, p.value) for p in one.points] == [("2026-01-01", 4.0), ("2026-01-02", 5.5)]
    assert (one.unit, one.low, one.high) == ("mmol/L", 3.5, 5.3)


def test_one_value_is_no_course_and_words_are_no_values() -> None:
    assert trends(summary(), history(result(4.0))) == (None,)
    assert trends(summary(), history(result(4.0), result(None, text="+"))) == (None,)
    assert trends(summary(), history(result(4.0), result(5.0, text="<5.0"))) == (None,)
    assert trends(summary(span=Span(0, 1)), history(result(4.0), result(5.0))) == (None,)


def test_units_are_not_mixed() -> None:
    assert trends(summary("d1"), history(result(4.0), result(16.0, "mg/dL"))) == (None,)
    converted = history(
        result(100.0, "mg/dL", normal_value=5.5, normal_unit="mmol/L"),
        result(6.0, normal_value=6.0, normal_unit="mmol/L", low=3.9, high=6.1),
    )
    (one,) = trends(summary("d1"), converted)
    assert one is not None
    assert [p.value for p in one.points] == [5.5, 6.0]
    assert (one.low, one.high) == (3.9, 6.1)


def test_a_range_is_converted_with_its_value() -> None:
    low = {"low": 70.0, "high": 110.0, "normal_unit": "mmol/L"}
    read = history(
        result(90.0, "mg/dL", normal_value=5.0, **low),
        result(180.0, "mg/dL", normal_value=10.0, **low),
    )
    (one,) = trends(summary("d1"), read)
    assert one is not None
    assert one.low is not None
    assert abs(one.low - 70 / 18) < 1e-9
    assert abs((one.high or 0) - 110 / 18) < 1e-9


def test_only_the_last_ones() -> None:
    read = [
        (Document(f"d{n}", "p", f"20{n:02}", "t", "K", ""), [result(float(n))])
        for n in range(1, MOST_POINTS + 5)
    ]
    (one,) = trends(summary("d3"), read)
    assert one is not None
    assert len(one.points) == MOST_POINTS
    assert one.points[-1].value == MOST_POINTS + 4
