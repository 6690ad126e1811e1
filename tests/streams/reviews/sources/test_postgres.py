from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from schemas.times import format_ms
from streams.reviews.errors import BadSource, SourceAway
from streams.reviews.sources.source import Source
from tests.streams.reviews.sources.made import DAY, NOON, given, opened, reasons, reviews
from tests.streams.reviews.sources.test_duck import EDGES
from tests.support.postgres import PASSWORD, Postgres, postgres_server

ID = 'id = "id"'
TYPES = {
    "timestamptz": "to_timestamp({ms} / 1000.0)",
    "timestamp": "to_timestamp({ms} / 1000.0) AT TIME ZONE 'Asia/Shanghai'",
    "bigint": "{ms}",
    "numeric": "{ms} / 1000.0",
    "double precision": "{ms} / 1000.0",
    "text": "'{iso}'",
}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def database(postgres: Postgres) -> str:
    """Whose role may only read what is there."""
    name, role = postgres.new_database()
    postgres.say(name, f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role}")
    return name


def source(
    folder: Path, server: Postgres, name: str, columns: str = ID, what: str = 'table = "reviews"'
) -> Source:
    (folder / "url").write_text(server.url(name, name))
    return opened(folder, f'kind = "postgres"\nurl_file = "url"\n{what}', columns)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_time(tmp_path: Path, postgres: Postgres, database: str, kind: str) -> None:
    values = ", ".join(
        f"({n}, 't', ({TYPES[kind].format(ms=ms, iso=format_ms(ms))})::{kind})"
        for n, ms in enumerate(EDGES)
    )
    postgres.say(database, f"CREATE TABLE reviews (id int, text text, time {kind})")
    postgres.say(database, f"INSERT INTO reviews VALUES {values}, (99, 't', NULL)")
    infinite = []
    if "timestamp" in kind:
        postgres.say(database, "INSERT INTO reviews VALUES (8, 't', 'infinity')")
        infinite = [("reviews:8#2026-11-19", "time_out_of_range")]
    found = given(source(tmp_path, postgres, database))
    assert [(one.source, one.time_ms) for one in reviews(found)] == [
        (f"reviews:{n}", EDGES[n]) for n in (1, 2, 3)
    ]
    assert sorted(reasons(found)) == sorted([
        ("reviews:6#2026-11-19", "time_out_of_range"),
        ("reviews:7#2026-11-19", "time_out_of_range"),
        ("reviews:99#2026-11-19", "no_time"),
        *infinite,
    ])  # fmt: skip


def test_an_index_on_the_time_is_of_use(tmp_path: Path, postgres: Postgres, database: str) -> None:
    from streams.reviews.sources.postgres import PostgresSource

    for kind, value in (("timestamptz", "to_timestamp(n * 60)"), ("bigint", "n * 60")):
        postgres.say(database, f"CREATE TABLE {kind}_reviews (id int, text text, time {kind})")
        postgres.say(
            database,
            f"INSERT INTO {kind}_reviews SELECT n, 'a', {value} FROM"
            " generate_series(29900000, 30000000) n",
        )
        postgres.say(database, f"CREATE INDEX ON {kind}_reviews (time)")
        postgres.say(database, f"ANALYZE {kind}_reviews")
        made = source(tmp_path, postgres, database, what=f'table = "{kind}_reviews"')
        assert isinstance(made, PostgresSource)
        with psycopg.connect(postgres.url(database, database)) as connection:
            sql = made._selection(connection, DAY).sql
        plan = "\n".join(row[0] for row in postgres.say(database, f"EXPLAIN {sql}"))
        assert "Index" in plan, plan
        assert len(given(made)) == 1_440


def test_dates_bytes_and_a_query_with_all_its_signs(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    postgres.say(
        database,
        'CREATE TABLE "Re%views" (id uuid, body bytea, day date, stars numeric(3,1), tags jsonb)',
    )
    postgres.say(
        database,
        "INSERT INTO \"Re%views\" VALUES ('00000000-0000-0000-0000-000000000001',"
        " '\\xe5a5bdff', '2026-11-19', 4.5, '{\"a\": 1}')",
    )
    query = "query = '''SELECT *, 'x%s' AS p FROM \"Re%views\" -- all;\n;'''"
    columns = f'{ID}\ntext = "body"\ntime = "day"\nrating = "stars"\nproduct = "tags"\nauthor = "p"'
    (one,) = reviews(given(source(tmp_path, postgres, database, columns, query)))
    assert one.source == "reviews:00000000-0000-0000-0000-000000000001"
    assert (one.text, one.rating, one.time_ms) == ("好\ufffd", 4.5, DAY.start_ms)
    assert (one.product, one.author) == ('{"a": 1}', "x%s")


def test_it_sees_one_moment_and_only_reads(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    postgres.say(database, "CREATE TABLE reviews (id int, text text, time timestamptz)")
    moment = format_ms(NOON)
    postgres.say(
        database, f"INSERT INTO reviews SELECT n, 'a', '{moment}' FROM generate_series(1, 5000) n"
    )
    made = source(tmp_path, postgres, database)
    records = made._records(DAY)
    next(records)
    postgres.say(database, "UPDATE reviews SET text = 'b'")
    postgres.say(database, f"INSERT INTO reviews VALUES (9999, 'a', '{moment}')")
    rest = list(records)
    assert len(rest) == 4_999
    assert {one.said.text for one in rest if one} == {"a"}  # type: ignore[union-attr]
    postgres.say(database, "CREATE SEQUENCE counter")
    postgres.say(database, f"GRANT ALL ON SEQUENCE counter TO {database}")
    writing = "query = \"SELECT nextval('counter') AS id, 'a' AS text, '2026-11-19' AS time\""
    with pytest.raises(SourceAway, match="in a read-only transaction"):
        list(source(tmp_path, postgres, database, what=writing).reviews(DAY))


def test_a_statement_that_takes_too_long_is_ended(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    query = "SELECT 1 AS id, pg_sleep(60)::text AS text, '2026-11-19' AS time"
    slow = f'query = "{query}"\ntimeout_seconds = 1'
    with pytest.raises(SourceAway, match="did not answer within 1 s: set timeout_seconds"):
        list(source(tmp_path, postgres, database, what=slow).reviews(DAY))


@pytest.mark.parametrize(
    ("what", "columns", "said"),
    [
        ('table = "none"', ID, '[source] relation "none" does not exist'),
        ('query = "SELEC"', ID, "[source] syntax error at or near"),
        ('table = "secret"', ID, "[source] permission denied for table secret"),
        ('table = "public.reviews"', 'id = "key"', "id: there is no column 'key'; it has id, text"),
    ],
)
def test_what_the_database_has_not_is_told(
    tmp_path: Path, postgres: Postgres, database: str, what: str, columns: str, said: str
) -> None:
    postgres.say(database, "CREATE TABLE reviews (id int, text text, time timestamptz)")
    postgres.say(database, "CREATE TABLE secret (id int, text text, time timestamptz)")
    postgres.say(database, f"REVOKE ALL ON secret FROM {database}")
    with pytest.raises(BadSource) as raised:
        list(source(tmp_path, postgres, database, columns, what).reviews(DAY))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_server_that_is_away_is_told_without_the_password(
    tmp_path: Path, postgres: Postgres, database: str
) -> None:
    made = source(tmp_path, postgres, database)
    (tmp_path / "url").write_text(f"postgresql://u:{PASSWORD}@127.0.0.1:1/{database}")
    away = opened(tmp_path, 'kind = "postgres"\nurl_file = "url"\ntable = "a"', ID)
    with pytest.raises(SourceAway, match="cannot read from PostgreSQL: ") as raised:
        list(away.reviews(DAY))
    assert PASSWORD not in str(raised.value)
    postgres.say(database, "CREATE TABLE reviews (id int, text text, time timestamptz)")
    assert given(made) == []


def test_a_database_of_another_encoding(tmp_path: Path, postgres: Postgres) -> None:
    for encoding in ("LATIN1", "SQL_ASCII"):
        name, role = postgres.new_database(encoding)
        postgres.say(name, "CREATE TABLE reviews (id int, text text, time timestamptz)")
        postgres.say(name, f"GRANT SELECT ON reviews TO {role}")
        postgres.say(
            name, f"INSERT INTO reviews VALUES (1, 'caf' || chr(233), '{format_ms(NOON)}')"
        )
        (one,) = reviews(given(source(tmp_path, postgres, name)))
        assert one.text in ("café", "caf\ufffd")
