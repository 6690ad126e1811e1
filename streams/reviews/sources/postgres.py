"""Reviews in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import IsolationLevel, errors
from psycopg.conninfo import make_conninfo

from sinks.tables.server import first_line, parameters_of
from streams.reviews.day import Day
from streams.reviews.errors import BadSource, SourceAway
from streams.reviews.sources.options import Columns, PostgresOptions
from streams.reviews.sources.record import Record
from streams.reviews.sources.rows import Rows, shown
from streams.reviews.sources.selection import Kind, Selection, content_key, relation_of, select
from streams.reviews.sources.source import Advance, Source

_FETCH = 2_000
_AWARE, _WALL = (1184,), (1082, 1114)
_NUMBER, _BYTES = (20, 21, 23, 700, 701, 1700), (17,)
"""Numbers of PostgreSQL's own types."""

_Connection = psycopg.Connection[tuple[object, ...]]


class PostgresSource(Source):
    """One SELECT through a cursor of the server, in a transaction that only reads.

    It sees the database as it was when the night began. Each statement may take
    `timeout_seconds`.
    """

    def __init__(
        self, options: PostgresOptions, columns: Columns, work: Path, advance: Advance
    ) -> None:
        super().__init__(work, advance)
        self._options = options
        self._columns = columns
        self._parameters = parameters_of(options.url)

    def _records(self, day: Day) -> Iterator[Record | None]:
        name = self._options.name
        rows = Rows(self._options, self._columns, day)
        with self._told(), self._connected() as connection:
            selection = self._selection(connection, day)
            # Without parameters, so that a % in a query is one.
            with psycopg.ServerCursor(connection, "groundswell_reviews") as cursor:
                cursor.execute(selection.sql.encode())
                while found := cursor.fetchmany(_FETCH):
                    for values in found:
                        # Without an id the same row is the same review.
                        place = f"{name}:#{content_key(values)}"
                        yield rows.record(place, selection.row(values))

    def _selection(self, connection: _Connection, day: Day) -> Selection:
        relation = relation_of(self._options.table, self._options.query)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {relation} LIMIT 0".encode())
            kinds = {c.name: _kind(c.type_code) for c in cursor.description or ()}
        return select(relation, kinds, self._columns, day, "[source]")

    @contextmanager
    def _connected(self) -> Iterator[_Connection]:
        address = make_conninfo("", **self._parameters)
        # Behind a pool in transaction mode a prepared statement is another one's.
        with psycopg.connect(address, prepare_threshold=None) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            # In the transaction, not at the start: a pool refuses parameters it does not know.
            seconds = f"{self._options.timeout_seconds}s"
            connection.execute("SELECT set_config('statement_timeout', %s, true)", [seconds])
            # Without an encoding of its own it cannot tell what is UTF-8: we take the bytes.
            unknown = connection.info.parameter_status("server_encoding") == "SQL_ASCII"
            encoding = "SQL_ASCII" if unknown else "UTF8"
            connection.execute("SELECT set_config('client_encoding', %s, true)", [encoding])
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of the server as ours, without the password."""
        try:
            yield
        except errors.QueryCanceled:
            raise SourceAway(
                f"PostgreSQL did not answer within {self._options.timeout_seconds} s: set"
                " timeout_seconds in [source], or make an index on the column of the time"
            ) from None
        except psycopg.ProgrammingError as error:
            raise BadSource(f"[source] {self._line(error)}") from None
        except psycopg.Error as error:
            raise SourceAway(f"cannot read from PostgreSQL: {self._line(error)}") from None

    def _line(self, error: Exception) -> str:
        # It may show values of the shop's rows.
        return shown(first_line(error, self._parameters), 300)


def _kind(code: int) -> Kind:
    if code in _AWARE:
        return "aware"
    if code in _WALL:
        return "wall"
    if code in _NUMBER:
        return "number"
    return "bytes" if code in _BYTES else "text"
