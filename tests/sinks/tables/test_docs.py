"""What docs/tables.md tells people to type."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from schemas.handling import Acknowledgement
from sinks.cluster import Secret
from sinks.config import TYPES, read_receivers
from sinks.tables.duck import DuckOptions, DuckSink
from sinks.tables.parquet import ParquetOptions, ParquetSink
from sinks.tables.postgres import PostgresOptions, PostgresSink
from sinks.tables.rows import TABLES
from tests.support.incidents import incident
from tests.support.postgres import Postgres
from tests.support.tables import deliver

_PAGE = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")
_DOCS = _PAGE.partition("\n## Reviews as tables\n")[0]
_BLOCKS: list[str] = re.findall(r"```sql\n(.*?)```", _DOCS, re.DOTALL)
_DELETE, _LAKE = _BLOCKS[0], _BLOCKS[-1]
_QUESTIONS = _BLOCKS[1:-1]

_AT = "2020-01-01T10:{}:00.000Z"
_OLD = incident(incident_id="old", opened_at=_AT.format("00"), slice=incident().slice)
_GIVEN = [
    incident(),
    _OLD,
    incident(
        incident_id="old",
        revision=2,
        opened_at=_AT.format("00"),
        status="acknowledged",
        acknowledgement=Acknowledgement("li", _AT.format("06"), _AT.format("59")),
    ),
    incident(
        incident_id="old",
        revision=3,
        opened_at=_AT.format("00"),
        status="resolved",
        resolved_at=_AT.format("30"),
    ),
    incident(incident_id="small", severity="info", product="ads", changes=()),
]


@pytest.fixture(scope="module")
def filled(postgres: Postgres) -> str:
    name, _ = postgres.new_database()
    deliver(PostgresSink("pg", PostgresOptions(url=Secret(postgres.url(name)))), _GIVEN)
    return name


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = str(tmp_path_factory.mktemp("duck") / "store.duckdb")
    deliver(DuckSink("duck", DuckOptions(file=found)), _GIVEN)
    return found


def by_postgres(postgres: Postgres, database: str, sql: str) -> list[Any]:
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        connection.execute("SET search_path = groundswell")
        cursor = connection.execute(sql)
        return [tuple(map(plain, row)) for row in cursor] if cursor.description else []


def by_duck(file: str, sql: str) -> list[Any]:
    with duckdb.connect(file) as connection:
        return [tuple(map(plain, row)) for row in connection.execute(sql).fetchall()]


def plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal | int | float) else value


def test_there_are_five_questions() -> None:
    assert len(_QUESTIONS) == 5


@pytest.mark.parametrize("number", range(5))
def test_both_databases_give_the_same_answer(
    postgres: Postgres, filled: str, file: str, number: int
) -> None:
    answer = by_duck(file, _QUESTIONS[number])
    assert answer
    assert by_postgres(postgres, filled, _QUESTIONS[number]) == answer


def test_the_answers_are_right(file: str) -> None:
    is_open, minutes, versions, causes, _ = (by_duck(file, sql) for sql in _QUESTIONS)
    assert [(row[0], row[2]) for row in is_open] == [("critical", "wallet"), ("info", "ads")]
    assert minutes == [("wallet", 2.0, 6.0, 30.0), ("ads", 1.0, None, None)]
    assert versions == [("wallet", "7.2.0", 2.0, 320.0), ("ads", "7.2.0", 1.0, 160.0)]
    facts = [(row[0], row[4]) for row in causes]
    rolled = ("wallet", "checkout 7.2.0 rolled out")
    assert facts == [rolled, rolled, ("ads", "支付一直转圈，付不了款")]


def test_the_latest_revisions_from_parquet(tmp_path: Path) -> None:
    deliver(ParquetSink("lake", ParquetOptions(folder=str(tmp_path))), _GIVEN)
    sql = _LAKE.replace("/var/lib/groundswell/lake", str(tmp_path))
    found = sorted(row[:2] for row in by_duck(":memory:", sql))
    assert found == sorted([(incident().incident_id, 1.0), ("old", 3.0), ("small", 1.0)])


def test_what_is_over_can_be_let_go(postgres: Postgres, tmp_path: Path) -> None:
    name, _ = postgres.new_database()
    deliver(PostgresSink("pg", PostgresOptions(url=Secret(postgres.url(name)))), _GIVEN)
    file = str(tmp_path / "store.duckdb")
    deliver(DuckSink("duck", DuckOptions(file=file)), _GIVEN)
    by_postgres(postgres, name, _DELETE)
    by_duck(file, _DELETE)
    for table in TABLES:
        sql = f"SELECT count(DISTINCT incident_id) FROM {table.name} WHERE incident_id != 'small'"
        assert by_postgres(postgres, name, sql) == by_duck(file, sql) == [(1.0,)]


def test_the_example_of_the_file_is_one(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", _DOCS, re.DOTALL)
    secret = tmp_path / "warehouse-url"
    secret.write_text("postgresql://gw:k3y@warehouse.example/incidents\n")
    assert "/run/secrets/warehouse-url" in block
    file = tmp_path / "sinks.toml"
    file.write_text(block.replace("/run/secrets/warehouse-url", str(secret)))
    found = read_receivers(file, {})
    tables = {name for name, place in TYPES.items() if ".tables." in place}
    assert {receiver.type for receiver in found} == tables
    assert "k3y" not in repr(found)
