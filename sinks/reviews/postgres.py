"""Nights in PostgreSQL: loaded with COPY, merged in one transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sinks.cluster import Secret
from sinks.reviews import summary
from sinks.reviews.merging import literals
from sinks.reviews.night import Changed, Given
from sinks.reviews.tables import DAYS, LABELS, NIGHTS, PRODUCT_DAYS, TICKETS, Table, layout
from sinks.tables.server import Connection, Server

_STATEMENT_SECONDS = 900
_NIGHT_SECONDS = 1800
# Two writers of one day would each remove what the other adds.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('groundswell.reviews.' || $1))"


class ReviewDatabase:
    """The tables of one schema; the same again changes nothing, after a lost connection as well.

    It trusts the lines: `ReviewFile` has checked them.
    """

    def __init__(self, url: Secret, schema: str) -> None:
        self._schema = schema
        self._layout = layout(schema, "JSONB")
        self._server = Server(url, schema, self._layout.prepare, _STATEMENT_SECONDS)

    async def stop(self) -> None:
        """Disconnect; safe to call twice."""
        await self._server.stop()

    async def store(self, date: str, lines: Given) -> dict[str, Changed]:
        """All of the night or nothing; what was done by table. Raises Unreachable, Rejected."""
        async with self._locked() as connection:
            changed: dict[str, Changed] = {}
            days: list[str] = []
            for table in (LABELS, TICKETS, NIGHTS):
                await self._load(connection, table, lines[table.name].files)
                if table is LABELS:
                    days = await self._days(connection, date)
                changed[table.name] = await self._merge(connection, table, [date])
            if not changed[LABELS.name].is_none:
                for table, sql in (
                    (DAYS, summary.days(self._schema, literals(days))),
                    (PRODUCT_DAYS, summary.product_days(self._schema, literals(days))),
                ):
                    await connection.execute(f"{_given(table)} AS {sql}")
                    changed[table.name] = await self._merge(connection, table, days)
            return changed

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[Connection]:
        async with self._server.transaction(_NIGHT_SECONDS) as connection:
            await connection.execute(_LOCK, [self._schema])
            yield connection

    async def _load(self, connection: Connection, table: Table, files: Sequence[Path]) -> None:
        await connection.execute("CREATE TEMP TABLE lines (line JSON) ON COMMIT DROP")
        async with connection.cursor().copy("COPY lines FROM STDIN") as copy:
            for file in files:
                await copy.write(_escaped(file.read_bytes()))
        full = self._layout.full(table.name)
        # LATERAL: (f()).* would call it once a column.
        await connection.execute(
            f"{_given(table)} AS SELECT {table.names}"
            f" FROM lines CROSS JOIN LATERAL json_populate_record(NULL::{full}, line)"
        )
        await connection.execute("DROP TABLE lines")
        await connection.execute(f"ANALYZE given_{table.name}")

    async def _days(self, connection: Connection, date: str) -> list[str]:
        """The day, and those from which labels move to it."""
        labels = self._layout.full(LABELS.name)
        cursor = await connection.execute(
            f"SELECT DISTINCT to_char(held.date, 'YYYY-MM-DD') FROM {labels} AS held"
            f" JOIN given_{LABELS.name} USING (source) WHERE held.date <> {literals([date])}"
        )
        return [date, *(day for (day,) in await cursor.fetchall())]

    async def _merge(self, connection: Connection, table: Table, days: Sequence[str]) -> Changed:
        full, key = self._layout.full(table.name), ", ".join(table.key)
        given = f"given_{table.name}"
        same_key = " AND ".join(f"given.{column} = held.{column}" for column in table.key)
        cursor = await connection.execute(
            f"DELETE FROM {full} AS held WHERE date IN ({literals(days)})"
            f" AND NOT EXISTS (SELECT FROM {given} AS given WHERE {same_key})"
        )
        removed = cursor.rowcount
        changes = ", ".join(f'"{c.name}" = excluded."{c.name}"' for c in table.columns)
        ours = ", ".join(f"given.{name}" for name in table.telling)
        theirs = ", ".join(f"held.{name}" for name in table.telling)
        # Rows that are as they should be are not touched, not even locked.
        cursor = await connection.execute(
            f"WITH written AS (INSERT INTO {full} ({table.names}) SELECT given.* FROM {given}"
            f" AS given LEFT JOIN {full} AS held ON {same_key}"
            f" WHERE held.{table.key[0]} IS NULL OR ({ours}) IS DISTINCT FROM ({theirs})"
            f" ON CONFLICT ({key}) DO UPDATE SET {changes} RETURNING (xmax = 0) AS added)"
            " SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added),"
            f" (SELECT count(*) FROM {given}) FROM written"
        )
        found = await cursor.fetchone()
        assert found is not None
        added, replaced, total = found
        return Changed(added, replaced, removed, total - added - replaced)


def _given(table: Table) -> str:
    return f"CREATE TEMP TABLE given_{table.name} ON COMMIT DROP"


def _escaped(lines: bytes) -> bytes:
    """As COPY takes texts."""
    for what, by in ((b"\\", b"\\\\"), (b"\t", b"\\t"), (b"\r", b"\\r")):
        lines = lines.replace(what, by)
    return lines
