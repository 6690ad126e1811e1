from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.nights import NightAccount
from schemas.reviews import ReviewLabel, RiskTicket
from sinks.reviews.tables import LABELS, NIGHTS, TABLES, TICKETS, Table


@pytest.mark.parametrize(
    ("table", "form"), [(LABELS, ReviewLabel), (TICKETS, RiskTicket), (NIGHTS, NightAccount)]
)
def test_a_column_is_a_field_of_the_struct_in_its_order(table: Table, form: Any) -> None:
    names = [column.name for column in table.columns]
    assert sorted(names) == sorted(msgspec.structs.fields(form)[n].name for n in range(len(names)))
    if table is not NIGHTS:
        assert names == [field.name for field in msgspec.structs.fields(form)]


def test_the_docs_have_every_column() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")
    for table in TABLES:
        assert f"`{table.name}`" in docs
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} | {column.meaning} |" in docs
