import random
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from schemas.times import format_ms
from streams.reviews.day import Day, date_of
from streams.reviews.errors import BadSource, SourceAway
from streams.reviews.sources.source import Source
from tests.streams.reviews.sources.made import (
    DAY,
    NOON,
    ZONE,
    files,
    given,
    opened,
    reasons,
    reviews,
)

ID = 'id = "id"'


def database(folder: Path, *statements: str) -> Path:
    file = folder / "shop.duckdb"
    with duckdb.connect(str(file)) as connection:
        for statement in statements:
            connection.execute(statement)
    return file


def duck(folder: Path, columns: str = ID, what: str = 'table = "reviews"') -> Source:
    return opened(folder, f'kind = "duckdb"\nfile = "shop.duckdb"\n{what}', columns)


EDGES = [
    DAY.start_ms - 1, DAY.start_ms, NOON, DAY.end_ms - 1, DAY.end_ms, NOON - 86_400_000, 0,
    4_102_444_800_000,
]  # fmt: skip
"""In epoch milliseconds; the last two are out of all bounds."""

TYPES = {
    "TIMESTAMPTZ": "make_timestamp({ms} * 1000)::TIMESTAMPTZ",
    "TIMESTAMP": "make_timestamp(({ms} + 28800000::BIGINT) * 1000)",
    "TIMESTAMP_MS": "make_timestamp(({ms} + 28800000::BIGINT) * 1000)",
    "TIMESTAMP_NS": "make_timestamp(({ms} + 28800000::BIGINT) * 1000)",
    "TIMESTAMP_S": "make_timestamp(({ms} // 1000 + 28800) * 1000000::BIGINT)",
    "BIGINT": "{ms}",
    "UBIGINT": "{ms} // 1000",
    "HUGEINT": "{ms} * 1000000",
    "DOUBLE": "{ms} / 1000",
    "DECIMAL(20,3)": "{ms} / 1000",
    "VARCHAR": "'{iso}'",
}


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("parquet", [False, True])
def test_every_type_of_time(tmp_path: Path, kind: str, parquet: bool) -> None:
    values = [
        f"({n}, 't{n}', ({TYPES[kind].format(ms=ms, iso=format_ms(ms))})::{kind})"
        for n, ms in enumerate(EDGES)
    ]
    make = f"CREATE TABLE reviews AS SELECT * FROM (VALUES {', '.join(values)}) v(id, text, time)"
    null = f"INSERT INTO reviews VALUES (99, 't99', NULL::{kind})"
    if parquet:
        (tmp_path / "in").mkdir()
        copy = f"COPY reviews TO '{tmp_path}/in/a.parquet'"
        database(tmp_path, "SET TimeZone = 'UTC'", make, null, copy)
        source = files(tmp_path, ID)
    else:
        database(tmp_path, "SET TimeZone = 'UTC'", make, null)
        source = duck(tmp_path)
    found = given(source)
    assert [one.source for one in reviews(found)] == ["reviews:1", "reviews:2", "reviews:3"]
    coarse = 1_000 if kind in ("TIMESTAMP_S", "UBIGINT") else 1
    assert [one.time_ms // coarse for one in reviews(found)] == [ms // coarse for ms in EDGES[1:4]]
    assert sorted(reasons(found)) == [
        ("reviews:6#2026-11-19", "time_out_of_range"),
        ("reviews:7#2026-11-19", "time_out_of_range"),
        ("reviews:99#2026-11-19", "no_time"),
    ]


def test_a_date_and_a_number_that_is_a_date(tmp_path: Path) -> None:
    values = "(1, 'a', DATE '2026-11-19', 20261119), (2, 'b', DATE '2026-11-20', 20261120)"
    database(tmp_path, f"CREATE TABLE reviews AS FROM (VALUES {values}) v(id, text, day, number)")
    for columns in ('time = "day"', 'time = "number"\ntime_format = "%Y%m%d"'):
        (one,) = given(duck(tmp_path, f"{ID}\n{columns}"))
        assert reviews([one])[0].time_ms == DAY.start_ms


def test_random_times_are_each_of_one_day(tmp_path: Path) -> None:
    """What SQL leaves out is what we would have left out."""
    chance = random.Random(3)
    near = [NOON + chance.randrange(-4, 4) * 86_400_000 for _ in range(200)]
    times = [ms + chance.randrange(-43_200_000, 43_200_000) for ms in near]
    rows = ", ".join(f"({n}, make_timestamp({ms * 1_000 + 999}))" for n, ms in enumerate(times))
    database(
        tmp_path, f"CREATE TABLE reviews AS SELECT *, '' AS text FROM (VALUES {rows}) v(id, time)"
    )
    source = duck(tmp_path, f'{ID}\ntime_zone = "UTC"')
    seen = {}
    for n in range(-6, 7):
        day = Day(date_of(NOON + n * 86_400_000, ZONE), ZONE)
        for one in reviews(list(source.reviews(day))):
            seen[int(one.source.split(":")[1])] = one.time_ms
            assert date_of(one.time_ms, ZONE) == day.date
    assert seen == dict(enumerate(times))


def test_a_query_with_all_its_signs(tmp_path: Path) -> None:
    database(
        tmp_path,
        'CREATE TABLE "Re views" (id UUID, "the ""text""" BLOB, time TIMESTAMP, tags VARCHAR[])',
        "INSERT INTO \"Re views\" VALUES ('00000000-0000-0000-0000-000000000001', '\\xE5\\xA5\\xBD"
        "\\xFF'::BLOB, '2026-11-19 12:00', ['x'])",
    )
    query = "query = '''SELECT *, 'x%' AS p FROM \"Re views\" -- all;\n;'''"
    columns = f"{ID}\ntext = 'the \"text\"'\nproduct = 'tags'\nauthor = 'p'"
    source = duck(tmp_path, columns, query)
    (one,) = reviews(given(source))
    assert one.source == "reviews:00000000-0000-0000-0000-000000000001"
    assert (one.text, one.product, one.author, one.time_ms) == ("好\ufffd", "[x]", "x%", NOON)
    assert source.mended == 1


def test_rows_without_an_id_are_what_they_say(tmp_path: Path) -> None:
    database(
        tmp_path,
        "CREATE TABLE reviews AS FROM (VALUES (NULL, 'a'), ('', 'b'), (NULL, 'a')) v(id, text)",
        "ALTER TABLE reviews ADD COLUMN time TIMESTAMP DEFAULT '2026-11-19 12:00'",
    )
    found = given(duck(tmp_path))
    names = {one.source for one in found}
    assert len(names) == 3
    assert sorted(one.text for one in reviews(found)) == ["a", "b"]
    assert [reason for _, reason in reasons(found)] == ["duplicate_id"]


@pytest.mark.parametrize(
    ("what", "columns", "said"),
    [
        ('table = "none"', ID, "shop.duckdb: Catalog Error: Table with name none does not exist"),
        ('query = "SELECT FROM"', ID, "shop.duckdb: Parser Error: "),
        ('query = "SELECT nothing"', ID, "shop.duckdb: Binder Error: "),
        ('table = "reviews"', 'id = "key"', "id: there is no column 'key'; it has id, text, time"),
    ],
)
def test_what_the_database_has_not_is_told(
    tmp_path: Path, what: str, columns: str, said: str
) -> None:
    database(tmp_path, "CREATE TABLE reviews (id INTEGER, text VARCHAR, time TIMESTAMP)")
    with pytest.raises(BadSource) as raised:
        list(duck(tmp_path, columns, what).reviews(DAY))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_database_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceAway, match=r"there is no database .*shop\.duckdb"):
        list(duck(tmp_path).reviews(DAY))
    assert not (tmp_path / "shop.duckdb").exists()


def test_a_database_that_another_process_has_open_is_told(tmp_path: Path) -> None:
    file = database(tmp_path, "CREATE TABLE reviews (id INTEGER, text VARCHAR, time TIMESTAMP)")
    code = f"import duckdb; c = duckdb.connect({str(file)!r}); print('open', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(SourceAway, match=r"shop\.duckdb is open in .*PID.* again when it is"):
            list(duck(tmp_path).reviews(DAY))
        other.communicate(b"\n")
    assert list(duck(tmp_path).reviews(DAY)) == []


def test_parquet_in_folders_that_name_columns(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    rows = (
        "SELECT n AS id, 't' || n AS text, TIMESTAMP '2026-11-19 12:00' AS time, 'p' || n % 2 AS p"
    )
    database(
        tmp_path,
        f"COPY ({rows} FROM range(4) r(n)) TO '{tmp_path}/in' (FORMAT parquet, PARTITION_BY (p),"
        " OVERWRITE_OR_IGNORE)",
    )
    found = reviews(given(files(tmp_path, 'product = "p"')))
    assert sorted((one.product, one.text) for one in found) == [
        ("p0", "t0"), ("p0", "t2"), ("p1", "t1"), ("p1", "t3"),
    ]  # fmt: skip
    assert all(one.source.startswith(f"p={one.product}/") for one in found)
    assert {one.source.split("#")[1] for one in found} == {"1", "2"}


def test_a_text_that_duckdb_refuses_is_told_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    file = tmp_path / "in" / "a.parquet"
    rows = "SELECT 'call 1381234567' || n AS text, TIMESTAMP '2026-11-19 12:00' AS time"
    database(tmp_path, f"COPY ({rows} FROM range(3) r(n)) TO '{file}' (COMPRESSION uncompressed)")
    file.write_bytes(file.read_bytes().replace(b"call 13812345671", b"call\xff13812345671"))
    with pytest.raises(SourceAway, match="write the column as bytes") as raised:
        list(files(tmp_path).reviews(DAY))
    assert "138" not in str(raised.value)
    query = (
        "query = \"SELECT 1 AS id, ('call 1' || '3812345678')::INT AS text, '2026-11-19' AS time\""
    )
    with pytest.raises(SourceAway, match=r"Could not convert string 'call \[phone\]'"):
        list(duck(tmp_path, ID, query).reviews(DAY))
