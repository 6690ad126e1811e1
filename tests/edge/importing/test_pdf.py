"""PDFs written by hand: what stands on the page comes out, and what is hostile is refused."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pypdf import PdfReader, PdfWriter

from edge.importing import pdf
from edge.importing.errors import Refused
from tests.support.papers import assembled, drawn, pdf_of, pdf_with_lines

ROWS = [
    ("肌酐", "132", "μmol/L", "57-111", "↑"),
    ("血钾", "4.1", "mmol/L", "3.5-5.3", ""),
    ("白细胞计数", "12.3", "10^9/L", "3.5-9.5", "↑"),
]
CELLS = [
    [(x, 700 - 20 * row, cell) for x, cell in zip((50, 150, 220, 300, 400), cells, strict=True)]
    for row, cells in enumerate(ROWS)
]


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(Refused) as error:
        yield
    assert error.value.reason == reason


def test_lines() -> None:
    lines = ["出院小结", "姓名：王测试", "诊断：高血压病3级。", "Plain 12.5 mg/dL"]
    assert pdf.read(pdf_with_lines(lines)).text.split("\n") == lines


@pytest.mark.parametrize("by", ["rows", "columns"])
def test_rows_of_a_table_keep_their_lines(by: str) -> None:
    order = CELLS if by == "rows" else list(zip(*CELLS, strict=True))
    cells = [cell for line in order for cell in line if cell[2]]
    assert pdf.read(pdf_of(drawn(cells))).text.split("\n") == [
        " ".join(cell for cell in row if cell) for row in ROWS
    ]


def test_pages_follow_each_other() -> None:
    pages = [drawn([(50, 700, f"第{number}次就诊。")]) for number in "一二三"]
    assert pdf.read(pdf_of(*pages)).text == "第一次就诊。\n第二次就诊。\n第三次就诊。"


def test_a_list_under_a_negation_is_not_cut_by_the_margin() -> None:
    lines = [
        "既往史：否认高血压、冠心病、脑梗死、慢性支气管炎、肺结核、病毒性肝炎、",
        "糖尿病病史。",
        "查体：无特殊。",
    ]
    assert pdf.read(pdf_with_lines(lines)).text == lines[0] + lines[1] + "\n" + lines[2]


def test_radicals_become_ideographs() -> None:
    assert pdf.read(pdf_with_lines(["⾼⾎压，低盐饮⻝"])).text == "高血压，低盐饮食"


def test_scripts_are_not_run_and_told() -> None:
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    read = pdf.read(pdf_of(drawn([(50, 700, "头晕")]), catalog=action))
    assert read.text == "头晕"
    assert read.remarks == ("scripts",)
    assert "app.alert" not in read.text


def test_scanned() -> None:
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
        b" /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream"
    )
    with refused("scanned"):
        pdf.read(pdf_of(b"100 0 0 100 0 0 cm /I Do", page=b"/XObject << /I 6 0 R >>", more=[image]))
    with refused("empty"):
        pdf.read(pdf_of(b""))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_encrypted(algorithm: str) -> None:
    def locked(user: str) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_with_lines(["头晕三天。"]))))
        writer.encrypt(user, "owner", algorithm=algorithm)
        made = io.BytesIO()
        writer.write(made)
        return made.getvalue()

    with refused("password"):
        pdf.read(locked("secret"))
    # Printing may be forbidden; whoever can open it may read it.
    assert pdf.read(locked("")).text == "头晕三天。"


def test_broken() -> None:
    whole = pdf_with_lines(["头晕三天。"])
    for content in (b"%PDF-1.4\n", whole[:80], b"%PDF-1.7\nstartxref\n99999999\n%%EOF"):
        with refused("pdf"):
            pdf.read(content)


def test_pages_that_contain_themselves() -> None:
    with pytest.raises(Refused):
        pdf.read(
            assembled(
                [
                    b"<< /Type /Catalog /Pages 2 0 R >>",
                    b"<< /Type /Pages /Kids [2 0 R] /Count 1000000000 >>",
                ]
            )
        )


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b"<< /K ", b" >>")])
def test_deep_nesting(opening: bytes, closing: bytes) -> None:
    deep = opening * 20_000 + b"null" + closing * 20_000
    content = pdf_of(drawn([(50, 700, "头晕")]), catalog=b"/OpenAction " + deep)
    try:
        found = pdf.read(content).text
    except Refused as error:
        found = error.reason
    assert found in ("头晕", "nesting", "pdf")


def test_bombs() -> None:
    packed = zlib.compress(b"0" * 80_000_000, 9)
    twice = b"<< /Length %d /Filter [/FlateDecode] >>\nstream\n%s\nendstream" % (
        len(packed), packed,
    )  # fmt: skip
    content = assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            twice,
        ]
    )
    with pytest.raises(Refused):
        pdf.read(content)


def test_too_much() -> None:
    with refused("parts"):
        pdf.read(pdf_of(*[b""] * 501))
    page = drawn((50, 800 - y, "头晕" * 60) for y in range(0, 700, 5))
    with refused("characters"):
        pdf.read(pdf_of(*[page] * 15))
