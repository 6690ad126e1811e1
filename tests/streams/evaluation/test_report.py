import json

import pytest

from streams.evaluation.report import (
    Outcome,
    Report,
    cells,
    encode,
    headline,
    is_met,
    lines,
    markdown,
    versions,
)
from streams.evaluation.row import Row

NAN = float("nan")


def row(value: float, goal: float | None, higher: bool = True, data: str = "d") -> Row:
    return Row("t", data, "m", value, goal, higher, "peer a|b", "1 of 2")


@pytest.mark.parametrize(
    ("value", "goal", "higher", "shown"),
    [
        (0.5, None, True, ("0.500", "", "")),
        (0.98, 0.98, True, ("0.980", "≥ 0.980", "met")),
        (0.95, 0.98, True, ("0.950", "≥ 0.980", "0.030 short")),
        (3.0, 3.0, False, ("3", "≤ 3", "met")),
        (12.3456, 3.0, False, ("12.3", "≤ 3", "9.346 over")),
        (12345.6, 200.0, True, ("12,346", "≥ 200", "met")),
        (NAN, 3.0, False, ("-", "≤ 3", "not measured")),
        (float("inf"), 3.0, False, ("never", "≤ 3", "never over")),
    ],
)
def test_a_goal_is_met_or_it_is_said_how_far_off(
    value: float, goal: float | None, higher: bool, shown: tuple[str, str, str]
) -> None:
    assert cells(row(value, goal, higher)) == ("m", f"{shown[0]} (1 of 2)", *shown[1:])


def test_nothing_counted_meets_no_goal() -> None:
    assert is_met(row(NAN, 1.0)) is False
    assert is_met(row(NAN, None)) is None


REPORT = Report(
    "2026-11-21",
    {"python": "3.11.7", "numpy": "2.0"},
    True,
    (
        Outcome("t", (row(1.0, 0.5), row(NAN, None), row(2.0, 1.0, False, "e")), "", (1, 2), 0.5),
        Outcome("u", (), "needs x: give --data", None, 0.0),
    ),
)


def test_task_and_data_stand_where_they_change() -> None:
    heads = [cells[:3] for cells in lines(REPORT.outcomes)]
    assert heads == [
        ("t", "d", "m"),
        ("", "", "m"),
        ("", "e", "m"),
        ("u", "", "needs x: give --data"),
    ]


def test_markdown_is_one_table_under_date_and_versions() -> None:
    text = markdown(REPORT)
    first, blank, *table = text.splitlines()
    assert (first, blank) == (headline(REPORT), "")
    assert first.startswith("2026-11-21, python 3.11.7, numpy 2.0; quick")
    assert len(table) == 2 + 4
    assert {line.replace(r"\|", "").count("|") for line in table} == {8}


def test_json_says_all_of_it() -> None:
    plain = json.loads(encode(REPORT))
    assert (plain["date"], plain["versions"], plain["quick"]) == (
        "2026-11-21",
        {"python": "3.11.7", "numpy": "2.0"},
        True,
    )
    one, two = plain["outcomes"]
    assert (one["seeds"], two["missing"]) == ([1, 2], "needs x: give --data")
    assert [r["met"] for r in one["rows"]] == [True, None, False]
    assert [r["value"] for r in one["rows"]] == [1.0, None, 2.0]
    assert one["rows"][0]["counted"] == "1 of 2"


def test_versions_are_of_what_is_installed() -> None:
    assert list(versions()) == ["python", "groundswell", "numpy", "scipy", "river"]
