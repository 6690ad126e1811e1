import asyncio
import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from schemas.causes import Evidence
from schemas.incidents import Incident, decode_incident, encode_incident
from sinks.errors import Rejected, Unreachable
from sinks.tables.postgres import PostgresSink
from tests.support.incidents import incident
from tests.support.postgres import Postgres
from tests.support.tables import deliver, postgres_counts, postgres_sink


def test_a_repetition_changes_nothing(postgres: Postgres, database: str) -> None:
    batch = [incident(incident_id=name, revision=n) for name in "ab" for n in (1, 2)]
    deliver(postgres_sink(postgres, database), batch)
    before = postgres_counts(postgres, database)
    again = postgres_sink(postgres, database)
    deliver(again, batch, batch[:1] + batch, batch[1:2])
    assert postgres_counts(postgres, database) == before == [2, 4, 4, 2]


def test_an_older_revision_is_kept_but_is_not_the_latest(postgres: Postgres, database: str) -> None:
    fewer = incident(revision=3, status="resolved", evidence=incident().evidence[:1])
    deliver(postgres_sink(postgres, database), [fewer], [incident(revision=2)])
    found = postgres.say(database, "SELECT revision, status FROM groundswell.incidents")
    assert found == [(3, "resolved")]
    assert postgres_counts(postgres, database) == [1, 2, 1, 1]
    found = postgres.say(database, "SELECT revision, id FROM groundswell.incident_evidence")
    assert found == [(3, "e1")]


def test_what_comes_out_is_what_went_in(postgres: Postgres, database: str) -> None:
    hostile = '\'); DROP TABLE incidents; --\n"$1" ${x} %s \\ \u202e\U0001f600'
    evidence = (Evidence("e1", "app", "2026-11-20T09:04:11.120Z", hostile, hostile),)
    given = incident(title=hostile, product=hostile, labels={hostile: hostile}, evidence=evidence)
    deliver(postgres_sink(postgres, database), [given, incident(incident_id="nul", title="a\0b")])
    rows = postgres.say(
        database,
        "SELECT title, document::text, labels FROM groundswell.incidents ORDER BY incident_id",
    )
    assert [row[0] for row in rows] == [hostile, "a\ufffdb"]
    assert rows[0][2] == {hostile: hostile}
    assert decode_incident(rows[0][1].encode()) == given
    found = postgres.say(
        database,
        "SELECT text, round(extract(epoch FROM time) * 1000)::bigint"
        " FROM groundswell.incident_evidence WHERE incident_id != 'nul'",
    )
    assert found == [(hostile, 1_795_165_451_120)]


@pytest.mark.parametrize("kind", ["CheckViolation", "NumericValue", "ProgramLimit", "month"])
def test_what_no_table_takes_is_rejected_with_its_batch(
    postgres: Postgres, database: str, kind: str
) -> None:
    text = "words of a customer"
    huge = msgspec.structs.replace(incident().observed, count=2**63)
    bad = {
        "CheckViolation": incident(status="mad", title=text),
        "NumericValue": incident(observed=huge, title=text),
        "ProgramLimit": incident(incident_id=f"{text}{random.Random(1).randbytes(9_999).hex()}"),
        "month": incident(opened_at="2026-13-01T00:00:00.000Z", title=text),
    }[kind]

    async def run() -> None:
        sink = postgres_sink(postgres, database)
        await sink.start()
        with pytest.raises(Rejected, match=kind) as caught:
            await sink.deliver([incident(incident_id="good"), bad], 0)
        assert text not in str(caught.value)
        assert postgres_counts(postgres, database) == [0, 0, 0, 0]
        await sink.deliver([incident(incident_id="good")], 0)
        await sink.stop()

    asyncio.run(run())
    assert postgres_counts(postgres, database)[0] == 1


def test_more_values_than_a_statement_takes(postgres: Postgres, database: str) -> None:
    batch = [incident(incident_id=f"i{n:04}") for n in range(2_000)]
    deliver(postgres_sink(postgres, database), batch)
    assert postgres_counts(postgres, database) == [2_000, 2_000, 4_000, 2_000]


def test_two_writers_at_once_end_where_one_would(postgres: Postgres, database: str) -> None:
    """Both make the tables, and write the same incidents in opposite order."""

    def revisions(numbers: Sequence[int]) -> list[list[Incident]]:
        return [
            [
                incident(
                    incident_id=f"i{k}",
                    revision=n,
                    evidence=tuple(Evidence(f"e{n}", "app", "2026-11-20T09:04:11.000Z", "", "")
                    for _ in range(n % 3)),
                )
                for k in range(20)
            ]
            for n in numbers
        ]  # fmt: skip

    async def run() -> None:
        first, second = postgres_sink(postgres, database), postgres_sink(postgres, database)

        async def write(sink: PostgresSink, batches: list[list[Incident]]) -> None:
            await sink.start()
            for batch in batches:
                await sink.deliver(batch, 0)
            await sink.stop()

        up = revisions(range(1, 12))
        await asyncio.gather(write(first, up), write(second, [b[::-1] for b in up[::-1]]))

    asyncio.run(run())
    assert postgres_counts(postgres, database)[:3] == [20, 220, 40]
    found = postgres.say(
        database, "SELECT DISTINCT revision, id, rank FROM groundswell.incident_evidence ORDER BY 3"
    )
    assert found == [(11, "e11", 1), (11, "e11", 2)]


def test_tables_of_an_earlier_version_get_what_they_lack(postgres: Postgres, database: str) -> None:
    deliver(postgres_sink(postgres, database), [incident()])
    postgres.say(database, "ALTER TABLE groundswell.incidents DROP COLUMN change_reason")
    postgres.say(database, "DROP TABLE groundswell.incident_changes")
    postgres.say(database, "UPDATE groundswell.incident_tables SET version = 0")
    deliver(postgres_sink(postgres, database), [incident(revision=2)])
    found = postgres.say(database, "SELECT revision, change_reason FROM groundswell.incidents")
    assert found == [(2, "opened")]
    assert postgres.say(database, "SELECT version FROM groundswell.incident_tables") == [(1,)]
    assert postgres.say(database, "SELECT id FROM groundswell.incident_changes") == [("change-1",)]


def test_tables_of_a_later_version_are_left_alone(postgres: Postgres, database: str) -> None:
    deliver(postgres_sink(postgres, database))
    postgres.say(database, "UPDATE groundswell.incident_tables SET version = 99")
    sink = postgres_sink(postgres, database)

    async def run() -> None:
        for _ in range(2):
            with pytest.raises(Unreachable, match=r"were made by a newer .*version 99"):
                await sink.deliver([incident()], 0)

    asyncio.run(run())
    assert postgres_counts(postgres, database)[0] == 0


def test_the_document_is_the_contract_form(postgres: Postgres, database: str) -> None:
    deliver(postgres_sink(postgres, database), [incident()])
    ((found,),) = postgres.say(database, "SELECT document FROM groundswell.incidents")
    expected: dict[str, Any] = msgspec.json.decode(encode_incident(incident()))
    assert found == expected
