"""How the tables of a schema are made, in SQL that DuckDB and PostgreSQL both understand.

Every name is of this project, and so is every word of a check; the only one from outside is that of
the schema, which has to fit SCHEMA.
"""

from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from sinks.errors import Unreachable

SCHEMA = r"^[a-z_][a-z0-9_]{0,62}\Z"
Kind = Literal["text", "integer", "real", "boolean", "date", "time", "json"]
Value: TypeAlias = str | int | float | bool | datetime | None

_TYPES: dict[Kind, str] = {
    "text": "TEXT",
    "integer": "BIGINT",
    "real": "FLOAT8",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIMESTAMPTZ",
}


class Statement(NamedTuple):
    """SQL with the values of $1, $2, ..."""

    sql: str
    values: Sequence[Value | list[str]] = ()


Answer: TypeAlias = list[tuple[Any, ...]]
Script: TypeAlias = Generator[Statement, Answer, None]


class ColumnForm(Protocol):
    """A column; `words` are the only ones it may be, any if there are none."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def words(self) -> tuple[str, ...]: ...


class TableForm(Protocol):
    """A table and its key."""

    @property
    def name(self) -> str: ...
    @property
    def key(self) -> tuple[str, ...]: ...
    @property
    def columns(self) -> Sequence[ColumnForm]: ...


class Layout:
    """The tables of one schema; `json` is the database's type for it.

    `versions`: the table with one row, the version of the tables. `views`: their SQL by name.
    `indexed`: a column with an index, by table. Without `keyed` nobody guards the keys.
    """

    def __init__(
        self,
        schema: str,
        json: str,
        tables: Sequence[TableForm],
        *,
        versions: str,
        version: int,
        views: Mapping[str, str] | None = None,
        indexed: Mapping[str, str] | None = None,
        keyed: bool = True,
    ) -> None:
        self._schema = schema
        self._types = _TYPES | {"json": json}
        self._tables = tables
        self._versions = versions
        self._version = version
        self._views = views or {}
        self._indexed = indexed or {}
        self._keyed = keyed

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
        yield from self._check_version(self._versions in found)
        for wanted in self._tables:
            if wanted.name not in found:
                yield from self._create(wanted)
                continue
            for column in wanted.columns:
                if column.name not in found[wanted.name]:
                    yield Statement(f"ALTER TABLE {self.full(wanted.name)} ADD {self._is(column)}")
        for name, sql in self._views.items():
            if name not in found:
                yield Statement(f"CREATE VIEW {self.full(name)} AS {sql}")

    def full(self, table: str) -> str:
        """Its name with that of the schema."""
        return f'"{self._schema}"."{table}"'

    def type_of(self, kind: Kind) -> str:
        """What the database calls it."""
        return self._types[kind]

    def _check_version(self, known: bool) -> Script:
        name = self.full(self._versions)
        if not known:
            yield Statement(f"CREATE TABLE {name} (version BIGINT)")
        rows = yield Statement(f"SELECT version FROM {name}")
        if not rows:
            yield Statement(f"INSERT INTO {name} VALUES ($1)", [self._version])
        elif rows[0][0] > self._version:
            raise Unreachable(
                f"the tables of schema {self._schema} were made by a newer groundswell (version"
                f" {rows[0][0]}, this one knows {self._version}): upgrade it, or name another"
                " schema"
            )
        elif rows[0][0] < self._version:
            yield Statement(f"UPDATE {name} SET version = $1", [self._version])

    def _create(self, table: TableForm) -> Script:
        columns = [self._is(column) for column in table.columns]
        if self._keyed:
            columns.append(f"PRIMARY KEY ({', '.join(table.key)})")
        name = self.full(table.name)
        yield Statement(f"CREATE TABLE {name} ({', '.join(columns)})")
        if column := self._indexed.get(table.name):
            yield Statement(f"CREATE INDEX {table.name}_{column} ON {name} ({column})")

    def _is(self, column: ColumnForm) -> str:
        """Its definition. Only keys are NOT NULL: a column that is added later cannot be."""
        words = ", ".join(f"'{word}'" for word in column.words)
        check = f' CHECK ("{column.name}" IN ({words}))' if words else ""
        return f'"{column.name}" {self.type_of(column.kind)}{check}'
