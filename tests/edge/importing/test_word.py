"""Word files: real ones by python-docx, hostile ones by hand."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import docx
import pytest

from edge.importing import word
from edge.importing.errors import Refused
from tests.support.papers import W, docx_of, paragraph, table, zipped

BOMB = b"0" * 60_000_000


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(Refused) as error:
        yield
    assert error.value.reason == reason


def test_what_word_writes() -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "某某市人民医院"
    made.add_heading("出院小结", 1)
    made.add_paragraph("姓名：王测试\t性别：男")
    made.add_paragraph("高血压病", style="List Number")
    cells = made.add_table(2, 3)
    for row, texts in enumerate((("项目", "结果", "单位"), ("肌酐", "132", "μmol/L"))):
        for column, cell in enumerate(texts):
            cells.cell(row, column).text = cell
    made.add_paragraph("建议：一月后复查。\n低盐饮食。")
    file = io.BytesIO()
    made.save(file)
    assert [line for line in word.read(file.getvalue()).text.split("\n") if line] == [
        "某某市人民医院", "出院小结", "姓名：王测试\t性别：男", "高血压病", "项目 结果 单位",
        "肌酐 132 μmol/L", "建议：一月后复查。", "低盐饮食。",
    ]  # fmt: skip


def test_tables_within_tables_come_once() -> None:
    inner = table([["血钾", "4.1"]])
    body = (
        f"<w:tbl><w:tr><w:tc>{paragraph('检验')}{inner}</w:tc><w:tc>{paragraph('备注')}</w:tc>"
        "</w:tr></w:tbl>"
    )
    assert word.read(docx_of(body)).text == "检验\n血钾 4.1\n备注"


def test_content_controls_changes_and_boxes() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>"
        "<w:p><w:ins><w:r><w:t>新增</w:t></w:r></w:ins><w:del><w:r><w:delText>删去</w:delText>"
        "<w:t>删去</w:t></w:r></w:del><w:r><w:instrText>PAGE</w:instrText><w:br/><w:t>后</w:t>"
        f"</w:r><w:r><w:pict><w:txbxContent>{paragraph('文本框')}</w:txbxContent></w:pict></w:r>"
        "</w:p>"
    )
    assert word.read(docx_of(body)).text == "控件\n新增\n后\n文本框"


def test_pictures_are_told() -> None:
    read = word.read(docx_of(paragraph("头晕"), {"word/media/a.png": b"x"}))
    assert read.remarks == ("pictures",)
    with refused("scanned"):
        word.read(docx_of("", {"word/media/a.png": b"x"}))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx_of(paragraph("x"), {"word/vbaProject.bin": b"x"}), "macros"),
        (docx_of(paragraph("x"), {"../../etc/passwd": b"x"}), "paths"),
        (docx_of(paragraph("x"), {"/etc/passwd": b"x"}), "paths"),
        (docx_of(paragraph("x"), {"C:\\x": b"x"}), "paths"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "spreadsheet"),
        (zipped({"a.txt": b"x"}), "archive"),
        (docx_of(""), "empty"),
        (docx_of(paragraph("头" * 200_001)), "characters"),
        (docx_of(paragraph("x"), {"word/a.xml": BOMB}), "bomb"),
        (docx_of(paragraph("x"), {f"{n}": b"" for n in range(2000)}), "parts"),
        (docx_of("<w:p>"), "docx"),
        (docx_of("<w:sdt>" * 500 + paragraph("x") + "</w:sdt>" * 500), "nesting"),
        (b"PK\x03\x04" + bytes(100), "docx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(content: bytes, reason: str) -> None:
    with refused(reason):
        word.read(content)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    "dtd",
    [
        f"<!DOCTYPE d [<!ENTITY l0 'ha'>{LAUGHS}]>",
        "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE d SYSTEM 'http://127.0.0.1/x.dtd'>",
    ],
    ids=["billion laughs", "file", "address"],
)
def test_entities_are_refused(dtd: str) -> None:
    entity = "&l9;" if "l9" in dtd else "&x;" if "ENTITY x" in dtd else ""
    with refused("entities"):
        word.read(docx_of(paragraph(entity), start=dtd))


def test_a_list_of_contents_that_lies_about_sizes() -> None:
    """The size is believed to be small, and what comes out is cut at the limit."""
    content = bytearray(docx_of(paragraph("x"), {"word/header1.xml": BOMB}))
    whole = len(BOMB).to_bytes(4, "little")
    while (place := content.find(whole)) >= 0:
        content[place : place + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(Refused):
        word.read(bytes(content))


def test_two_parts_of_one_name() -> None:
    made = io.BytesIO(docx_of(paragraph("x")))
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", f"<w:document xmlns:w='{W}'/>")
    with refused("paths"):
        word.read(made.getvalue())


def test_encrypted() -> None:
    content = bytearray(docx_of(paragraph("x")))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(mark, place + 1)) >= 0:
            content[place + flags] |= 1
    with refused("password"):
        word.read(bytes(content))
