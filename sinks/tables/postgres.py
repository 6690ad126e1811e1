"""Incidents in PostgreSQL."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from schemas.incidents import Incident
from sinks.cluster import Secret
from sinks.tables.layout import SCHEMA
from sinks.tables.server import FORM, Server, parameters_of, run
from sinks.tables.sink import TableSink
from sinks.tables.statements import Statements

_STATEMENT_SECONDS = 30
_BATCH_SECONDS = 120


class PostgresOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[NAME] type = "postgres"`."""

    url: Annotated[Secret, Meta(description=FORM)]
    schema: Annotated[
        str, Meta(pattern=SCHEMA, description="where its tables are; made if it is missing")
    ] = "groundswell"

    def __post_init__(self) -> None:
        parameters_of(self.url)


class PostgresSink(TableSink):
    """One connection, one transaction a batch."""

    Options: ClassVar[type[PostgresOptions]] = PostgresOptions

    def __init__(self, name: str, options: PostgresOptions) -> None:  # noqa: ARG002
        self._statements = Statements(options.schema, "JSONB")
        self._server = Server(
            options.url, options.schema, self._statements.prepare, _STATEMENT_SECONDS
        )

    async def start(self) -> None:
        """Connect, and make the tables that are missing. Raises Unreachable."""
        await self._store(())

    async def stop(self) -> None:
        """Disconnect."""
        await self._server.stop()

    async def _store(self, incidents: Sequence[Incident]) -> None:
        async with self._server.transaction(_BATCH_SECONDS) as connection:
            await run(connection, self._statements.store(incidents))
