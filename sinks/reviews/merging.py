"""The rows of a day take the place of those that were there, in DuckDB.

A row equal to what is there is left alone, one that differs replaced, one of the day that is no
longer made removed. A row whose key stands under another day moves, and that day has changed, too.
"""

from collections.abc import Iterable
from typing import NamedTuple

import duckdb

from sinks.errors import Rejected, Unreachable
from sinks.reviews.night import Changed, Lines
from sinks.reviews.tables import Table
from sinks.tables.layout import Layout


class Merged(NamedTuple):
    """What was done, and the days whose rows are others now."""

    changed: Changed
    days: list[str]


def given(table: Table) -> str:
    """Name of the table with the rows that are to be."""
    return f"given_{table.name}"


def differing(table: Table) -> str:
    """Name of the table with the keys of the rows that differ.

    `held`: the day under which a row was, `is_given`: there is one now.
    """
    return f"differing_{table.name}"


def load(
    connection: duckdb.DuckDBPyConnection,
    layout: Layout,
    table: Table,
    lines: Lines,
    date: str,
) -> None:
    """Read JSON lines into `given(table)`. Raises Rejected for what is no such row."""
    types = {column.name: layout.type_of(column.kind) for column in table.columns}
    form = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    connection.execute(f"CREATE TEMP TABLE {given(table)} ({form})")
    if lines.files:
        read = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        try:
            connection.execute(
                f"INSERT INTO {given(table)} SELECT {table.names} FROM"
                f" read_json($1, format = 'newline_delimited', columns = {{{read}}})",
                [list(map(str, lines.files))],
            )
        except (duckdb.DataError, duckdb.ProgrammingError) as error:
            # The message would hold the text.
            raise Rejected(f"no rows of {table.name}: {type(error).__name__}") from None
    _check(connection, table, lines.rows, date)


def _check(connection: duckdb.DuckDBPyConnection, table: Table, rows: int, date: str) -> None:
    # With two threads DuckDB 2.0 loses an error now and then, and with it the rest of the file.
    found = connection.execute(f"SELECT count(*) FROM {given(table)}").fetchone()
    if found != (rows,):
        raise Rejected(f"no rows of {table.name}: not all of {rows} lines are one")
    lacking = " OR ".join(f'"{c.name}" IS NULL' for c in table.columns if not c.may_lack)
    if connection.execute(f"SELECT 1 FROM {given(table)} WHERE {lacking} LIMIT 1").fetchone():
        raise Rejected(f"a row of {table.name} lacks a value")
    other = f"SELECT date::TEXT FROM {given(table)} WHERE date <> $1::DATE LIMIT 1"
    if found := connection.execute(other, [date]).fetchone():
        raise Rejected(f"{table.name} of {date} has a row of {found[0]}")
    key = ", ".join(table.key)
    twice = f"SELECT {key} FROM {given(table)} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL"
    if found := connection.execute(f"{twice} LIMIT 1").fetchone():
        raise Rejected(f"{table.name} of {date} has {found[0]} twice")


def merge(connection: duckdb.DuckDBPyConnection, table: Table, days: Iterable[str]) -> Merged:
    """Bring `given(table)`, all rows of these days, into the table; `differing` is there then.

    Raises Unreachable if DuckDB lost a row.
    """
    within = literals(days)
    key = ", ".join(table.key)
    mark = f"{key}, date, hash({', '.join(table.telling)}) AS mark"
    # A hash is compared with one row's only, that of the same key.
    moved = (
        ""
        if table.has_dated_key
        else f" UNION ALL SELECT {key}, date, NULL FROM {table.name}"
        f" WHERE date NOT IN ({within}) AND {key} IN (SELECT {key} FROM {given(table)})"
    )
    connection.execute(
        f"CREATE TEMP TABLE {differing(table)} AS"
        f" WITH now AS (SELECT {mark} FROM {given(table)}),"
        f" held AS (SELECT {mark} FROM {table.name} WHERE date IN ({within}){moved})"
        f" SELECT {key}, held.date AS held, now.date IS NOT NULL AS is_given"
        f" FROM now FULL JOIN held USING ({key})"
        " WHERE now.mark IS DISTINCT FROM held.mark"
    )
    found = connection.execute(
        "SELECT count(*) FILTER (WHERE held IS NULL),"
        " count(*) FILTER (WHERE held IS NOT NULL AND is_given),"
        " count(*) FILTER (WHERE NOT is_given),"
        f" (SELECT count(*) FROM {given(table)}) FROM {differing(table)}"
    ).fetchone()
    assert found is not None
    added, replaced, removed, total = found
    changed = Changed(added, replaced, removed, total - added - replaced)
    if changed.is_none:
        return Merged(changed, [])
    there = f"SELECT DISTINCT held::TEXT FROM {differing(table)} WHERE held IS NOT NULL"
    left = [date for (date,) in connection.execute(there).fetchall()]
    if left:
        connection.execute(
            f"DELETE FROM {table.name} WHERE date IN ({literals(left)}) AND ({key}) IN"
            f" (SELECT {_row(table)} FROM {differing(table)} WHERE held IS NOT NULL)"
        )
    connection.execute(
        f"INSERT INTO {table.name} BY NAME SELECT * FROM {given(table)} AS now"
        f" SEMI JOIN {differing(table)} USING ({key})"
    )
    kept = connection.execute(f"SELECT count(*) FROM {table.name} WHERE date IN ({within})")
    if (rows := kept.fetchone()) != (total,):
        raise Unreachable(f"{table.name} took {rows} of {total} rows: write the night again")
    return Merged(changed, sorted({*left, *_days_given(connection, table)}))


def _days_given(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    sql = f"SELECT DISTINCT date::TEXT FROM {given(table)}"
    return [date for (date,) in connection.execute(sql).fetchall()]


def _row(table: Table) -> str:
    key = ", ".join(table.key)
    return f"({key})" if len(table.key) > 1 else key


def literals(days: Iterable[str]) -> str:
    """SQL of dates that were checked before."""
    return ", ".join(f"DATE '{day}'" for day in sorted(set(days)))
