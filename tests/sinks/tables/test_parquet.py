import asyncio
import hashlib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas.incidents import Incident
from sinks.errors import Rejected, Unreachable
from sinks.tables.parquet import ParquetOptions, ParquetSink
from tests.support.incidents import incident
from tests.support.tables import deliver


def lake(folder: Path) -> ParquetSink:
    return ParquetSink("lake", ParquetOptions(folder=str(folder)))


def ask(folder: Path, sql: str) -> list[Any]:
    with duckdb.connect() as connection:
        files = f"read_parquet('{folder}/incident_revisions/*/*.parquet')"
        return connection.execute(sql.replace("REVISIONS", files)).fetchall()


def prints(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*.parquet*")
    }


def many() -> list[Incident]:
    """Two revisions each of incidents of two days and three hours."""
    opened = ("2026-11-20T09:15:00.000Z", "2026-11-20T23:59:59.999Z", "2026-11-21T00:00:00.000Z")
    return [
        incident(incident_id=f"i{n}", opened_at=at, revision=revision)
        for revision in (1, 2)
        for n, at in enumerate(opened)
    ]


def test_a_folder_a_day_and_a_file_an_hour(tmp_path: Path) -> None:
    deliver(lake(tmp_path), many())
    assert sorted(prints(tmp_path)) == [
        "incident_revisions/date=2026-11-20/part-09.parquet",
        "incident_revisions/date=2026-11-20/part-23.parquet",
        "incident_revisions/date=2026-11-21/part-00.parquet",
    ]
    found = ask(tmp_path, "SELECT date::TEXT, count(*) FROM REVISIONS GROUP BY 1 ORDER BY 1")
    assert found == [("2026-11-20", 4), ("2026-11-21", 2)]


@pytest.mark.slow
def test_however_it_is_cut_and_repeated_the_files_are_the_same(tmp_path: Path) -> None:
    deliver(lake(tmp_path / "a"), many())
    batches = [[one] for one in reversed(many())]
    deliver(lake(tmp_path / "b"), *batches, many()[1:4], many())
    assert prints(tmp_path / "a") == prints(tmp_path / "b")


def test_a_file_half_written_by_one_that_died_is_not_read(tmp_path: Path) -> None:
    deliver(lake(tmp_path), many())
    before = prints(tmp_path)
    (part,) = tmp_path.glob("incident_revisions/*/part-09.parquet")
    part.with_name(".part-09.parquet.new").write_bytes(part.read_bytes()[:100])
    assert ask(tmp_path, "SELECT count(*) FROM REVISIONS") == [(6,)]
    deliver(lake(tmp_path), many())
    assert prints(tmp_path) == before


def test_a_revision_that_fits_no_column_is_rejected(tmp_path: Path) -> None:
    deliver(lake(tmp_path), many())
    before = prints(tmp_path)
    bad = incident(incident_id="mad", status="mad")
    with pytest.raises(Rejected, match=r"^ConstraintException$"):
        deliver(lake(tmp_path), [incident(revision=2), bad])
    assert prints(tmp_path) == before


def test_a_damaged_file_is_named_and_left(tmp_path: Path) -> None:
    deliver(lake(tmp_path), many())
    (part,) = tmp_path.glob("incident_revisions/*/part-09.parquet")
    part.write_bytes(b"PAR1 but no more")
    with pytest.raises(Unreachable, match=r"^cannot write .*part-09\.parquet: [^\n]+$"):
        deliver(lake(tmp_path), many())
    assert part.read_bytes() == b"PAR1 but no more"


def test_a_file_of_an_earlier_version_gets_the_new_columns(tmp_path: Path) -> None:
    deliver(lake(tmp_path), [incident()])
    (part,) = tmp_path.glob("incident_revisions/*/*.parquet")
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE t AS SELECT * EXCLUDE (change_reason, date) FROM read_parquet('{part}')"
        )
        connection.table("t").write_parquet(str(part))
    deliver(lake(tmp_path), [incident(revision=2)])
    found = ask(tmp_path, "SELECT revision, change_reason FROM REVISIONS ORDER BY 1")
    assert found == [(1, None), (2, "opened")]


def test_two_do_not_write_to_one_folder(tmp_path: Path) -> None:
    async def run() -> None:
        first, second = (
            ParquetSink(name, ParquetOptions(folder=str(tmp_path))) for name in ("first", "second")
        )
        await first.start()
        await first.start()
        with pytest.raises(Unreachable, match=r"^another process writes to "):
            await second.start()
        with pytest.raises(Unreachable, match=r"^another process writes to "):
            await second.deliver([incident()], 0)
        await first.stop()
        await second.deliver([incident()], 0)
        await second.stop()

    asyncio.run(run())
    assert ask(tmp_path, "SELECT count(*) FROM REVISIONS") == [(1,)]
