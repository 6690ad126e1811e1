"""The tables, and how those of an older version become them."""

from __future__ import annotations

from collections.abc import Sequence

from edge.errors import TooNew
from edge.vault.database import Connection, plainly

_FIRST = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE patients (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    sex TEXT NOT NULL,
    birth TEXT NOT NULL,
    number TEXT NOT NULL,
    -- Name and number as they are compared.
    folded TEXT NOT NULL,
    folded_number TEXT NOT NULL
) STRICT;
CREATE INDEX patients_by_name ON patients (folded);
CREATE INDEX patients_by_number ON patients (folded_number) WHERE folded_number <> '';
CREATE TABLE documents (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    patient TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    date TEXT NOT NULL,
    title TEXT NOT NULL,
    department TEXT NOT NULL,
    digest TEXT NOT NULL,
    format TEXT NOT NULL,
    -- Of the rules and models that read it.
    version TEXT NOT NULL,
    added_ms INTEGER NOT NULL,
    UNIQUE (patient, digest)
) STRICT;
CREATE INDEX documents_by_date ON documents (patient, date);
-- Apart, so that a list of documents does not read every text.
CREATE TABLE texts (
    place INTEGER PRIMARY KEY REFERENCES documents (place) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
CREATE TABLE items (
    place INTEGER NOT NULL REFERENCES documents (place) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (place, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE originals (
    place INTEGER NOT NULL REFERENCES documents (place) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (place, number)
) STRICT;
CREATE VIRTUAL TABLE words USING fts5 (
    text, terms, content = '', contentless_delete = 1, tokenize = 'ascii'
);
CREATE TABLE reminders (
    id TEXT PRIMARY KEY,
    patient TEXT NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
    due TEXT NOT NULL,
    done TEXT NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX reminders_by_patient ON reminders (patient);
CREATE INDEX reminders_by_due ON reminders (due) WHERE done = '';
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    user TEXT NOT NULL,
    action TEXT NOT NULL,
    ids TEXT NOT NULL,
    mac BLOB NOT NULL
) STRICT;
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    count INTEGER NOT NULL,
    mac BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'kept'); END;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'kept'); END;
"""

# What came with codes, so that other rules can read the text anew beside it. Of documents of before
# it is not known any more which they were: all stays.
_CODED = """
CREATE TABLE coded (
    place INTEGER NOT NULL REFERENCES documents (place) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (place, number)
) STRICT, WITHOUT ROWID;
INSERT INTO coded SELECT place, number, body FROM items JOIN documents USING (place)
    WHERE format = 'fhir';
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _CODED)
"""Each makes the next version of the tables; what has been published never changes."""


def migrate(connection: Connection, migrations: Sequence[str] = MIGRATIONS) -> bool:
    """Bring the tables to the last version; whether there was anything to do. Raises TooNew."""
    with plainly():
        version = _version(connection, migrations)
        for number, script in enumerate(migrations[version:], version + 1):
            connection.execute("BEGIN IMMEDIATE")
            try:
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
    return version < len(migrations)


def is_current(connection: Connection) -> bool:
    """Whether there is nothing to do. Raises TooNew."""
    with plainly():
        return _version(connection, MIGRATIONS) == len(MIGRATIONS)


def _version(connection: Connection, migrations: Sequence[str]) -> int:
    version = int((connection.execute("PRAGMA user_version").fetchone() or (0,))[0])
    if version > len(migrations):
        raise TooNew("a later version wrote this vault: install that one · 请安装新版本")
    return version


def _statements(script: str) -> list[str]:
    """A statement ends where a line does, with a semicolon."""
    return [one for one in script.split(";\n") if one.strip()]
