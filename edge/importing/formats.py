"""Which format a file is in, by what it begins with."""

from __future__ import annotations

import re

from edge.importing.errors import UnknownFormat
from schemas.records import Format

_REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|html|[a-z]+:?[a-z]* xmlns)", re.I)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"")
_PDF_WITHIN = 1024
_TABLES = (".csv", ".tsv")


def format_of(content: bytes, name: str) -> Format:
    """Content decides, the name only what is a table. Raises UnknownFormat."""
    for start, what in _REFUSED:
        if content.startswith(start) and not (start == b"BM" and b"\x00" not in content[:64]):
            raise UnknownFormat(what)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if _MARKUP.match(content):
        raise UnknownFormat("markup")
    if _JSON.match(content):
        return "fhir"
    return "csv" if name.lower().endswith(_TABLES) else "text"
