"""Reviews in files: CSV, TSV, JSONL, Parquet, one of them or folders full."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from schemas.reviews import Review
from streams.reviews.day import Day
from streams.reviews.errors import BadSource, SourceAway
from streams.reviews.patterns import base, matches
from streams.reviews.sources import delimited, jsonl
from streams.reviews.sources.broken import Broken
from streams.reviews.sources.duck import parquet
from streams.reviews.sources.options import Columns, FilesOptions
from streams.reviews.sources.record import Record, Unreadable
from streams.reviews.sources.rows import Row, Rows, dated, identity
from streams.reviews.sources.source import Advance, Source

_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_PARQUET = (".parquet",)
_KNOWN = (*_TABLES, *_LINES, *_PARQUET)
_OTHER_DAY = date(1999, 12, 31)
_LEAST = 20
"""Reviews of a file before we say that its encoding is another one."""


class FilesSource(Source):
    """Every file that the path means, in the order of their names.

    A row without an id is FILE#ROW, and the date behind it: tomorrow a file of the same name may
    hold other reviews. ROW is the line in text files.
    """

    def __init__(
        self, options: FilesOptions, columns: Columns, work: Path, advance: Advance
    ) -> None:
        super().__init__(work, advance)
        self._options = options
        self._columns = columns

    def _records(self, day: Day) -> Iterator[Record | None]:
        rows = Rows(self._options, self._columns, day)
        for file, name, is_own in self._files(day):
            yield from self._file(file, name, rows, day, is_own)

    def _file(
        self, path: Path, name: str, rows: Rows, day: Day, is_own: bool
    ) -> Iterator[Record | None]:
        reviews = mended = 0
        record: Record | None
        for number, row in self._rows(path, day):
            place = f"{name}#{number}"
            if isinstance(row, Broken):
                record = rows.unreadable(place, row.reason, row.detail)
            else:
                record = rows.record(dated(place, day), row, self._options.encoding)
            if record is not None and isinstance(record.said, Unreadable):
                # What has no time is of the day whose file it stands in.
                yield record if is_own or record.time_ms < day.end_ms else None
                continue
            yield record
            if record is not None:
                reviews += 1
                mended += isinstance(record.said, Review) and "\ufffd" in record.said.text
        if reviews >= _LEAST and mended > reviews / 2:
            raise BadSource(
                f"{path}: most of it is not {self._options.encoding}: set encoding in [source];"
                " Chinese exports are often gb18030"
            )

    def _rows(self, path: Path, day: Day) -> Iterator[tuple[int, Row | Broken]]:
        options, named = self._options, self._columns.named
        name = path.name.lower()
        if name.endswith(_PARQUET):
            return parquet(path, self._columns, day, self._work)
        if name.endswith(_LINES):
            return jsonl.rows(path, named, options.encoding)
        delimiter = options.delimiter or ("\t" if ".tsv" in name else ",")
        return delimited.rows(path, named, options.encoding, delimiter)

    def _files(self, day: Day) -> Iterator[tuple[Path, str, bool]]:
        """Files, their names in coordinates, and whether they are the day's own.

        Raises BadSource, SourceAway.
        """
        options = self._options
        around = options.neighbours if options.is_dated else 0
        given: set[Path] = set()
        for shift in sorted(range(-around, around + 1), key=abs):
            pattern = options.path_of(day.date + timedelta(days=shift))
            files = _found(pattern)
            if not files and shift == 0:
                raise SourceAway(f"there is no file {pattern}: has the export come?")
            for file in files:
                if file not in given:
                    given.add(file)
                    yield file, identity(self._name(file, pattern)), shift == 0

    def _name(self, file: Path, pattern: str) -> str:
        """From the last folder on that is the same on every day."""
        own = base(pattern)
        if self._options.is_dated:
            other = base(self._options.path_of(_OTHER_DAY))
            while not other.is_relative_to(own):
                own = own.parent
        return file.relative_to(own).as_posix()


def _found(pattern: str) -> list[Path]:
    """Files that the pattern means, and those in folders that it means.

    Raises BadSource, SourceAway.
    """
    found = []
    for match in matches(pattern):
        if match.is_dir():
            inside = (file for file in match.rglob("*") if not _is_hidden(file.relative_to(match)))
            found += [file for file in inside if _is_known(file) and not file.is_dir()]
        elif _is_known(match):
            found.append(match)
        else:
            raise BadSource(f"{match}: only files that end in {', '.join(_KNOWN)} can be read")
    for file in found:
        # A pipe would be waited for, a dangling link passed over.
        if not file.is_file():
            raise SourceAway(f"{file} is no file that can be read")
    return sorted(found)


def _is_known(file: Path) -> bool:
    return file.name.lower().endswith(_KNOWN)


def _is_hidden(path: Path) -> bool:
    """As jobs name what is not ready."""
    return any(part.startswith((".", "_")) for part in path.parts)
