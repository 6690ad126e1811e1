import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

_WRITER = """
import asyncio, sys
from sinks.tables.duck import DuckOptions, DuckSink
from sinks.tables.parquet import ParquetOptions, ParquetSink
from tests.support.incidents import incident

kind, place = sys.argv[1:]
sink = {
    "duckdb": lambda: DuckSink("x", DuckOptions(file=place + "/store.duckdb")),
    "parquet": lambda: ParquetSink("x", ParquetOptions(folder=place)),
}[kind]()

async def main():
    await sink.start()
    for n in range(1, 31):
        await sink.deliver([incident(incident_id=f"i{k}", revision=n) for k in range(20)], 0)
        print(n, flush=True)
    await sink.stop()

asyncio.run(main())
"""
_ROOT = Path(__file__).parents[3]


def in_duckdb(folder: Path, columns: str) -> list[Any]:
    with duckdb.connect(str(folder / "store.duckdb")) as connection:
        return connection.execute(f"SELECT {columns} FROM incident_revisions").fetchall()


def in_parquet(folder: Path, columns: str) -> list[Any]:
    files = folder / "incident_revisions" / "*" / "*.parquet"
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT {columns} FROM read_parquet('{files}')").fetchall()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "ask"), [("duckdb", in_duckdb), ("parquet", in_parquet)])
def test_killed_at_any_moment_it_has_what_it_said_and_nothing_twice(
    tmp_path: Path, kind: str, ask: Callable[[Path, str], list[Any]]
) -> None:
    command = [sys.executable, "-c", _WRITER, kind, str(tmp_path)]
    for lines in (1, 4, 9):
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=_ROOT) as writer:
            assert writer.stdout is not None
            said = [int(writer.stdout.readline()) for _ in range(lines)]
            writer.kill()
        ((highest, revisions, different),) = ask(
            tmp_path, "max(revision), count(*), count(DISTINCT (incident_id, revision))"
        )
        assert highest >= said[-1]
        assert revisions == different == 20 * highest
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=_ROOT)
    assert ask(tmp_path, "count(*), max(revision)") == [(600, 30)]
