"""Rows of DuckDB as the JSON that they were made from, byte for byte."""

from collections.abc import Sequence

import msgspec

from schemas.times import format_ms
from sinks.reviews.tables import Column, Table

_encode = msgspec.json.Encoder().encode


def selected(table: Table) -> str:
    """Columns to select, for `document`."""
    return ", ".join(map(_sent, table.columns))


def document(table: Table, row: Sequence[object]) -> bytes:
    """JSON of a row."""
    columns = zip(table.columns, row, strict=True)
    return _encode({column.name: _field(column, value) for column, value in columns})


def _sent(column: Column) -> str:
    name = f'"{column.name}"'
    if column.kind == "time":
        return f"epoch_ms({name}) AS {name}"
    return f"{name}::TEXT AS {name}" if column.kind == "date" else name


def _field(column: Column, value: object) -> object:
    if column.kind == "time" and isinstance(value, int):
        return format_ms(value)
    if column.kind == "json" and isinstance(value, str):
        return msgspec.Raw(value.encode())
    return value
