"""Reviews in a DuckDB database, and in Parquet files, which DuckDB reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sinks.tables.duck import holder_of, opened
from streams.reviews.day import Day
from streams.reviews.errors import BadSource, SourceAway
from streams.reviews.sources.options import Columns, DuckOptions
from streams.reviews.sources.record import Record
from streams.reviews.sources.rows import Row, Rows, shown
from streams.reviews.sources.selection import Kind, content_key, relation_of, select
from streams.reviews.sources.source import Advance, Source

_FETCH = 2_000
_WALL = ("TIMESTAMP", "DATE")
_NUMBER = ("FLOAT", "DOUBLE", "DECIMAL")
_INTEGER = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")


class DuckSource(Source):
    """One SELECT on a file that is only read; whoever writes to it keeps us out meanwhile."""

    def __init__(
        self, options: DuckOptions, columns: Columns, work: Path, advance: Advance
    ) -> None:
        super().__init__(work, advance)
        self._options = options
        self._columns = columns

    def _records(self, day: Day) -> Iterator[Record | None]:
        options = self._options
        if not Path(options.file).is_file():
            raise SourceAway(f"there is no database {options.file}")
        rows = Rows(options, self._columns, day)
        relation = relation_of(options.table, options.query)
        with _told(options.file), opened(options.file, read_only=True) as connection:
            # What a query has to sort goes beside the rest of the night.
            connection.execute("SET temp_directory = ?", [str(self._work)])
            for values, row in _selected(connection, relation, self._columns, day, options.file):
                # Without an id the same row is the same review.
                yield rows.record(f"{options.name}:#{content_key(values)}", row)


def parquet(path: Path, columns: Columns, day: Day, work: Path) -> Iterator[tuple[int, Row]]:
    """The number of each row, from 1 on, and the row. Raises BadSource, SourceAway.

    Folders named KEY=VALUE are columns, too.
    """
    name = "'" + str(path).replace("'", "''") + "'"
    relation = (
        f"read_parquet([{name}], hive_partitioning = true, hive_types_autocast = false,"
        " file_row_number = true)"
    )
    with _told(path), opened(":memory:") as connection:
        connection.execute("SET temp_directory = ?", [str(work)])
        numbered = _selected(connection, relation, columns, day, str(path), ["file_row_number"])
        for values, row in numbered:
            yield int(str(values[-1])) + 1, row


def _selected(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Columns,
    day: Day,
    where: str,
    more: Sequence[str] = (),
) -> Iterator[tuple[Sequence[object], Row]]:
    """The values of each row and the row; `more` are columns that are wanted besides."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    kinds = {name: _kind(kind) for name, kind, *_ in described if name not in more}
    selection = select(relation, kinds, columns, day, where, more)
    cursor = connection.execute(selection.sql)
    while found := cursor.fetchmany(_FETCH):
        for values in found:
            yield values, selection.row(values)


def _kind(name: str) -> Kind:
    if name == "TIMESTAMP WITH TIME ZONE":
        return "aware"
    if name.startswith(_WALL):
        return "wall"
    if name.partition("(")[0] in _NUMBER or name.removeprefix("U") in _INTEGER:
        return "number"
    return "bytes" if name == "BLOB" else "text"


@contextmanager
def _told(file: str | Path) -> Iterator[None]:
    """Errors of DuckDB as ours."""
    try:
        yield
    except duckdb.Error as error:
        # It may show values of the shop's rows.
        line = shown(str(error).splitlines()[0], 300)
        if "Invalid string encoding" in line:
            raise SourceAway(
                f"cannot read {file}: a text in it is no UTF-8, which DuckDB refuses; write the"
                " column as bytes, then what is broken is replaced"
            ) from None
        if holder := holder_of(error):
            raise SourceAway(
                f"{file} is open in {holder}, and DuckDB lets in nobody beside who writes: again"
                " when it is closed there, or read a copy"
            ) from None
        if isinstance(
            error, duckdb.CatalogException | duckdb.ParserException | duckdb.BinderException
        ):
            raise BadSource(f"{file}: {line}") from None
        raise SourceAway(f"cannot read {file}: {line}") from None
