"""Incidents in PostgreSQL."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import msgspec
import psycopg
from msgspec import Meta
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schemas.incidents import Incident
from sinks.cluster import Secret
from sinks.errors import Rejected, SinkError, Unreachable
from sinks.tables.sink import TableSink
from sinks.tables.statements import SCHEMA, Answer, Script, Statements

_CONNECT_SECONDS = 10
_STATEMENT_SECONDS = 30
_BATCH_SECONDS = 120
_FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
# Two that begin at the same time would both make the tables.
_PREPARE_LOCK = "SELECT pg_advisory_xact_lock(hashtext('groundswell.' || $1))"

_Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class PostgresOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "postgres"`."""

    url: Annotated[Secret, Meta(description=_FORM)]
    schema: Annotated[
        str, Meta(pattern=SCHEMA, description="where its tables are; made if it is missing")
    ] = "groundswell"

    def __post_init__(self) -> None:
        _parameters(self.url)


class PostgresSink(TableSink):
    """One connection, one transaction a batch."""

    Options: ClassVar[type[PostgresOptions]] = PostgresOptions

    def __init__(self, name: str, options: PostgresOptions) -> None:  # noqa: ARG002
        self._schema = options.schema
        self._parameters = _parameters(options.url)
        self._statements = Statements(options.schema, "JSONB")
        self._connection: _Connection | None = None

    async def start(self) -> None:
        """Connect, and make the tables that are missing. Raises Unreachable."""
        await self._store(())

    async def stop(self) -> None:
        """Disconnect."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _store(self, incidents: Sequence[Incident]) -> None:
        try:
            async with asyncio.timeout(_BATCH_SECONDS):
                connection = await self._connected()
                async with connection.transaction():
                    await self._limit(connection)
                    await _run(connection, self._statements.store(incidents))
        except Unreachable:
            await self.stop()
            raise
        except (psycopg.Error, TimeoutError) as error:
            failure = self._failure(error)
            if isinstance(failure, Unreachable):
                await self.stop()
            raise failure from None

    async def _connected(self) -> _Connection:
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
            await _run(connection, self._statements.prepare())
        return connection

    async def _limit(self, connection: _Connection) -> None:
        # In the transaction, not at the start: a pool refuses parameters that it does not know.
        await connection.execute(
            "SELECT set_config('statement_timeout', $1, true)", [f"{_STATEMENT_SECONDS}s"]
        )

    def _failure(self, error: Exception) -> SinkError:
        """What is to be done about it. Texts of incidents and the password are not in it."""
        if isinstance(
            error, psycopg.DataError | psycopg.IntegrityError | errors.ProgramLimitExceeded
        ):
            # The message of the server would hold the text.
            return Rejected(type(error).__name__)
        if isinstance(error, errors.InsufficientPrivilege | errors.DuplicateTable):
            return Unreachable(f"{error.diag.message_primary}: {self._grants()}")
        if isinstance(error, TimeoutError):
            return Unreachable(f"no answer within {_BATCH_SECONDS} s")
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        if password := self._parameters.get("password"):
            reason = reason.replace(str(password), "***")
        return Unreachable(reason)

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


def _parameters(url: Secret) -> dict[str, str | int]:
    """Of the connection. Raises ValueError, which shows nothing of the secret."""
    try:
        given = conninfo_to_dict(url.reveal())
    except psycopg.Error:
        raise ValueError(f"url is no address: write {_FORM}") from None
    found: dict[str, str | int] = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "groundswell",
    }
    return found | {name: str(value) for name, value in given.items() if value is not None}


async def _run(connection: _Connection, script: Script) -> None:
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
