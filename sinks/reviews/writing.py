"""A finished night goes where the options say: DuckDB, Parquet, PostgreSQL, topics."""

import asyncio
from pathlib import Path

import duckdb
import msgspec

from schemas.topics import REVIEW_LABELS, RISK_TICKETS
from sinks.cluster import Cluster
from sinks.errors import Misconfigured, SinkError, Unreachable
from sinks.kafka import KafkaSink
from sinks.reviews.duck import PARQUET, ReviewFile, aside
from sinks.reviews.night import Changed, Given, Night, lines
from sinks.reviews.options import FILE, OutputOptions
from sinks.reviews.parquet import ReviewFolder
from sinks.reviews.postgres import ReviewDatabase
from sinks.reviews.topics import publish
from sinks.tables.postgres import PostgresOptions

_PAUSES = (2.0, 8.0, 20.0)
"""Seconds before PostgreSQL is asked again: about what a restart takes."""


class Written(msgspec.Struct):
    """What was done: rows by table, files that are new, messages by topic."""

    duckdb: dict[str, Changed]
    parquet: list[str] = []
    postgres: dict[str, Changed] = {}
    topics: dict[str, int] = {}

    @property
    def is_none(self) -> bool:
        """All was there already."""
        rows = (*self.duckdb.values(), *self.postgres.values())
        return all(one.is_none for one in rows) and not (self.parquet or any(self.topics.values()))


async def write(
    night: Night, options: OutputOptions, cluster: Cluster | None = None, prefix: str = ""
) -> Written:
    """Write a night; the same again changes nothing. Raises SinkError.

    Without the DuckDB file nothing is written. A target beyond it that fails keeps no other from
    being written and is named at the end; the same night again brings it what it lacks.
    """
    folder = Path(options.folder).expanduser()
    targets = (REVIEW_LABELS, RISK_TICKETS) if options.topics else ()
    file = ReviewFile(
        folder / FILE,
        targets=(*targets, PARQUET) if options.parquet else targets,
        threads=options.threads,
        memory=options.memory,
    )
    failed: list[str] = []
    with lines(night) as given:
        with file.opened() as connection:
            stored = await aside(connection, file.store, connection, night.date, given)
            written = Written(stored)
            if options.parquet:
                try:
                    found = await aside(
                        connection, ReviewFolder(folder).export, connection, night.date
                    )
                    written.parquet = [str(path) for path in found]
                except SinkError as error:
                    failed.append(f"parquet: {error}")
            if options.topics:
                try:
                    written.topics = await _publish(connection, cluster, prefix)
                except SinkError as error:
                    failed.append(f"topics: {error}")
        if options.postgres is not None:
            try:
                written.postgres = await _store(options.postgres, night.date, given)
            except SinkError as error:
                failed.append(f"postgres: {error}")
    if failed:
        raise Unreachable(f"not written: {'; '.join(failed)} (run the same night again)")
    return written


async def _publish(
    connection: duckdb.DuckDBPyConnection, cluster: Cluster | None, prefix: str
) -> dict[str, int]:
    if cluster is None:
        raise Misconfigured("topics are asked for, but no Kafka: give --bootstrap, or leave them")
    kafka = KafkaSink(cluster)
    await kafka.start()
    try:
        return await publish(connection, kafka, prefix)
    finally:
        await kafka.stop()


async def _store(options: PostgresOptions, date: str, given: Given) -> dict[str, Changed]:
    database = ReviewDatabase(options.url, options.schema)
    try:
        for pause in _PAUSES:
            try:
                return await database.store(date, given)
            except Unreachable:
                await asyncio.sleep(pause)
        return await database.store(date, given)
    finally:
        await database.stop()
