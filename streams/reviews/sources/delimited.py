"""Rows of CSV and TSV, every line accounted for whatever its quotes do."""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from streams.reviews.errors import BadSource
from streams.reviews.sources.broken import Broken
from streams.reviews.sources.lines import MAX_LINE, opened
from streams.reviews.sources.rows import Row, shown

_MAX_RECORD = 4 * 1024 * 1024
"""Characters of one record, all its lines together."""
_READ_AGAIN = 64 * 1024 * 1024
"""Characters of a file that are read a second time because of quotes that do not close."""


def rows(
    path: Path, named: Sequence[tuple[str, str]], encoding: str, delimiter: str
) -> Iterator[tuple[int, Row | Broken]]:
    """The number of the first line of each row and the row. Raises BadSource, SourceAway.

    The first line names the columns. A row with another number of columns is broken; where a quote
    does not close, only the line that opened it.
    """
    with opened(path) as file:
        # Its BOM is not part of the first column's name.
        own = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
        with io.TextIOWrapper(file, own, "replace", newline="") as text:
            records = _Records(text, delimiter)
            header = next(records, None)
            if header is None:
                return
            places, width = _places(path, header[1], named, delimiter)
            records.width = width
            for number, cells in records:
                if isinstance(cells, Broken):
                    yield number, cells
                else:
                    yield number, {field: cells[place] for field, place in places}


def _places(
    path: Path, header: list[str] | Broken, named: Sequence[tuple[str, str]], delimiter: str
) -> tuple[list[tuple[str, int]], int]:
    """Where each field is, and how many columns there are. Raises BadSource."""
    if isinstance(header, Broken):
        raise BadSource(f"{path}: the first line names no columns: {header.detail}")
    names = [name.strip() for name in header]
    if any("\ufffd" in name for name in names):
        raise BadSource(
            f"{path}: the names of the columns cannot be read: set encoding in [source]; Chinese"
            " exports are often gb18030"
        )
    places = []
    for field, column in named:
        if column not in names:
            raise BadSource(
                f"{path}: [columns] {field}: there is no column {column!r}; it has"
                f" {shown(', '.join(names), 300)}; columns are parted by {delimiter!r}"
            )
        places.append((field, names.index(column)))
    return places, len(names)


class _Feed:
    """Lines of a file, of which some may be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self.number = 0
        """Of the first line of the record."""
        self.taken: list[str] = []
        self._size = 0

    def begin(self) -> None:
        """A record begins with the next line."""
        self.number += len(self.taken)
        self.taken = []
        self._size = 0

    def give_back(self) -> int:
        """All lines of the record but the first; how many characters."""
        rest = self.taken[1:]
        self._back.extendleft(reversed(rest))
        del self.taken[1:]
        return sum(map(len, rest))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else self._file.readline(MAX_LINE)
        if not line:
            raise StopIteration
        if self.taken and self._size + len(line) > _MAX_RECORD:
            self._back.appendleft(line)
            raise csv.Error("the record is too long")
        self.taken.append(line)
        self._size += len(line)
        return line


class _Records:
    """(number of the first line, cells) of each record; of `width` cells, once that is set."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        # The limit is the process's, and others have theirs.
        csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
        self._feed = _Feed(file)
        self._feed.number = 1
        self._delimiter = delimiter
        self._reader = csv.reader(self._feed, delimiter=delimiter, strict=True)
        self._again = 0
        self.width = 0

    def __iter__(self) -> Iterator[tuple[int, list[str] | Broken]]:
        return self

    def __next__(self) -> tuple[int, list[str] | Broken]:
        while True:
            self._feed.begin()
            try:
                fitting = self._fitting(next(self._reader))
            except csv.Error:
                fitting = None
            cells = self._first_line() if fitting is None else fitting
            if isinstance(cells, Broken) or any(map(str.strip, cells)):
                return self._feed.number, cells

    def _first_line(self) -> list[str] | Broken:
        """The record again, of its first line alone, with quotes taken less seriously."""
        if self._again < _READ_AGAIN:
            self._again += self._feed.give_back()
        taken = self._feed.taken
        if len(taken) == 1:
            try:
                cells = self._fitting(next(csv.reader(taken, delimiter=self._delimiter)))
            except csv.Error:
                cells = None
            if cells is not None:
                return cells
        lines = "" if len(taken) == 1 else f"{len(taken)} lines: "
        return Broken("wrong_columns", lines + shown("".join(taken[:1])))

    def _fitting(self, cells: list[str]) -> list[str] | None:
        """The cells if they are as many as there are columns, or all empty.

        Empty ones too many do no harm.
        """
        if not self.width or len(cells) == self.width or not any(map(str.strip, cells)):
            return cells
        if len(cells) > self.width and not any(cells[self.width :]):
            return cells[: self.width]
        return None
