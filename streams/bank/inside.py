"""Looks into an embedded bank past its customers: for those who run the demo, and for judges."""

import sqlite3
from contextlib import closing
from pathlib import Path

from streams.bank.embedded import connect
from streams.bank.errors import BadBank

_STATE = {
    "cards": "tenant, customer, id, status",
    "bindings": "tenant, customer, card, service",
    "limits": "tenant, customer, card, kind, per_day",
    "accounts": "tenant, customer, id, balance, available",
    "orders": "tenant, customer, kind, status, detail",
    "tickets": "tenant, customer, topic, about",
    "call_backs": "tenant, customer, slot",
    "writes": "tenant, customer, CAST(call AS TEXT)",
}
"""What differs after a conversation that went otherwise; no keys, times and free words."""


def customers(path: Path) -> list[tuple[str, str, str]]:
    """Tenant, id and name of everybody. Raises BadBank."""
    return [
        (str(tenant), str(customer), str(name))
        for tenant, customer, name in _rows(path, "customers", "tenant, customer, name")
    ]


def state(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The rows of every table that writes change, sorted. Raises BadBank."""
    return {table: _rows(path, table, columns) for table, columns in _STATE.items()}


def _rows(path: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    try:
        with closing(connect(path)) as db:
            return sorted(db.execute(f"SELECT {columns} FROM {table}").fetchall())
    except (sqlite3.Error, OSError) as error:
        raise BadBank(f"{path} cannot be read as a bank ({error})") from None
