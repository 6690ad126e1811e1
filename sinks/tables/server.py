"""A PostgreSQL server: the connection, its limits, and what is to be done about its errors."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sinks.cluster import Secret
from sinks.errors import Rejected, SinkError, Unreachable
from sinks.tables.layout import Answer, Script

FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
_CONNECT_SECONDS = 10
# Two that begin at the same time would both make the tables.
_PREPARE_LOCK = "SELECT pg_advisory_xact_lock(hashtext('groundswell.' || $1))"

Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]


class Server:
    """One connection, made and prepared anew if it was lost; `prepare` makes what is missing."""

    def __init__(
        self, url: Secret, schema: str, prepare: Callable[[], Script], statement_seconds: int
    ) -> None:
        self._schema = schema
        self._parameters = parameters_of(url)
        self._prepare = prepare
        self._statement_seconds = statement_seconds
        self._connection: Connection | None = None

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    @asynccontextmanager
    async def transaction(self, seconds: float) -> AsyncIterator[Connection]:
        """All or nothing, within so many seconds. Raises Unreachable, Rejected."""
        try:
            async with asyncio.timeout(seconds):
                connection = await self._connected()
                async with connection.transaction():
                    await self._limit(connection)
                    yield connection
        except Unreachable:
            await self.stop()
            raise
        except TimeoutError:
            await self.stop()
            raise Unreachable(f"no answer within {seconds:g} s") from None
        except psycopg.Error as error:
            failure = self._failure(error)
            if isinstance(failure, Unreachable):
                await self.stop()
            raise failure from None

    async def _connected(self) -> Connection:
        """The connection, made and prepared anew if it was lost."""
        if self._connection is not None:
            return self._connection
        connection = await psycopg.AsyncConnection.connect(
            make_conninfo("", **self._parameters),
            autocommit=True,
            cursor_factory=psycopg.AsyncRawCursor,
            # Behind a pool in transaction mode a prepared statement is another one's.
            prepare_threshold=None,
        )
        self._connection = connection
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise Unreachable(
                f"the database has encoding {encoding}, which has no room for all"
                " texts: make one with ENCODING 'UTF8'"
            )
        async with connection.transaction():
            await self._limit(connection)
            await connection.execute(_PREPARE_LOCK, [self._schema])
            await run(connection, self._prepare())
        return connection

    async def _limit(self, connection: Connection) -> None:
        # In the transaction, not at the start: a pool refuses parameters that it does not know.
        await connection.execute(
            "SELECT set_config('statement_timeout', $1, true)", [f"{self._statement_seconds}s"]
        )

    def _failure(self, error: psycopg.Error) -> SinkError:
        """What is to be done about it. Texts of people and the password are not in it."""
        if isinstance(
            error, psycopg.DataError | psycopg.IntegrityError | errors.ProgramLimitExceeded
        ):
            # The message of the server would hold the text.
            return Rejected(type(error).__name__)
        if isinstance(error, errors.InsufficientPrivilege | errors.DuplicateTable):
            return Unreachable(f"{error.diag.message_primary}: {self._grants()}")
        return Unreachable(first_line(error, self._parameters))

    def _grants(self) -> str:
        info = self._connection.info if self._connection is not None else None
        role = '"' + (info.user if info else "").replace('"', '""') + '"'
        schema = f'"{self._schema}"'
        return (
            "let an administrator of the database say:"
            f" CREATE SCHEMA IF NOT EXISTS {schema};"
            f" GRANT USAGE, CREATE ON SCHEMA {schema} TO {role};"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role};"
        )


def parameters_of(url: Secret) -> dict[str, str | int]:
    """Of the connection. Raises ValueError, which shows nothing of the secret."""
    try:
        given = conninfo_to_dict(url.reveal())
    except psycopg.Error:
        raise ValueError(f"url is no address: write {FORM}") from None
    found: dict[str, str | int] = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "groundswell",
    }
    return found | {name: str(value) for name, value in given.items() if value is not None}


def first_line(error: Exception, parameters: Mapping[str, str | int]) -> str:
    """What the server or its client says, without the password."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    password = str(parameters.get("password", ""))
    return line.replace(password, "***") if password else line


async def run(connection: Connection, script: Script) -> None:
    """Say what the script says."""
    answer: Answer | None = None
    try:
        while True:
            # The first send has to be None.
            statement = script.send(answer) if answer is not None else next(script)
            cursor = await connection.execute(statement.sql, statement.values)
            answer = await cursor.fetchall() if cursor.description else []
    except StopIteration:
        return
