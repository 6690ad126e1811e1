"""What is said to a database, in the SQL that DuckDB and PostgreSQL share.

A script is a generator: it yields a statement with its values and is sent the rows of the answer.
Who runs it has the connection and the transaction. Values are bound, never part of a statement;
the one name from outside is that of the schema, which has to fit SCHEMA.
"""

from collections.abc import Generator, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from schemas.incidents import Incident
from sinks.errors import Unreachable
from sinks.tables.rows import (
    FACTS,
    INCIDENTS,
    REVISIONS,
    TABLES,
    VERSION,
    Column,
    Kind,
    Row,
    Table,
    Value,
    latest,
)

SCHEMA = r"^[a-z_][a-z0-9_]{0,62}\Z"
_TYPES: dict[Kind, str] = {
    "text": "TEXT",
    "integer": "BIGINT",
    "real": "FLOAT8",
    "boolean": "BOOLEAN",
    "time": "TIMESTAMPTZ",
}
_VERSIONS = "incident_tables"
"""The table with one row: the version of the tables."""
_MOST_VALUES = 60_000
"""PostgreSQL takes 65,535 in a statement."""


class Statement(NamedTuple):
    """SQL with the values of $1, $2, ..."""

    sql: str
    values: Sequence[Value | list[str]] = ()


Answer: TypeAlias = list[tuple[Any, ...]]
Script: TypeAlias = Generator[Statement, Answer, None]


class Statements:
    """For the tables of one schema; `json` is the database's type for it."""

    def __init__(self, schema: str, json: str) -> None:
        self._schema = schema
        self._types = _TYPES | {"json": json}

    def prepare(self) -> Script:
        """Make what is missing: schema, tables, columns. Raises Unreachable for a newer form."""
        known = yield Statement(
            "SELECT 1 FROM information_schema.schemata WHERE schema_name = $1", [self._schema]
        )
        if not known:
            yield Statement(f'CREATE SCHEMA "{self._schema}"')
        found: dict[str, set[str]] = {}
        for table, column in (
            yield Statement(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = $1",
                [self._schema],
            )
        ):
            found.setdefault(table, set()).add(column)
        yield from self._check_version(_VERSIONS in found)
        for wanted in TABLES:
            if wanted.name not in found:
                yield self._create(wanted)
                continue
            for column in wanted.columns:
                if column.name not in found[wanted.name]:
                    yield Statement(f"ALTER TABLE {self._full(wanted.name)} ADD {self._is(column)}")

    def _check_version(self, known: bool) -> Script:
        name = self._full(_VERSIONS)
        if not known:
            yield Statement(f"CREATE TABLE {name} (version BIGINT)")
        rows = yield Statement(f"SELECT version FROM {name}")
        if not rows:
            yield Statement(f"INSERT INTO {name} VALUES ($1)", [VERSION])
        elif rows[0][0] > VERSION:
            raise Unreachable(
                f"the tables of schema {self._schema} were made by a newer groundswell (version"
                f" {rows[0][0]}, this one knows {VERSION}): upgrade it, or name another schema"
            )
        elif rows[0][0] < VERSION:
            yield Statement(f"UPDATE {name} SET version = $1", [VERSION])

    def add(self, incidents: Sequence[Incident]) -> Script:
        """Add the revisions that are not there yet. Raises Rejected."""
        yield from self._insert(REVISIONS, REVISIONS.rows(incidents), "DO NOTHING")

    def store(self, incidents: Sequence[Incident]) -> Script:
        """Add the revisions, and raise each incident to its latest one. Raises Rejected."""
        yield from self.add(incidents)
        newest = {incident.incident_id: incident for incident in latest(incidents)}
        changes = ", ".join(
            f'"{c.name}" = excluded."{c.name}"'
            for c in INCIDENTS.columns
            if c.name not in INCIDENTS.key
        )
        # The rows that rise are locked until the end: two writers do not mix their facts.
        risen = yield from self._insert(
            INCIDENTS,
            INCIDENTS.rows(newest.values()),
            f"DO UPDATE SET {changes} WHERE excluded.revision > {INCIDENTS.name}.revision",
        )
        if not risen:
            return
        for table in FACTS:
            yield Statement(
                f"DELETE FROM {self._full(table.name)} WHERE incident_id = ANY($1)", [risen]
            )
            rows = table.rows(newest[incident_id] for incident_id in risen)
            yield from self._insert(table, rows, "DO NOTHING")

    def _insert(
        self, table: Table[Any], rows: Sequence[Row], conflict: str
    ) -> Generator[Statement, Answer, list[str]]:
        """Returns the ids of the incidents whose rows were written."""
        width = len(table.columns)
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        written: list[str] = []
        for part in _cut(rows, _MOST_VALUES // width):
            marks = ", ".join(
                f"({', '.join(f'${n * width + k}' for k in range(1, width + 1))})"
                for n in range(len(part))
            )
            answer = yield Statement(
                f"INSERT INTO {self._full(table.name)} ({names}) VALUES {marks}"
                f" ON CONFLICT ({', '.join(table.key)}) {conflict} RETURNING incident_id",
                [value for row in part for value in row],
            )
            written += [incident_id for (incident_id,) in answer]
        return written

    def _create(self, table: Table[Any]) -> Statement:
        columns = ", ".join(map(self._is, table.columns))
        key = ", ".join(table.key)
        return Statement(f"CREATE TABLE {self._full(table.name)} ({columns}, PRIMARY KEY ({key}))")

    def _is(self, column: Column[Any]) -> str:
        """Its definition. Only keys are NOT NULL: a column that is added later cannot be."""
        words = ", ".join(f"'{word}'" for word in column.words)
        check = f' CHECK ("{column.name}" IN ({words}))' if words else ""
        return f'"{column.name}" {self._types[column.kind]}{check}'

    def _full(self, table: str) -> str:
        return f'"{self._schema}"."{table}"'


def _cut(rows: Sequence[Row], most: int) -> Iterable[Sequence[Row]]:
    return (rows[n : n + most] for n in range(0, len(rows), most))
