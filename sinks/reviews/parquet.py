"""A day's labels and tickets as Parquet files, made from the DuckDB file."""

import filecmp
from pathlib import Path

import duckdb

from sinks.errors import Unreachable
from sinks.files import locked, make_durable
from sinks.reviews.duck import PARQUET
from sinks.reviews.tables import LABELS, PENDING, TICKETS, Table

_LOCK = ".lock"
_TABLES = {table.name: table for table in (LABELS, TICKETS)}
_FILES = {LABELS.name: "labels.parquet", TICKETS.name: "tickets.parquet"}
_ORDER = {LABELS.name: '"time", source', TICKETS.name: "first, ticket_id"}


class ReviewFolder:
    """`review_labels/date=YYYY-MM-DD/labels.parquet`, `risk_tickets/date=…/tickets.parquet`.

    Equal rows make equal bytes, and a file that would not change is not touched; else it is
    replaced at once, so that who reads sees it as it was or as it is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def export(self, connection: duckdb.DuckDBPyConnection, date: str) -> list[Path]:
        """The files of the day, and of days that changed with it; which are new.

        Raises Unreachable.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder / _LOCK):
                noted = _noted(connection)
                found = [
                    path
                    for name, day in sorted({*noted, *((name, date) for name in _TABLES)})
                    if (path := self._replace(connection, _TABLES[name], day))
                ]
                if noted:
                    sql = f"DELETE FROM {PENDING.name} WHERE target = '{PARQUET}'"
                    connection.execute(sql)
        except BlockingIOError:
            raise Unreachable(
                f"another process writes to {self._folder}: end it, or name another folder"
            ) from None
        except (duckdb.Error, OSError) as error:
            raise Unreachable(f"cannot write {self._folder}: {_line(error)}") from None
        return found

    def _replace(
        self, connection: duckdb.DuckDBPyConnection, table: Table, date: str
    ) -> Path | None:
        file = self._folder / table.name / f"date={date}" / _FILES[table.name]
        file.parent.mkdir(parents=True, exist_ok=True)
        # Not *.parquet: who reads the folder must not see it.
        new = file.with_name(f".{file.name}.new")
        try:
            connection.execute(
                f"COPY (SELECT * EXCLUDE (date) FROM {table.name} WHERE date = DATE '{date}'"
                f" ORDER BY {_ORDER[table.name]}) TO '{_quoted(new)}'"
                " (FORMAT parquet, COMPRESSION zstd)"
            )
            if file.exists() and filecmp.cmp(new, file, shallow=False):
                return None
            make_durable(new)
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
        for folder in (file.parent, file.parent.parent):
            make_durable(folder)
        return file


def _noted(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    rows = connection.execute(f"SELECT key FROM {PENDING.name} WHERE target = '{PARQUET}'")
    return [(name, day) for (key,) in rows.fetchall() for name, _, day in [key.partition("/")]]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _line(error: Exception) -> str:
    return str(error).splitlines()[0]
