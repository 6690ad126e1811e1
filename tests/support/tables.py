"""Receivers that are tables, as the tests call them."""

import asyncio
from collections.abc import Sequence

from schemas.incidents import Incident
from sinks.cluster import Secret
from sinks.tables.postgres import PostgresOptions, PostgresSink
from sinks.tables.sink import TableSink
from tests.support.postgres import Postgres

_COUNTED = ("incidents", "incident_revisions", "incident_evidence", "incident_hypotheses")


def deliver(sink: TableSink, *batches: Sequence[Incident]) -> None:
    """Start it, hand over one batch after the other, and stop it whatever happens."""

    async def run() -> None:
        try:
            await sink.start()
            for batch in batches:
                await sink.deliver(batch, 0)
        finally:
            await sink.stop()
            await sink.stop()

    asyncio.run(run())


def postgres_sink(server: Postgres, database: str) -> PostgresSink:
    """As the role that has the database's name."""
    return PostgresSink("store", PostgresOptions(url=Secret(server.url(database, user=database))))


def postgres_counts(server: Postgres, database: str) -> list[int]:
    """Rows of incidents, revisions, evidence and hypotheses."""
    return [
        server.say(database, f"SELECT count(*) FROM groundswell.{table}")[0][0]
        for table in _COUNTED
    ]
