"""Incidents in a DuckDB file."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, ClassVar

import duckdb
import msgspec
from msgspec import Meta

from schemas.incidents import Incident
from sinks.errors import Rejected, Unreachable
from sinks.tables.layout import SCHEMA, Answer, Script
from sinks.tables.sink import TableSink
from sinks.tables.statements import Statements

_HELD_BY = re.compile(r"held in (\S+ \(PID \d+\))")


class DuckOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "duckdb"`."""

    file: Annotated[
        str, Meta(min_length=1, description="the database; made if it is missing, with its folder")
    ]
    schema: Annotated[str, Meta(pattern=SCHEMA, description="where its tables are")] = "main"


class DuckSink(TableSink):
    """Opens the file for each batch and closes it, so that others can read it in between.

    DuckDB lets in either one process that writes or any number that read. While somebody else has
    the file open, what is to be written waits.
    """

    Options: ClassVar[type[DuckOptions]] = DuckOptions

    def __init__(self, name: str, options: DuckOptions) -> None:  # noqa: ARG002
        self._file = Path(options.file).expanduser()
        self._statements = Statements(options.schema, "JSON")

    async def start(self) -> None:
        """Make the file and its tables. Raises Unreachable."""
        await asyncio.to_thread(self._write, ())

    async def _store(self, incidents: Sequence[Incident]) -> None:
        await asyncio.to_thread(self._write, incidents)

    def _write(self, incidents: Sequence[Incident]) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with opened(str(self._file)) as connection, transaction(connection):
                run(connection, self._statements.prepare())
                run(connection, self._statements.store(incidents))
        except (duckdb.Error, OSError) as error:
            raise Unreachable(words(self._file, error)) from None


def words(file: Path, error: Exception, doing: str = "write") -> str:
    """Why the file cannot be written, for a person, in one line."""
    if holder := holder_of(error):
        return (
            f"{file} is open in {holder}: DuckDB lets in nobody beside it; close it"
            " there, nothing is lost meanwhile"
        )
    return f"cannot {doing} {file}: {str(error).splitlines()[0]}"


def holder_of(error: Exception) -> str:
    """The process that has the file open and lets in nobody else, if that is the error."""
    found = _HELD_BY.search(str(error))
    return found[1] if found else ""


@contextmanager
def opened(
    file: str, *, threads: int = 1, memory: str = "512MB", read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that takes little of the machine and fetches nothing from the network."""
    connection = duckdb.connect(
        file,
        read_only=read_only,
        config={
            "threads": threads,
            "memory_limit": memory,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    with connection:
        # It would draw on the terminal.
        connection.execute("SET enable_progress_bar = false")
        yield connection


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing. Raises Rejected for values that do not fit their column."""
    connection.begin()
    try:
        yield
    except (duckdb.DataError, duckdb.IntegrityError) as error:
        connection.rollback()
        raise Rejected(type(error).__name__) from None
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def run(connection: duckdb.DuckDBPyConnection, script: Script) -> None:
    """Say what the script says."""
    answer: Answer | None = None
    try:
        while True:
            # The first send has to be None.
            statement = script.send(answer) if answer is not None else next(script)
            answer = connection.execute(statement.sql, statement.values).fetchall()
    except StopIteration:
        return
