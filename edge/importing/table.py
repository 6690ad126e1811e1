"""A table of results in a text with separators: lines as a laboratory prints them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from edge.importing import facts
from edge.importing.columns import Column, columns
from edge.importing.errors import Broken, NoText, TooBig, UnknownFormat, Unsure
from edge.importing.imported import Person, Reading
from edge.importing.texts import line
from schemas.records import Sex

_SEPARATORS = ",\t;|，"
_FIRST = 30
"""Rows among which the headings must be."""
_MOST_ROWS = 5_000
_MOST_CHARACTERS = 2_000_000
_FLAGS = {
    "h": "↑", "hh": "↑↑", "l": "↓", "ll": "↓↓", "高": "↑", "低": "↓", "偏高": "↑", "偏低": "↓",
    "升高": "↑", "降低": "↓", "high": "↑", "low": "↓", "n": "", "normal": "", "正常": "", "-": "",
}  # fmt: skip
_SEXES: dict[str, Sex] = {"男": "male", "m": "male", "male": "male", "女": "female",
                          "f": "female", "female": "female"}  # fmt: skip
_LITERAL = re.compile(r'="(.*)"')
_HEADING = "检验结果："
MOST_CELL = 100_000
"""Characters of a cell."""


class _Row:
    """The cells of a row by their columns, each on one line."""

    def __init__(self, cells: list[str], places: Mapping[Column, int]) -> None:
        self._cells, self._places = cells, places

    def __getitem__(self, column: Column) -> str:
        place = self._places.get(column)
        return _plain(self._cells[place]) if place is not None and place < len(self._cells) else ""

    @property
    def is_result(self) -> bool:
        return bool(self["name"] and self["result"])

    @property
    def has_more(self) -> bool:
        """Whether cells stand in columns that are none of ours."""
        known = set(self._places.values())
        return any(cell.strip() for at, cell in enumerate(self._cells) if at not in known)

    @property
    def joined(self) -> str:
        return line(" ".join(self._cells))


def read(text: str) -> Reading:
    """Raises Refused."""
    if len(text) > _MOST_CHARACTERS:
        raise TooBig("characters")
    for separator in _SEPARATORS:
        if separator in text:
            rows = _rows(text, separator)
            head = _headings(rows)
            if head is not None:
                return _reading(rows, head)
    raise UnknownFormat("columns")


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        raise Broken("csv") from None
    # The module's own limit is the whole process's, and others raise it.
    if any(len(cell) > MOST_CELL for row in rows for cell in row):
        raise Broken("csv")
    if len(rows) > _MOST_ROWS:
        raise TooBig("parts")
    return rows


def _headings(rows: list[list[str]]) -> int | None:
    return next((at for at, row in enumerate(rows[:_FIRST]) if columns(row)), None)


def _reading(rows: list[list[str]], head: int) -> Reading:
    places = columns(rows[head])
    before = [joined for row in rows[:head] if (joined := line(" ".join(row)))]
    below = [_Row(row, places) for row in rows[head + 1 :] if any(row) and not columns(row)]
    found = [row for row in below if row.is_result]
    if not found:
        raise NoText("empty")
    days = {facts.day(row["date"]) for row in found}
    left_out = any(row.is_result and row.has_more for row in below)
    return Reading(
        text="\n".join([*before, _HEADING, *(_line(row, len(days) > 1) for row in below)]),
        date=max(days) or facts.date("\n".join(before)),
        person=_person(found, "\n".join(before)),
        remarks=("left out",) if left_out else (),
    )


def _line(row: _Row, dated: bool) -> str:
    """`肌酐 132 μmol/L (57-111) ↑`, after its date if they differ; what is no result as it is."""
    if not row.is_result:
        return row.joined
    printed = row["range"].strip("()（）[]【】 ")
    if not printed and (row["low"] or row["high"]):
        low, high = row["low"], row["high"]
        printed = f"{low}-{high}" if low and high else f"≥{low}" if low else f"≤{high}"
    day = facts.day(row["date"]) if dated else ""
    limits = f"({printed})" if printed else ""
    flag = _FLAGS.get(row["flag"].lower(), row["flag"])
    return line(" ".join((day, row["name"], row["result"], row["unit"], limits, flag)))


def _person(rows: list[_Row], before: str) -> Person:
    """Whose results they are. Raises Unsure."""
    above = facts.person(before)
    sex = _one(rows, "sex").lower()
    return Person(
        name=_one(rows, "patient") or above.name,
        sex=_SEXES.get(sex, above.sex),
        birth=facts.day(_one(rows, "birth")) or above.birth,
        number=_one(rows, "number") or above.number,
    )


def _one(rows: list[_Row], column: Column) -> str:
    found = {row[column] for row in rows} - {""}
    if len(found) > 1:
        raise Unsure("several")
    return found.pop() if found else ""


def _plain(cell: str) -> str:
    """A cell is text, whatever a spreadsheet would make of it; `="007"` is how they write text."""
    literal = _LITERAL.fullmatch(cell.strip())
    return line(literal[1] if literal else cell)
