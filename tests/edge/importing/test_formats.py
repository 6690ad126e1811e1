import pytest

from edge.importing.errors import UnknownFormat
from edge.importing.formats import format_of
from tests.support.papers import bundle_of, docx_of, pdf_with_lines


@pytest.mark.parametrize(
    ("content", "name", "form"),
    [
        (pdf_with_lines(["头晕"]), "a.txt", "pdf"),
        (docx_of(""), "a.pdf", "docx"),
        (bundle_of(), "a.txt", "fhir"),
        (b'\xef\xbb\xbf {"resourceType": "Bundle"}', "", "fhir"),
        ("项目,结果".encode(), "A.CSV", "csv"),
        ("项目,结果".encode(), "a.txt", "text"),
        (b"BMI 23.1", "a", "text"),
        (b"<3 months", "a", "text"),
        (b"{ see note }", "a", "text"),
    ],
)
def test_format(content: bytes, name: str, form: str) -> None:
    assert format_of(content, name) == form


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "doc"),
        (b"{\\rtf1 x}", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"BM\x36\x00\x00\x00", "image"),
        (b"\x1f\x8b\x08", "archive"),
        (b"<!DOCTYPE html><p>", "markup"),
        (b'<?xml version="1.0"?><ClinicalDocument/>', "markup"),
    ],
)
def test_refused(content: bytes, reason: str) -> None:
    with pytest.raises(UnknownFormat) as refused:
        format_of(content, "a.txt")
    assert refused.value.reason == reason
