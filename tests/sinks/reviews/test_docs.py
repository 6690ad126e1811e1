"""What docs/tables.md tells people to type about reviews."""

import re
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import psycopg
import pytest

from sinks.cluster import Secret
from sinks.reviews.options import FILE, OutputOptions
from sinks.tables.postgres import PostgresOptions
from streams.reviews.config import read_config
from tests.support.nights import DATE, label, night, ticket, write_night
from tests.support.postgres import Postgres

_DOCS = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")
_SECTION = _DOCS.partition("\n## Reviews as tables\n")[2]
_BLOCKS: list[str] = re.findall(r"```sql\n(.*?)```", _SECTION, re.DOTALL)
_DELETE, _LAKE = _BLOCKS[0], _BLOCKS[-1]
_QUESTIONS = _BLOCKS[1:-1]
_OLD = "2020-01-01"


@pytest.fixture(scope="module")
def filled(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder and a database with two nights."""
    place = tmp_path_factory.mktemp("docs")
    name, _ = postgres.new_database()
    to = PostgresOptions(url=Secret(postgres.url(name)))
    labels = [
        label("a"),
        label("b", sentiment="positive", aspects=(), product="lamp", lang="en"),
        label("c", status="refused", reason="empty", aspects=(), findings=()),
    ]
    tickets = [ticket("x"), ticket("y", severity="critical"), ticket("z", severity="info")]
    write_night(night(place / "1", labels, tickets), place, postgres=to)
    old = [label("old", date=_OLD, time=f"{_OLD}T09:00:00.000Z", status="open")]
    write_night(night(place / "2", old, [ticket("o", date=_OLD)], date=_OLD), place, postgres=to)
    return place, name


def plain(value: object) -> object:
    return value if isinstance(value, str) else str(value).removesuffix(".0")


def by_duck(folder: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(folder / FILE)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return [tuple(map(plain, row)) for row in connection.execute(sql).fetchall()]


def by_postgres(postgres: Postgres, database: str, sql: str) -> list[Any]:
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        connection.execute("SET search_path = groundswell")
        connection.execute("SET TimeZone = 'UTC'")
        cursor = connection.execute(sql)
        return [tuple(map(plain, row)) for row in cursor] if cursor.description else []


def test_there_are_five_questions() -> None:
    assert len(_QUESTIONS) == 5


@pytest.mark.parametrize("number", range(5))
def test_both_databases_give_the_same_answer(
    postgres: Postgres, filled: tuple[Path, str], number: int
) -> None:
    folder, name = filled
    answer = by_duck(folder, _QUESTIONS[number])
    assert answer
    assert by_postgres(postgres, name, _QUESTIONS[number]) == answer


def test_the_answers_are_right(filled: tuple[Path, str]) -> None:
    bad, mood, said, tickets, coverage = (by_duck(filled[0], sql) for sql in _QUESTIONS)
    assert bad == [("kettle", "logistics", "1")]
    assert mood == [
        (_OLD, "negative", "100"),
        (DATE, "negative", "50"),
        (DATE, "positive", "50"),
    ]
    assert said == [("kettle", "物流慢", "1", "做工好，就是物流慢", "a")]
    assert [row[1] for row in tickets] == ["critical", "error", "error"]
    assert coverage == [(_OLD, "1", "1", "1", "0"), (DATE, "3", "3", "0", "1")]


def test_the_parquet_files_can_be_asked(filled: tuple[Path, str]) -> None:
    sql = _LAKE.replace("/var/lib/groundswell/reviews", str(filled[0]))
    assert by_duck(filled[0], sql) == [(_OLD, "zh", "1"), (DATE, "en", "1"), (DATE, "zh", "2")]


def test_what_is_old_can_be_let_go(postgres: Postgres, tmp_path: Path) -> None:
    name, _ = postgres.new_database()
    to = PostgresOptions(url=Secret(postgres.url(name)))
    for date in ("2000-01-01", "2099-01-01"):
        given = night(
            tmp_path / date, [label(date, date=date)], [ticket(date, date=date)], date=date
        )
        write_night(given, tmp_path, postgres=to)
    by_postgres(postgres, name, _DELETE)
    by_duck(tmp_path, _DELETE)
    for table, left in (("review_labels", 1), ("risk_tickets", 1), ("review_nights", 2)):
        sql = f"SELECT count(*) FROM {table}"
        assert by_postgres(postgres, name, sql) == by_duck(tmp_path, sql) == [(str(left),)]


def test_the_example_of_the_file_is_one(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", _SECTION, re.DOTALL)
    secret = tmp_path / "warehouse-url"
    secret.write_text("postgresql://gw:k3y@warehouse.example/reviews\n")
    file = tmp_path / "reviews.toml"
    head = 'zone = "UTC"\n[source]\nkind = "files"\npath = "a.csv"\n'
    file.write_text(head + block.replace("/run/secrets/warehouse-url", str(secret)))
    found = read_config(file, {}).outputs
    assert found.topics
    assert found.postgres is not None
    assert found.postgres.url.reveal().endswith("/reviews")
    assert "k3y" not in repr(found)
    keys = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`|none)? ?\|", _SECTION, re.MULTILINE)
    defaults = {field.name: field.default for field in msgspec.structs.fields(OutputOptions)}
    told = dict(keys[: len(defaults)])
    assert list(told) == list(defaults)
    for name, default in told.items():
        if default:
            assert default == str(defaults[name]).lower().replace("512mb", "512MB")
