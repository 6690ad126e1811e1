import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from schemas.causes import Evidence
from schemas.incidents import decode_incident
from sinks.errors import Rejected, Unreachable
from sinks.tables.duck import DuckOptions, DuckSink
from tests.support.incidents import incident
from tests.support.tables import deliver

_HOLD = (
    "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); sys.stdin.read()"
)


def store(file: Path, schema: str = "main") -> DuckSink:
    return DuckSink("store", DuckOptions(file=str(file), schema=schema))


def ask(file: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def counts(file: Path) -> list[int]:
    tables = ("incidents", "incident_revisions", "incident_evidence", "incident_hypotheses")
    return [ask(file, f"SELECT count(*) FROM {table}")[0][0] for table in tables]


@pytest.mark.slow
def test_a_repetition_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "new" / "store.duckdb"
    batch = [incident(incident_id=name, revision=n) for name in "ab" for n in (1, 2)]
    deliver(store(file), batch)
    before = counts(file)
    deliver(store(file), batch, batch[:1] + batch, batch[1:2])
    assert counts(file) == before == [2, 4, 4, 2]


def test_an_older_revision_is_kept_but_is_not_the_latest(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    fewer = incident(revision=3, status="resolved", evidence=incident().evidence[:1])
    deliver(store(file), [fewer], [incident(revision=2)])
    assert ask(file, "SELECT revision, status FROM incidents") == [(3, "resolved")]
    revisions = ask(file, "SELECT revision FROM incident_revisions ORDER BY revision")
    assert revisions == [(2,), (3,)]
    assert ask(file, "SELECT revision, id FROM incident_evidence") == [(3, "e1")]


def test_facts_of_an_older_revision_go(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    deliver(store(file), [incident()], [incident(revision=2, evidence=(), changes=())])
    assert ask(file, "SELECT * FROM incident_evidence") == []
    assert ask(file, "SELECT * FROM incident_changes") == []
    assert ask(file, "SELECT revision FROM incident_hypotheses") == [(2,)]


def test_what_comes_out_is_what_went_in(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    hostile = '\'); DROP TABLE incidents; --\n"$1" ${x} %s \u202e\U0001f600'
    evidence = (Evidence("e1", "app", "2026-11-20T09:04:11.120Z", hostile, hostile),)
    given = incident(title=hostile, product=hostile, labels={hostile: hostile}, evidence=evidence)
    deliver(store(file), [given])
    ((title, document, label),) = ask(
        file, "SELECT title, document, json_keys(labels)[1] FROM incidents"
    )
    assert (title, label) == (hostile, hostile)
    assert decode_incident(document.encode()) == given
    found = ask(file, "SELECT text, epoch_ms(time) FROM incident_evidence")
    assert found == [(hostile, 1_795_165_451_120)]


@pytest.mark.parametrize("kind", ["mad", "never", "huge"])
@pytest.mark.slow
def test_what_no_table_takes_is_rejected_with_its_batch(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "store.duckdb"
    text = "words of a customer"
    huge = msgspec.structs.replace(incident().observed, count=2**63)
    bad = {
        "mad": incident(status="mad", title=text),
        "never": incident(opened_at="2026-13-01T00:00:00.000Z", title=text),
        "huge": incident(observed=huge, title=text),
    }[kind]
    with pytest.raises(Rejected) as caught:
        deliver(store(file), [incident(incident_id="good"), bad])
    assert text not in str(caught.value)
    assert counts(file) == [0, 0, 0, 0]
    deliver(store(file), [incident(incident_id="good")])
    assert counts(file)[0] == 1


@pytest.mark.slow
def test_between_two_batches_others_can_read_and_write(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"

    async def run() -> None:
        sink = DuckSink("store", DuckOptions(file=str(file)))
        other = DuckSink("other", DuckOptions(file=str(file)))
        await sink.start()
        await other.start()
        await sink.deliver([incident()], 0)
        assert counts(file)[:2] == [1, 1]
        await other.deliver([incident(revision=2)], 0)
        await sink.deliver([incident(revision=3)], 0)

    asyncio.run(run())
    assert counts(file)[:2] == [1, 3]


def test_a_file_open_elsewhere_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    deliver(store(file))
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        with pytest.raises(Unreachable, match=rf"^.* is open in .*\(PID {holder.pid}\): "):
            deliver(store(file))
        holder.communicate()
    deliver(store(file), [incident()])
    assert counts(file)[0] == 1


@pytest.mark.parametrize("kind", ["nonsense", "folder"])
def test_what_is_no_database_is_named(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "store.duckdb"
    if kind == "nonsense":
        file.write_text("no database " * 1000)
    else:
        file.mkdir()
    with pytest.raises(Unreachable, match=r"^cannot write .*store\.duckdb: [^\n]+$"):
        deliver(store(file))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable, match=r"^cannot write .*Not a directory|File exists"):
        deliver(store(tmp_path / "file" / "store.duckdb"))


def test_tables_of_an_earlier_version_get_what_they_lack(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    deliver(store(file, "own"), [incident()])
    with duckdb.connect(str(file)) as connection:
        connection.execute("ALTER TABLE own.incidents DROP COLUMN change_reason")
        connection.execute("DROP TABLE own.incident_changes")
        connection.execute("UPDATE own.incident_tables SET version = 0")
    deliver(store(file, "own"), [incident(revision=2)])
    assert ask(file, "SELECT revision, change_reason FROM own.incidents") == [(2, "opened")]
    assert ask(file, "SELECT count(*) FROM own.incident_changes") == [(1,)]
    assert ask(file, "SELECT version FROM own.incident_tables") == [(1,)]


def test_tables_of_a_later_version_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "store.duckdb"
    deliver(store(file))
    with duckdb.connect(str(file)) as connection:
        connection.execute("UPDATE incident_tables SET version = 99")
    with pytest.raises(Unreachable, match=r"schema main were made by a newer .*version 99"):
        deliver(store(file), [incident()])
    assert counts(file)[0] == 0


@pytest.mark.parametrize("schema", ["", 'a"b', "Main", "a;b", "1a", "main\n", "a" * 64])
def test_a_schema_is_a_plain_name(schema: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.schema"):
        msgspec.convert({"file": "x", "schema": schema}, DuckOptions)
