"""Nights in a DuckDB file: the tables that the report reads, and that say what has changed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb

from sinks.errors import Unreachable
from sinks.reviews import summary
from sinks.reviews.merging import Merged, differing, given, literals, load, merge
from sinks.reviews.night import Changed, Given
from sinks.reviews.tables import DAYS, LABELS, NIGHTS, PENDING, PRODUCT_DAYS, TICKETS, layout
from sinks.tables.duck import opened, run, transaction, words

P = ParamSpec("P")
R = TypeVar("R")

_SCHEMA = "main"
_REST = 0.1
"""Seconds until a statement is interrupted again."""
PARQUET = "parquet"
"""The target of what is to go into the folder of Parquet files."""


async def aside(
    connection: duckdb.DuckDBPyConnection, work: Callable[P, R], *args: P.args, **given: P.kwargs
) -> R:
    """Work with the connection in a thread; who is cancelled stops it and waits until it has."""
    task = asyncio.create_task(asyncio.to_thread(work, *args, **given))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            # Between two statements there is nothing to interrupt.
            connection.interrupt()
            await asyncio.wait({task}, timeout=_REST)
        task.exception()
        raise


class ReviewFile:
    """Open while a night is written, and while it is carried on; else others can read it.

    `threads` and `memory` ("512MB") are the most that DuckDB takes. What changes is noted for the
    `targets`, in the same transaction: topics by name, `PARQUET`.
    """

    def __init__(
        self, file: Path, *, targets: tuple[str, ...] = (), threads: int = 2, memory: str = "512MB"
    ) -> None:
        self.file = file
        self._targets = targets
        self._threads = threads
        self._memory = memory
        self._layout = layout(_SCHEMA, "JSON")

    @contextmanager
    def opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The file for this process alone, its tables made. Raises Unreachable."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with opened(str(self.file), threads=self._threads, memory=self._memory) as connection:
                with transaction(connection):
                    run(connection, self._layout.prepare())
                yield connection
        except (duckdb.Error, OSError) as error:
            raise Unreachable(words(self.file, error)) from None

    def store(
        self, connection: duckdb.DuckDBPyConnection, date: str, lines: Given
    ) -> dict[str, Changed]:
        """All of the night or nothing; what was done by table. Raises Unreachable, Rejected."""
        with transaction(connection):
            merged: dict[str, Merged] = {}
            for table in (LABELS, TICKETS, NIGHTS):
                load(connection, self._layout, table, lines[table.name], date)
                merged[table.name] = merge(connection, table, [date])
            days = merged[LABELS.name].days
            if days:
                for table, sql in (
                    (DAYS, summary.days(_SCHEMA, literals(days))),
                    (PRODUCT_DAYS, summary.product_days(_SCHEMA, literals(days))),
                ):
                    connection.execute(f"CREATE TEMP TABLE {given(table)} AS {sql}")
                    merged[table.name] = merge(connection, table, days)
            self._note(connection, merged)
            for name in (LABELS.name, TICKETS.name, NIGHTS.name, DAYS.name, PRODUCT_DAYS.name):
                for prefix in ("given", "differing"):
                    connection.execute(f"DROP TABLE IF EXISTS {prefix}_{name}")
        return {name: one.changed for name, one in merged.items()}

    def _note(self, connection: duckdb.DuckDBPyConnection, merged: dict[str, Merged]) -> None:
        """What is to be carried on; what was noted before of the same rows is forgotten."""
        for table in (LABELS, TICKETS):
            if merged[table.name].changed.is_none:
                continue
            if table.name in self._targets:
                (key,) = table.key
                # A label that is gone is not repeated; a ticket that is gone is taken back.
                which = "is_given" if table is LABELS else "true"
                rows = (
                    f"SELECT '{table.name}', coalesce(now.date, held), differing.{key}"
                    f" FROM {differing(table)} AS differing LEFT JOIN {given(table)} AS now"
                    f' USING ({key}) WHERE {which} ORDER BY now."time", {key}'
                )
                if table is TICKETS:
                    rows = rows.replace('now."time"', f"differing.{key}")
                connection.execute(
                    f"DELETE FROM {PENDING.name} WHERE target = '{table.name}'"
                    f" AND key IN (SELECT {key} FROM {differing(table)})"
                )
                self._append(connection, rows)
            if PARQUET in self._targets:
                for day in merged[table.name].days:
                    key = f"{table.name}/{day}"
                    connection.execute(
                        f"DELETE FROM {PENDING.name} WHERE target = '{PARQUET}' AND key = '{key}'"
                    )
                    self._append(connection, f"SELECT '{PARQUET}', DATE '{day}', '{key}'")

    @staticmethod
    def _append(connection: duckdb.DuckDBPyConnection, rows: str) -> None:
        connection.execute(
            f"INSERT INTO {PENDING.name} SELECT row_number() OVER () +"
            f" (SELECT coalesce(max(place), 0) FROM {PENDING.name}), * FROM ({rows})"
        )
