"""Results in a table become the lines that a laboratory prints."""

import pytest

from edge.importing import table
from edge.importing.errors import Refused
from edge.importing.imported import Person


def test_a_line_of_results() -> None:
    read = table.read(
        "项目,结果,单位,参考范围,提示\n肌酐,132,μmol/L,57-111,H\n血钾,4.1,mmol/L,(3.5~5.3),\n"
    )
    assert read.text.split("\n") == [
        "检验结果：",
        "肌酐 132 μmol/L (57-111) ↑",
        "血钾 4.1 mmol/L (3.5~5.3)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Test Name\tResult\tUnits\tReference Range\tFlag\nCreatinine\t132\tumol/L\t57-111\tHigh\n",
        "Test;Value;Unit;Low;High;Abnormal\r\nCreatinine;132;umol/L;57;111;↑\r\n",
        '"Analyte","Result","Unit","Range","H/L"\n"Creatinine","132","umol/L","57-111","H"',
        "test|result|unit|ref. range|flag\nCreatinine|132|umol/L|57-111|h",
    ],
)
def test_english_and_separators(text: str) -> None:
    assert table.read(text).text.endswith("\nCreatinine 132 umol/L (57-111) ↑")


def test_open_ranges_and_flags() -> None:
    head = "名称,结果,下限,上限,标志\n"
    for row, line in [
        ("a,1,,3,", "a 1 (≤3)"),
        ("a,1,2,,L", "a 1 (≥2) ↓"),
        ("a,1,,,LL", "a 1 ↓↓"),
        ("a,阳性,,,阳性", "a 阳性 阳性"),
        ("a,1,,,正常", "a 1"),
    ]:
        assert table.read(head + row).text == f"检验结果：\n{line}"


def test_dates_stand_in_the_lines_if_they_differ() -> None:
    read = table.read("日期,项目,结果\n2025/3/2,肌酐,132\n20250401,肌酐,150\n,血钾,4\n")
    assert read.date == "2025-04-01"
    assert read.text.split("\n")[1:] == ["2025-03-02 肌酐 132", "2025-04-01 肌酐 150", "血钾 4"]
    same = table.read("日期,项目,结果\n2025/3/2,肌酐,132\n2025-3-2 08:00,血钾,4\n")
    assert same.date == "2025-03-02"
    assert same.text == "检验结果：\n肌酐 132\n血钾 4"


def test_whose() -> None:
    read = table.read(
        "姓名,性别,出生日期,病历号,项目,结果\n王测试,男,1961-3-2,007,肌酐,132\n王测试,男,,,血钾,4\n"
    )
    assert read.person == Person("王测试", "male", "1961-03-02", "007")
    above = table.read(
        "某某医院,,\n姓名：王测试,性别：女,\n报告日期：2025-03-02\n项目,结果\n肌酐,132\n"
    )
    assert above.person == Person("王测试", "female")
    assert above.date == "2025-03-02"
    assert above.text.startswith("某某医院\n姓名：王测试 性别：女\n")


def test_several_patients_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        table.read("姓名,项目,结果\n王,肌酐,132\n李,肌酐,90\n")
    assert refused.value.reason == "several"


def test_a_formula_is_text() -> None:
    """Whatever a spreadsheet would do with it, here nothing is calculated, opened or lost."""
    rows = ["=cmd|' /C calc'!A0,+1+1", "@SUM(A1),-2", '"=HYPERLINK(""http://x"",""y"")","=""007"""']
    read = table.read("项目,结果\n" + "\n".join(rows))
    assert read.text.split("\n")[1:] == [
        "=cmd|' /C calc'!A0 +1+1",
        "@SUM(A1) -2",
        '=HYPERLINK("http://x","y") 007',
    ]


def test_nothing_is_lost_in_silence() -> None:
    read = table.read("项目,结果,备注\n肌酐,132,溶血\n报告医生：李四,,\n生化,,\n")
    assert read.text == "检验结果：\n肌酐 132\n报告医生：李四\n生化"
    assert read.remarks == ("left out",)


def test_a_cell_of_several_lines_is_one_line() -> None:
    assert table.read('项目,结果\n肌酐,"132\n(复查)"').text == "检验结果：\n肌酐 132 (复查)"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b\n1,2", "columns"),
        ("项目,单位\n肌酐,g", "columns"),
        ("项目,结果\n", "empty"),
        ("项目,结果\n" + "肌酐,1\n" * 5000, "parts"),
        ("项目,结果\n肌酐," + "1" * 200_000, "csv"),
        ("项目,结果\n" + "x" * 2_000_000, "characters"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        table.read(text)
    assert refused.value.reason == reason
