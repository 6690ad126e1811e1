"""Text of a PDF, line by line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import NamedTuple

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from edge.importing.errors import Broken, Encrypted, NoText, Refused, TooBig, Unsafe
from edge.importing.imported import Reading, Remark
from edge.importing.texts import unradical
from edge.importing.wrapping import Line, Page, unwrapped
from schemas.records import MOST_TEXT

_MOST_PAGES = 500
_NEAR = 3.0
"""Points by which the cells of one row may differ in height."""
_CELL = 15
"""Characters that half the pieces of a table have at most."""


class _Piece(NamedTuple):
    """A piece of a line, in characters of `size`; the page's origin is below, on the left."""

    x: float
    y: float
    size: float
    text: str


def read(content: bytes) -> Reading:
    """Raises Refused."""
    try:
        return _read(content)
    except Refused:
        raise
    except RecursionError:
        raise Unsafe("nesting") from None
    except MemoryError:
        raise
    except Exception:
        # Of a hostile file pypdf raises nearly anything: AttributeError, KeyError, zlib.error, ...
        raise Broken("pdf") from None


def _read(content: bytes) -> Reading:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise Encrypted("password")
    if len(reader.pages) > _MOST_PAGES:
        raise TooBig("parts")
    pages, pictures, length = [], False, 0
    for page in reader.pages:
        pages.append(Page(float(page.mediabox.width), _lines(page)))
        pictures = pictures or _has_pictures(page)
        length += sum(len(line.text) for line in pages[-1].lines)
        if length > MOST_TEXT:
            raise TooBig("characters")
    text = unradical(unwrapped(pages))
    if not text.strip():
        raise NoText("scanned" if pictures else "empty")
    remarks: list[Remark] = ["scripts"] if _has_scripts(reader) else []
    if pictures:
        remarks.append("pictures")
    return Reading(text=text, remarks=tuple(remarks))


def _lines(page: PageObject) -> list[Line]:
    """In the order drawn; a table that was drawn by columns comes by rows."""
    pieces = [piece for piece in _pieces(page) if piece.text.strip()]
    if not _is_by_columns(pieces):
        return [Line(piece.x, piece.size, piece.text) for piece in pieces]
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda one: -one.y):
        if rows and rows[-1][0].y - piece.y <= _NEAR:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [
        Line(row[0].x, row[0].size, " ".join(piece.text.strip() for piece in sorted(row)))
        for row in rows
    ]


def _pieces(page: PageObject) -> Iterator[_Piece]:
    """What pypdf takes for lines, each with the place where it begins."""
    drawn: list[_Piece] = []

    def see(text: str, cm: list[float], tm: list[float], _: object, size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = sqrt(abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])))
        drawn.append(_Piece(x, y, size * scale, text))

    page.extract_text(visitor_text=see)
    x, y, size, text = 0.0, 0.0, 0.0, ""
    for piece in drawn:
        for place, part in enumerate(piece.text.split("\n")):
            if place:
                yield _Piece(x, y, size, text)
                text = ""
            if not text.strip() and part.strip():
                x, y, size = piece.x, piece.y, piece.size
            text += part
    yield _Piece(x, y, size, text)


def _is_by_columns(pieces: list[_Piece]) -> bool:
    """Whether short pieces go down the page more than once and meet at the same heights."""
    if len(pieces) < 4 or median(len(piece.text) for piece in pieces) > _CELL:
        return False
    heights = [piece.y for piece in pieces]
    again = any(after > before + _NEAR for before, after in pairwise(heights))
    shared = len(heights) - len({round(height / _NEAR) for height in heights})
    return again and 3 * shared >= len(heights)


def _has_pictures(page: PageObject) -> bool:
    resources = page.get("/Resources")
    if isinstance(resources, IndirectObject):
        resources = resources.get_object()
    if not isinstance(resources, DictionaryObject) or "/XObject" not in resources:
        return False
    drawn = resources["/XObject"]
    return isinstance(drawn, DictionaryObject) and any(
        isinstance(one := drawn[name], DictionaryObject) and one.get("/Subtype") == "/Image"
        for name in drawn
    )


def _has_scripts(reader: PdfReader) -> bool:
    """Whether something in it would be run when a viewer opens it."""
    root = reader.root_object
    names = root.get("/Names")
    if isinstance(names, IndirectObject):
        names = names.get_object()
    return (
        "/OpenAction" in root
        or "/AA" in root
        or (isinstance(names, DictionaryObject) and "/JavaScript" in names)
    )
