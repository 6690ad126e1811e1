import pytest

from edge.importing.wrapping import Line, Page, unwrapped

FULL = "患者因反复头晕三天入院测得血压最高一百六十八给予缬沙坦治疗后好"


def text(*lines: str, size: float = 10) -> str:
    """Of a page whose lines have room for 32 ideographs."""
    return unwrapped([Page(420, [Line(50, size, line) for line in lines])])


@pytest.mark.parametrize(
    ("lines", "made"),
    [
        ((FULL, "转。", "建议复查。"), FULL + "转。\n建议复查。"),
        (("否认高血压、", "糖尿病。"), "否认高血压、糖尿病。"),
        (("否认高血压，", "家族史：父亲患糖尿病。"), "否认高血压，\n家族史：父亲患糖尿病。"),
        ((FULL + "。", "2型糖尿病。"), FULL + "。\n2型糖尿病。"),
        ((FULL + "转", "2、糖尿病"), FULL + "转\n2、糖尿病"),
        ((FULL + "量", "12.5mg"), FULL + "量12.5mg"),
        ((FULL + "转", "【查体】"), FULL + "转\n【查体】"),
        ((FULL, "肌酐 132", "血钾 4.1"), FULL + "肌酐 132\n血钾 4.1"),
        (("肌酐 132", "血钾 4.1", FULL), "肌酐 132\n血钾 4.1\n" + FULL),
        (("诊断", "高血压病"), "诊断\n高血压病"),
        (("The patient denies hypertension, gout, diabetes and any other", "heart disease."),
         "The patient denies hypertension, gout, diabetes and any other heart disease."),
    ],
)  # fmt: skip
def test_lines(lines: tuple[str, ...], made: str) -> None:
    assert text(*lines) == made


def test_over_the_end_of_a_page() -> None:
    pages = [Page(400, [Line(50, 10, one)]) for one in ("否认高血压、", "糖尿病。")]
    assert unwrapped(pages) == "否认高血压、糖尿病。"


def test_the_longest_line_of_a_page_need_not_be_full() -> None:
    lines = [Line(50, 10, line) for line in (FULL, "胸痛一天。")]
    assert unwrapped([Page(595, lines)]) == f"{FULL}\n胸痛一天。"


def test_a_column_narrower_than_the_page() -> None:
    lines = [Line(50, 10, line) for line in (FULL, FULL, FULL, "转。")]
    assert unwrapped([Page(595, lines)]) == FULL * 3 + "转。"
