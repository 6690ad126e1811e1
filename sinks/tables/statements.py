"""What is said of incidents to a database, in the SQL that DuckDB and PostgreSQL share.

A script is a generator: it yields a statement with its values and is sent the rows of the answer.
Who runs it has the connection and the transaction. Values are bound, never part of a statement.
"""

from collections.abc import Generator, Iterable, Sequence
from typing import Any

from schemas.incidents import Incident
from sinks.tables.layout import Answer, Layout, Script, Statement
from sinks.tables.rows import FACTS, INCIDENTS, REVISIONS, TABLES, VERSION, Row, Table, latest

_VERSIONS = "incident_tables"
_MOST_VALUES = 60_000
"""PostgreSQL takes 65,535 in a statement."""


class Statements:
    """For the tables of one schema; `json` is the database's type for it."""

    def __init__(self, schema: str, json: str) -> None:
        self._layout = Layout(schema, json, TABLES, versions=_VERSIONS, version=VERSION)

    def prepare(self) -> Script:
        """Make what is missing: schema, tables, columns. Raises Unreachable for a newer form."""
        return self._layout.prepare()

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
                f"DELETE FROM {self._layout.full(table.name)} WHERE incident_id = ANY($1)", [risen]
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
                f"INSERT INTO {self._layout.full(table.name)} ({names}) VALUES {marks}"
                f" ON CONFLICT ({', '.join(table.key)}) {conflict} RETURNING incident_id",
                [value for row in part for value in row],
            )
            written += [incident_id for (incident_id,) in answer]
        return written


def _cut(rows: Sequence[Row], most: int) -> Iterable[Sequence[Row]]:
    return (rows[n : n + most] for n in range(0, len(rows), most))
