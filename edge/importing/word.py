"""Text of a Word file (.docx): paragraphs, lists, tables row by row, headers.

Read by zipfile and defusedxml: python-docx checks neither sizes nor names, and leaves out headers,
text boxes and changes that were not yet accepted.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from edge.importing.errors import Broken, Encrypted, NoText, TooBig, UnknownFormat, Unsafe
from edge.importing.imported import Reading, Remark
from schemas.records import MOST_TEXT

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MOST_PART = 40 << 20
"""Bytes of one part once unpacked; text of 200,000 characters rarely makes a tenth of it."""
_MOST_ALL = 200 << 20
_MOST_RATIO = 200
_MOST_PARTS = 2_000
_MOST_DEPTH = 200
_BODY = "word/document.xml"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Deleted text and the code of fields are in the file and not on the page.
_HIDDEN = {"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "sectPr"}


def read(content: bytes) -> Reading:
    """Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise Broken("docx") from None
    except (KeyError, IndexError, RuntimeError, ParseError, OverflowError, UnicodeError):
        raise Broken("docx") from None


def _read(archive: zipfile.ZipFile) -> Reading:
    parts = archive.infolist()
    _check(parts)
    names = [part.filename for part in parts]
    if _BODY not in names:
        raise UnknownFormat("spreadsheet" if "xl/workbook.xml" in names else "archive")
    headers = sorted(n for n in names if n.startswith("word/header") and n.endswith(".xml"))
    notes = [n for n in ("word/footnotes.xml", "word/endnotes.xml") if n in names]
    lines: list[str] = []
    for name in headers:
        lines += [line for line in _lines(_parse(archive, name)) if line not in lines]
    for name in (_BODY, *notes):
        lines += _lines(_parse(archive, name))
    text = "\n".join(lines)
    if len(text) > MOST_TEXT:
        raise TooBig("characters")
    pictures = any(name.startswith("word/media/") for name in names)
    if not text.strip():
        raise NoText("scanned" if pictures else "empty")
    remarks: tuple[Remark, ...] = ("pictures",) if pictures else ()
    return Reading(text=text, remarks=remarks)


def _check(parts: list[zipfile.ZipInfo]) -> None:
    """What the list of contents says, before anything is unpacked. Raises Refused."""
    if len(parts) > _MOST_PARTS:
        raise TooBig("parts")
    for part in parts:
        name = part.filename
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Unsafe("paths")
        if "vbaproject" in name.lower() or "macrosheet" in name.lower():
            raise Unsafe("macros")
        if part.flag_bits & 1:
            raise Encrypted("password")
    packed = sum(part.compress_size for part in parts)
    whole = sum(part.file_size for part in parts)
    if whole > _MOST_ALL or whole > _MOST_RATIO * packed + (1 << 20):
        raise Unsafe("bomb")
    if len({part.filename for part in parts}) < len(parts):
        raise Unsafe("paths")


def _parse(archive: zipfile.ZipFile, name: str) -> Element:
    """A part's XML; the list of contents is not believed about its size. Raises Refused."""
    with archive.open(name) as file:
        content = file.read(_MOST_PART + 1)
    if len(content) > _MOST_PART:
        raise Unsafe("bomb")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Unsafe("entities") from None
    return root


def _lines(root: Element) -> Iterator[str]:
    """Lines of all blocks below an element, in order."""
    yield from _blocks(root, 0)


def _blocks(parent: Element, depth: int) -> Iterator[str]:
    if depth > _MOST_DEPTH:
        raise Unsafe("nesting")
    for child in parent:
        kind = _kind(child)
        if kind == "p":
            yield from _paragraph(child, depth)
        elif kind == "tbl":
            yield from _table(child, depth)
        elif kind not in _HIDDEN:
            yield from _blocks(child, depth + 1)


def _paragraph(paragraph: Element, depth: int) -> Iterator[str]:
    """Its text, then what stands in its text boxes."""
    boxes: list[Element] = []
    text = "".join(_runs(paragraph, boxes, depth))
    yield from (line.rstrip() for line in text.split("\n"))
    for box in boxes:
        yield from _blocks(box, depth + 1)


def _runs(parent: Element, boxes: list[Element], depth: int) -> Iterator[str]:
    if depth > _MOST_DEPTH:
        raise Unsafe("nesting")
    for child in parent:
        kind = _kind(child)
        if kind == "t":
            yield child.text or ""
        elif kind in _BREAKS:
            yield _BREAKS[kind]
        elif kind == "txbxContent":
            boxes.append(child)
        elif kind not in _HIDDEN:
            yield from _runs(child, boxes, depth + 1)


def _table(table: Element, depth: int) -> Iterator[str]:
    """One line a row; if a cell has several paragraphs, each of them is a line."""
    for row in _nearest(table, "tr", depth):
        cells = [
            [line.strip() for line in _blocks(cell, depth + 1) if line.strip()]
            for cell in _nearest(row, "tc", depth)
        ]
        if all(len(cell) <= 1 for cell in cells):
            yield " ".join(cell[0] for cell in cells if cell)
        else:
            for cell in cells:
                yield from cell


def _nearest(parent: Element, kind: str, depth: int) -> Iterator[Element]:
    """Rows or cells, also those within content controls, but not those of a table within."""
    if depth > _MOST_DEPTH:
        raise Unsafe("nesting")
    for child in parent:
        if _kind(child) == kind:
            yield child
        elif _kind(child) not in ("tbl", *_HIDDEN):
            yield from _nearest(child, kind, depth + 1)


def _kind(element: Element) -> str:
    """Its name if it is Word's own, whichever edition; else what stands in it is looked at."""
    tag = element.tag
    if not isinstance(tag, str):
        return "comment"
    if tag.startswith((_W, _STRICT)) or tag.endswith("}Fallback"):
        return tag.rpartition("}")[2]
    return ""
