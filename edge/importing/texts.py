"""A text as a document keeps it."""

from __future__ import annotations

import re
import unicodedata

from edge.importing import encodings
from edge.importing.errors import Garbled, NoText, TooBig
from schemas.records import MOST_TEXT

_LINE_END = re.compile(r"\r\n?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# NFC can make at most three characters of one, and rarely does.
_MOST_BEFORE = 3 * MOST_TEXT


def kept(text: str) -> str:
    """In NFC, lines ended by \\n, nothing else changed. Raises NoText, TooBig, Garbled."""
    if len(text) > _MOST_BEFORE:
        raise TooBig("characters")
    if _SURROGATE.search(text):
        raise Garbled("encoding")
    text = unicodedata.normalize("NFC", _LINE_END.sub("\n", text))
    if not text.strip():
        raise NoText("empty")
    if len(text) > MOST_TEXT:
        raise TooBig("characters")
    encodings.check(text)
    return text


def line(text: str) -> str:
    """One line of what may have been several, with single spaces."""
    return " ".join(text.split())


_BY_NAME = str.maketrans(
    "⺒⺓⺠⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
    "巳幺民西见角贝车長长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
)
"""Radicals that Unicode does not call the same as the ideograph they look like."""
_RADICAL = re.compile(r"[\u2e80-\u2fdf]")


def unradical(text: str) -> str:
    """Ideographs for the radicals of the same shape, which PDF printers put in their place."""
    if not _RADICAL.search(text):
        return text
    text = _RADICAL.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return text.translate(_BY_NAME)
