"""Which encoding bytes are in, and whether what comes out is text that a person wrote."""

from __future__ import annotations

import codecs
import re

from edge.importing.errors import Garbled, UnknownFormat

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as the mark of UTF-16 does
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROL = 0.005
_LOST = "\ufffd"
_MOST_LOST = 0.005
# What two decoders make of bytes that were lost before.
_RUINS = re.compile(r"锟斤拷|锘縚|烫烫烫|屯屯屯")
# UTF-8 read as Windows' western code page: a first byte of three and what followed it.
_WESTERN = re.compile(r"[â-é][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{2}")
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_OTHERS = re.compile(r"[^\x00-\x7f]")
# Letters of two bytes in UTF-8 that do stand in notes.
_FAMILIAR = re.compile(r"[\u00a0-\u017f\u0391-\u03c9]")
# First bytes in GB2312: rows of marks, digits, full-width and Greek letters, and both levels.
_FIRST = frozenset((*range(0xA1, 0xA7), *range(0xB0, 0xD8)))
_SECOND = frozenset(range(0xD8, 0xF8))
_LEAST_COMMON = 0.5


def decode(content: bytes) -> str:
    """UTF-8, UTF-16 or -32 with a mark, or GB18030. Raises Garbled, UnknownFormat.

    EUC-KR cannot be told from GB18030.
    """
    text = _decoded(content)
    if text.count("\x00") or len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise UnknownFormat("binary")
    check(text)
    return text


def check(text: str) -> None:
    """Whether it was garbled before it came here. Raises Garbled."""
    if text.count(_LOST) > _MOST_LOST * len(text) or len(_RUINS.findall(text)) > 1:
        raise Garbled("mojibake")
    western = len(_WESTERN.findall(text))
    if western > 2 and 3 * western > 0.5 * len(_OTHERS.findall(text)):
        raise Garbled("mojibake")
    if any(_twice(line) for line in text.split("\n")):
        raise Garbled("mojibake")


def lost(text: str) -> bool:
    """Whether single characters stand for ones that could not be told."""
    return _LOST in text


def _decoded(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            try:
                return content.decode(name)
            except UnicodeDecodeError:
                raise Garbled("encoding") from None
    if b"\x00" in content:
        raise UnknownFormat("binary")
    utf8, chinese = _try(content, "utf-8"), _try(content, "gb18030")
    if utf8 is not None and not (_strange(utf8) and chinese is not None and _common(chinese)):
        return utf8
    if chinese is None or not _common(chinese):
        raise Garbled("encoding")
    return chinese


def _try(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return None


def _strange(text: str) -> bool:
    """Whether what is not ASCII is all of far scripts: so reads short GB18030 taken for UTF-8."""
    others = _OTHERS.findall(text)
    return bool(others) and all(c < "\u0800" and not _FAMILIAR.match(c) for c in others)


def _common(text: str) -> bool:
    """Whether most of it is of the everyday part of GB18030."""
    others = _OTHERS.findall(text)
    return sum(_weight(c) for c in others) >= _LEAST_COMMON * len(others)


def _weight(character: str) -> float:
    """How everyday: marks, letters and the 3,755 first ideographs of GB2312, then the others."""
    coded = character.encode("gb18030")
    if len(coded) != 2 or coded[1] < 0xA1:
        return 0.0
    return 1.0 if coded[0] in _FIRST else 0.5 if coded[0] in _SECOND else 0.0


def _twice(line: str) -> bool:
    """Whether a line is UTF-8 that was once read as GB18030."""
    if len(_IDEOGRAPHS.findall(line)) < 6:
        return False
    try:
        once = line.encode("gb18030").decode("utf-8", errors="replace")
    except UnicodeEncodeError:
        return False
    meant = _IDEOGRAPHS.findall(once)
    return len(meant) > 3 and len(meant) > 4 * once.count(_LOST)
