"""The audit's chain: each entry is bound to the one before by a key that only the vault has."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Literal

import msgspec

from edge.errors import Unfit
from edge.vault.database import Connection

Action = Literal[
    "created", "unlocked", "refused", "locked", "added", "read", "searched", "changed", "deleted",
    "merged", "imported", "exported", "printed", "asked", "user added", "user removed",
    "passphrase changed", "backed up", "restored", "updated",
]  # fmt: skip
START = b"\0" * 32
KEY = "audit_key"
_MOST_ID = 80


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """`ids`: of patients, documents, users and the like; never a text."""

    number: int
    time_ms: int
    user: str
    action: str
    ids: tuple[str, ...]


def append(
    db: Connection, now_ms: int, user: str, action: Action, ids: tuple[str, ...]
) -> tuple[int, bytes]:
    """Within a transaction; the new head. Raises Unfit."""
    if any(len(one) > _MOST_ID or not one.isprintable() or "\n" in one for one in ids):
        raise Unfit("审计记录只收编号，不收文字", "the audit takes ids, not texts")
    count, before = head(db)
    entry = Entry(count + 1, now_ms, user, action, ids)
    mac = _mac(_key(db), before, entry)
    db.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
        (entry.number, now_ms, user, action, msgspec.json.encode(ids).decode(), mac),
    )
    db.execute("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?)", (entry.number, mac))
    return entry.number, mac


def head(db: Connection) -> tuple[int, bytes]:
    """How many entries there are, and the last one's binding."""
    row = db.execute("SELECT count, mac FROM audit_head").fetchone()
    return (int(row[0]), bytes(row[1])) if row else (0, START)


def entries(db: Connection, after: int = 0) -> Iterator[tuple[Entry, bytes]]:
    """Those behind a number, with their bindings."""
    rows = db.execute(
        "SELECT number, time_ms, user, action, ids, mac FROM audit WHERE number > ?"
        " ORDER BY number",
        (after,),
    )
    for number, time_ms, user, action, ids, mac in rows:
        told = msgspec.json.decode(ids, type=tuple[str, ...])
        yield Entry(number, time_ms, user, action, told), bytes(mac)


def first_fault(db: Connection) -> int | None:
    """The number of the first entry that is not as it was written, or is missing."""
    key, before, last = _key(db), START, 0
    try:
        for entry, mac in entries(db):
            last += 1
            wanted = _mac(key, before, entry)
            if entry.number != last or not hmac.compare_digest(wanted, mac):
                return last
            before = mac
    except msgspec.MsgspecError:
        return last + 1
    count, end = head(db)
    return None if (count, end) == (last, before) else last + 1


def _key(db: Connection) -> bytes:
    row = db.execute("SELECT value FROM facts WHERE name = ?", (KEY,)).fetchone()
    return bytes(row[0]) if row else b""


def _mac(key: bytes, before: bytes, entry: Entry) -> bytes:
    return hmac.digest(key, before + msgspec.json.encode(entry), hashlib.sha256)
