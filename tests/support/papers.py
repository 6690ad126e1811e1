"""Files as hospitals hand them out, made byte by byte: PDF, Word, FHIR."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping

BASE_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>] >>"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# x and y in points from below on the left, and what is written there.
Cell = tuple[float, float, str]


def drawn(cells: Iterable[Cell], size: int = 12) -> bytes:
    """What draws texts on a page, in this order."""
    lines = [
        b"1 0 0 1 %d %d Tm <%s> Tj" % (x, y, text.encode("utf-16-be").hex().encode())
        for x, y, text in cells
    ]
    return b"BT /F1 %d Tf\n" % size + b"\n".join(lines) + b"\nET"


def pdf_of(
    *pages: bytes,
    catalog: bytes = b"",
    page: bytes = b"",
    more: Iterable[bytes] = (),
    packed: bool = True,
) -> bytes:
    """A PDF with these pages; `catalog`, `page`: further entries; `more`: objects from number
    4 + 2 * pages on.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        BASE_FONT,
    ]
    for number, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> %s >> >>" % (5 + 2 * number, page)
        )
        coding, stream = (
            (b"/Filter /FlateDecode", zlib.compress(content)) if packed else (b"", content)
        )
        objects.append(
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), coding, stream)
        )
    return assembled([*objects, *more])


def assembled(objects: Iterable[bytes]) -> bytes:
    """Numbered objects with their table, the first one being the catalog."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1,
        table,
    )
    return bytes(out)


def pdf_with_lines(lines: Iterable[str], *, packed: bool = True) -> bytes:
    """A page of lines, one below the other."""
    cells = ((50, 780 - 18 * number, line) for number, line in enumerate(lines))
    return pdf_of(drawn(cells), packed=packed)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t xml:space='preserve'>{text}</w:t></w:r></w:p>"


def table(rows: Iterable[Iterable[str]]) -> str:
    cells = (
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{''.join(cells)}</w:tbl>"


def docx_of(body: str, parts: Mapping[str, bytes] | None = None, start: str = "") -> bytes:
    """A Word file with this body; `start`: before its root."""
    document = f"{start}<w:document xmlns:w='{W}'><w:body>{body}</w:body></w:document>"
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": document.encode(),
            **(parts or {}),
        }
    )


def zipped(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


Json = Mapping[str, object]


def bundle_of(*resources: Json) -> bytes:
    return json.dumps(
        {
            "resourceType": "Bundle",
            "type": "document",
            "entry": [{"resource": resource} for resource in resources],
        }
    ).encode()


PATIENT: Json = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"text": "王测试"}],
    "gender": "male",
    "birthDate": "1961-03-02",
    "identifier": [{"value": "ZY10086"}],
}


def concept(text: str, *codes: str, system: str = "") -> Json:
    return {"text": text, "coding": [{"code": code, "system": system} for code in codes]}


def resource(kind: str, **fields: object) -> Json:
    """One that says something of `PATIENT`."""
    whose = "patient" if kind in ("AllergyIntolerance", "FamilyMemberHistory") else "subject"
    return {"resourceType": kind, whose: {"reference": "Patient/p1"}, **fields}
