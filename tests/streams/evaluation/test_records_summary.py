import pytest

from schemas.records import Line, Problem, Source, Span, Summary
from streams.evaluation.records_summary import (
    BadHistory,
    Rule,
    broken,
    evaluate,
    histories,
    parse,
)

HISTORY = """patient | name=程晚秋 | sex=female | birth=1960-05-01
=== d1 | date=2024-01-02 | department=内科 | title=门诊病历
诊断：高血压病。血钾4.2。
---
must | problems | 高血压
must | medication | 缬沙坦
never | problems | 糖尿病
"""


def page(problem: str) -> Summary:
    one = Line(problem, (Source("x/d1", Span(3, 7)),))
    return Summary(
        patient="x", documents=1, last_visit="2024-01-02", since="", allergies=(), changes=(),
        contradictions=(), problems=(Problem(problem, "", "active", (one,)),), medication=(),
        results=(), procedures=(), precautions=(), family=(), version="1",
    )  # fmt: skip


def test_a_history_is_read() -> None:
    made = parse("x", HISTORY)
    assert made.patient.sex == "female"
    assert made.documents[0].text == "诊断：高血压病。血钾4.2。"
    assert made.rules[0] == Rule(True, "problems", "高血压")


def test_rules_that_do_not_hold_are_told() -> None:
    made = parse("x", HISTORY)
    assert [one.words for one in broken(made, page("血压高"))] == ["缬沙坦"]  # its source says it
    assert [one.words for one in broken(made, page("糖尿病"))] == ["缬沙坦", "糖尿病"]


@pytest.mark.parametrize("row", ["must | nowhere | x", "may | problems | x", "must | problems |"])
def test_a_bad_rule_is_named_with_its_line(row: str) -> None:
    with pytest.raises(BadHistory, match="x, line 4 after ---"):
        parse("x", HISTORY + row)


def test_there_are_thirty_histories() -> None:
    assert len(histories()) == 30


def test_every_line_of_every_history_has_a_source_and_nearly_all_is_found() -> None:
    rows = {one.measure: one for one in evaluate()}
    assert rows["lines with a source"].value == 1.0
    assert rows["all: what must be said"].value >= 0.95
