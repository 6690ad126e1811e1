from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from schemas.handling import Acknowledgement, Opinions, Silencing
from schemas.incidents import Incident, decode_incident
from sinks.errors import Rejected
from sinks.tables.rows import INCIDENTS, TABLES, Row, Table, latest, storable
from tests.support.incidents import incident


def named(table: Table[Incident], row: Row) -> dict[str, object]:
    return dict(zip((column.name for column in table.columns), row, strict=True))


def test_an_incident_is_one_row() -> None:
    (row,) = INCIDENTS.rows([incident()])
    found = named(INCIDENTS, row)
    assert found["status"] == "open"
    assert found["onset_estimate"] == datetime(2026, 11, 20, 9, 4, tzinfo=UTC)
    assert found["resolved_at"] is None
    assert found["slice"] == '{"app_version":"7.2.0","os":"android"}'
    assert (found["observed_count"], found["expected_count"]) == (182, 6.1)
    assert found["acknowledged_by"] is None
    assert found["useful"] is None
    assert decode_incident(str(found["document"]).encode()) == incident()


def test_what_people_did_is_in_the_row() -> None:
    at, until = "2026-11-20T09:20:00.000Z", "2026-11-20T10:20:00.000Z"
    handled = incident(
        acknowledgement=Acknowledgement("li", at, until),
        silence=Silencing("li", at, until),
        opinions=Opinions(0, 2, 1.2),
    )
    found = named(INCIDENTS, INCIDENTS.rows([handled])[0])
    assert (found["acknowledged_by"], found["useful"], found["not_useful"]) == ("li", 0, 2)
    assert found["acknowledged_at"] == datetime(2026, 11, 20, 9, 20, tzinfo=UTC)
    assert found["silenced_until"] == datetime(2026, 11, 20, 10, 20, tzinfo=UTC)


def test_every_fact_is_a_row_sorted_by_incident() -> None:
    tables = {table.name: table for table in TABLES}
    two = [incident(incident_id="b"), incident(incident_id="a")]
    ids = [row[:3] for row in tables["incident_evidence"].rows(two)]
    assert ids == [("a", 1, 1), ("a", 1, 2), ("b", 1, 1), ("b", 1, 2)]
    assert len(tables["incident_changes"].rows(two)) == 2
    (cause, _) = tables["incident_hypotheses"].rows(two)
    assert cause[-1] == '["change-1","e1"]'


def test_a_time_that_is_none_is_rejected() -> None:
    with pytest.raises(Rejected, match="incidents is none: month"):
        INCIDENTS.rows([incident(opened_at="2026-13-20T09:15:00.000Z")])


@pytest.mark.parametrize("text", ["a\0b", "\\\0", "\\\\\0\0", "\\u0000", "\\\\u0000\0", "\0"])
def test_nul_is_replaced_and_nothing_else(text: str) -> None:
    given = incident(title=text, labels={"k\0": "v\0"})
    stored = storable(given)
    assert stored.title == text.replace("\0", "\ufffd")
    assert stored.labels == {"k\ufffd": "v\ufffd"}
    assert msgspec.structs.replace(stored, title="", labels={}) == incident(title="", labels={})


def test_latest_takes_the_highest_revision_of_each() -> None:
    given = [("a", 2), ("b", 1), ("a", 3), ("a", 1)]
    found = latest(incident(incident_id=name, revision=n) for name, n in given)
    assert [(i.incident_id, i.revision) for i in found] == [("a", 3), ("b", 1)]


def test_the_docs_have_every_column() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"`{table.name}`" in docs
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in docs
