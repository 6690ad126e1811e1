"""The tables of an embedded bank.

Every key begins with tenant and customer: what is somebody else's is looked up, and missed, like
what does not exist.
"""

import sqlite3

from schemas.times import parse_ms
from streams.bank.people import Person, day_of
from streams.bank.seed import seed

VERSION = 1
_OURS = 0x6773776C
"""In the header of the file, where SQLite keeps whose it is."""
_TABLES = """
CREATE TABLE customers (
    tenant TEXT, customer TEXT, name TEXT NOT NULL, phone TEXT NOT NULL, tier TEXT NOT NULL,
    lang TEXT NOT NULL, PRIMARY KEY (tenant, customer)
) STRICT, WITHOUT ROWID;
CREATE TABLE accounts (
    tenant TEXT, customer TEXT, id TEXT, kind TEXT NOT NULL, name TEXT NOT NULL,
    last4 TEXT NOT NULL, balance INTEGER NOT NULL, available INTEGER NOT NULL,
    currency TEXT NOT NULL, PRIMARY KEY (tenant, customer, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE cards (
    tenant TEXT, customer TEXT, id TEXT, kind TEXT NOT NULL, name TEXT NOT NULL,
    last4 TEXT NOT NULL, status TEXT NOT NULL, account TEXT NOT NULL, due_on TEXT NOT NULL,
    due_amount INTEGER NOT NULL, due_minimum INTEGER NOT NULL, currency TEXT NOT NULL,
    PRIMARY KEY (tenant, customer, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE bindings (
    tenant TEXT, customer TEXT, card TEXT, service TEXT,
    PRIMARY KEY (tenant, customer, card, service)
) STRICT, WITHOUT ROWID;
CREATE TABLE limits (
    tenant TEXT, customer TEXT, card TEXT, kind TEXT, per_day INTEGER NOT NULL,
    usual INTEGER NOT NULL, until_ms INTEGER, used INTEGER NOT NULL, used_on TEXT NOT NULL,
    most INTEGER NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (tenant, customer, card, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE transactions (
    tenant TEXT, customer TEXT, id TEXT, account TEXT NOT NULL, at_ms INTEGER NOT NULL,
    amount INTEGER NOT NULL, counterparty TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
    reason TEXT NOT NULL, currency TEXT NOT NULL, PRIMARY KEY (tenant, customer, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX newest ON transactions (tenant, customer, at_ms DESC, id DESC);
CREATE TABLE orders (
    tenant TEXT, customer TEXT, id TEXT, kind TEXT NOT NULL, status TEXT NOT NULL,
    detail TEXT NOT NULL, expected_on TEXT NOT NULL, PRIMARY KEY (tenant, customer, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE tickets (
    tenant TEXT, customer TEXT, id TEXT, day TEXT NOT NULL, topic TEXT NOT NULL,
    text TEXT NOT NULL, about TEXT NOT NULL, PRIMARY KEY (tenant, customer, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE call_backs (
    tenant TEXT, customer TEXT, id TEXT, day TEXT NOT NULL, slot TEXT NOT NULL,
    topic TEXT NOT NULL, PRIMARY KEY (tenant, customer, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE writes (
    tenant TEXT, key TEXT, customer TEXT NOT NULL, call BLOB NOT NULL, receipt BLOB NOT NULL,
    at_ms INTEGER NOT NULL, PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
"""


def version_of(db: sqlite3.Connection) -> int | None:
    """The version of its tables; 0: it is empty, None: somebody else's. Raises sqlite3.Error."""
    if db.execute("PRAGMA application_id").fetchone()[0] == _OURS:
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        return version
    return None if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] else 0


def renew(db: sqlite3.Connection, now_ms: int) -> None:
    """Drop everything and write the customers of the demo, within the caller's transaction."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        quoted = name.replace('"', '""')
        db.execute(f'DROP TABLE "{quoted}"')
    for statement in _TABLES.split(";"):
        db.execute(statement)
    today = day_of(now_ms).isoformat()
    for tenant, person in seed(now_ms):
        _write(db, tenant, person, today)
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute(f"PRAGMA application_id = {_OURS}")


def _write(db: sqlite3.Connection, tenant: str, one: Person, today: str) -> None:
    whose = (tenant, one.id)
    _rows(db, "customers", [(*whose, one.name, one.phone, one.tier, one.lang)])
    _rows(
        db,
        "accounts",
        [
            (*whose, a.id, a.kind, a.name, a.last4, a.balance, a.available, a.currency)
            for a in one.accounts
        ],
    )
    for c in one.cards:
        card = (c.id, c.kind, c.name, c.last4, c.status, c.account)
        due = (c.due_on, c.due_amount, c.due_minimum)
        _rows(db, "cards", [(*whose, *card, *due, c.currency)])
        _rows(db, "bindings", [(*whose, c.id, service) for service in c.bound])
    for m in one.limits:
        usual = one.usual.get((m.card, m.kind), m.per_day)
        until_ms = parse_ms(m.until) if m.until else None
        limit = (m.card, m.kind, m.per_day, usual, until_ms)
        _rows(db, "limits", [(*whose, *limit, m.used_today, today, m.most, m.currency)])
    for t in one.transactions:
        moved = (t.id, t.account, parse_ms(t.at), t.amount, t.counterparty)
        _rows(db, "transactions", [(*whose, *moved, t.kind, t.status, t.reason, t.currency)])
    _rows(
        db,
        "orders",
        [(*whose, o.id, o.kind, o.status, o.detail, o.expected_on) for o in one.orders],
    )


def _rows(db: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
