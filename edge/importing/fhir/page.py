"""The text that a bundle becomes: lines under headings, and the facts whose words they hold."""

from __future__ import annotations

import unicodedata
from typing import Literal, TypeVar

import msgspec

from edge.importing.texts import line
from schemas.records import Item, Secret, Span

Part = Literal["diagnosis", "allergy", "medication", "results", "procedure", "family"]
_HEADINGS: dict[Part, str] = {
    "diagnosis": "诊断：",
    "allergy": "过敏史：",
    "medication": "目前用药：",
    "results": "检验结果：",
    "procedure": "手术史：",
    "family": "家族史：",
}
_ItemT = TypeVar("_ItemT", bound=Item)
NOWHERE = Span(0, 0)


class Line(Secret, frozen=True):
    """One line, and its items with places counted from the line's beginning."""

    text: str
    items: tuple[Item, ...] = ()
    day: str = ""


def plain(text: str) -> str:
    """A string of a resource as a line holds it."""
    return unicodedata.normalize("NFC", line(text))


def at(before: str, item: _ItemT, said: str = "") -> _ItemT:
    """The item whose name, or what else says it, stands right behind `before`."""
    end = len(before) + len(said or item.name)
    return msgspec.structs.replace(item, span=Span(len(before), end))


class Page:
    """Collects lines; narratives come first, so that no heading of theirs rules our lines."""

    def __init__(self) -> None:
        self._narratives: list[str] = []
        self._lines: dict[Part, dict[Line, None]] = {part: {} for part in _HEADINGS}

    def tell(self, narrative: str) -> None:
        """Add text that has lines and headings of its own."""
        if narrative.strip():
            self._narratives.append(narrative.strip("\n"))

    def add(self, part: Part, *lines: Line) -> None:
        """Add lines; one that already stands there is not repeated."""
        self._lines[part].update(dict.fromkeys(lines))

    def made(self) -> tuple[str, tuple[Item, ...]]:
        """The text, and the items with places in it, in order."""
        text = "".join(f"{narrative}\n" for narrative in self._narratives)
        items: list[Item] = []
        for part, heading in _HEADINGS.items():
            if self._lines[part]:
                text += f"{heading}\n"
            for each in sorted(self._lines[part], key=lambda one: one.day, reverse=True):
                items += [_moved(item, len(text), each.text) for item in each.items]
                text += f"{each.text}\n"
        return text, tuple(items)


def _moved(item: Item, start: int, text: str) -> Item:
    span = Span(start + item.span.start, start + item.span.end)
    return msgspec.structs.replace(item, span=span, sentence=Span(start, start + len(text)))
