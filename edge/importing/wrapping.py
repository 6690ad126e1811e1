"""Lines of a printed page put together again where only the margin parted them.

A list that 否认 rules must not be cut in two: what stands on the next line would seem confirmed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

_WIDE = frozenset("WFA")
_GOES_ON = re.compile(r"[、，,(（/]$")
_ENDS = re.compile(r"[。；;：:！!？?]$")
_BEGINS = re.compile(
    r"\s*(?:[(（【\[]?\d{1,2}(?:[、)）】\]]|\.(?!\d))|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[•·●○■□◆*-]\s|[【\[]|[^\s，。,;；]{2,12}[：:]|[A-Z][A-Za-z ]{1,24}:)"
)
_SHORT_BY = {True: 2.5, False: 6.0}
"""Widths of a character by which a full line of ideographs, or of words, may fall short."""

_LONG, _SEVERAL, _NEAR = 20, 3, 30.0


class Line(NamedTuple):
    """A line as printed: from `x` over `width`, in characters of `size`; all in points."""

    x: float
    size: float
    text: str

    @property
    def end(self) -> float:
        """Where it ends; its gaps are not counted, so that no row of a table seems full."""
        cells = sum(1.0 if _is_wide(c) else 0.5 for c in self.text)
        return self.x + cells * self.size

    @property
    def is_long(self) -> bool:
        """Whether it could be a line of a paragraph."""
        return self.end - self.x >= _LONG * self.size


class Page(NamedTuple):
    """Lines in the order they are read; `width` of the sheet in points."""

    width: float
    lines: list[Line]

    @property
    def right(self) -> float:
        """Where full lines end: as far from the edge as they begin, or where several do end."""
        margin = min((line.x for line in self.lines), default=0.0)
        ends = sorted((line.end for line in self.lines if line.is_long), reverse=True)[:_SEVERAL]
        if len(ends) == _SEVERAL and ends[0] - ends[-1] <= _NEAR:
            return min(ends[0], self.width - margin)
        return self.width - margin


def unwrapped(pages: Iterable[Page]) -> str:
    """The text of pages whose paragraphs are lines again."""
    made: list[str] = []
    before: Line | None = None
    for page in pages:
        right = page.right
        for line in page.lines:
            if before is not None and _continues(before, line, right):
                made[-1] = _joined(made[-1], line.text.strip())
            else:
                made.append(line.text.rstrip())
            before = line
    return "\n".join(made)


def _continues(before: Line, line: Line, right: float) -> bool:
    if _BEGINS.match(line.text):
        return False
    said = before.text.rstrip()
    if _GOES_ON.search(said):
        return True
    short_by = _SHORT_BY[_is_wide(line.text.lstrip()[:1] or " ")] * before.size
    is_full = before.is_long and before.end + short_by >= right
    return is_full and not _ENDS.search(said)


def _joined(before: str, after: str) -> str:
    apart = before[-1:].isascii() and after[:1].isascii() and not before.endswith("-")
    return f"{before} {after}" if apart else before + after


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in _WIDE
