"""The encrypted file: SQLCipher, opened by its raw key.

Pages, write-ahead log and what it keeps of a transaction are encrypted with a key of the page, and
each carries its own proof. What is deleted is overwritten, sorting and the like stays in memory,
and SQLCipher locks and wipes the memory that it uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlcipher3 import dbapi2

from edge.errors import Busy, CannotWrite, Damaged, Unfit
from edge.vault.keys import wipe

_HEX = b"0123456789abcdef"
_WAIT_MS = 5000
_CACHE_KIB = 32 << 10
_PRAGMAS = (
    # First, so that what follows is wiped too.
    "cipher_memory_security = ON",
    "temp_store = MEMORY",
    "mmap_size = 0",
    f"busy_timeout = {_WAIT_MS}",
    f"cache_size = -{_CACHE_KIB}",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
)
_WRITING = (
    # Before the first table: what is deleted is given back to the disk.
    "auto_vacuum = INCREMENTAL",
    "journal_mode = WAL",
    "journal_size_limit = 0",
    "synchronous = FULL",
)


class Rows(Protocol):
    """The answer to a statement."""

    rowcount: int
    lastrowid: int

    def fetchone(self) -> tuple[Any, ...] | None: ...

    def fetchall(self) -> list[tuple[Any, ...]]: ...

    def __iter__(self) -> Iterator[tuple[Any, ...]]: ...


class Connection(Protocol):
    """What is used of one."""

    in_transaction: bool

    def execute(self, sql: str, parameters: Sequence[object] = ..., /) -> Rows: ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> Rows: ...

    def close(self) -> None: ...


def connect(path: Path, key: bytearray) -> Connection:
    """Open or make the file; the key is wiped. Raises Damaged, Busy, CannotWrite."""
    literal = bytearray(b"x'")
    for byte in key:
        literal.append(_HEX[byte >> 4])
        literal.append(_HEX[byte & 15])
    literal += b"'"
    wipe(key)
    with plainly():
        try:
            connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
            connection.execute(f"PRAGMA {_PRAGMAS[0]}")
            # Not as a statement, whose text would stay in memory.
            connection.set_key(literal)
        finally:
            wipe(literal)
        try:
            for pragma in (*_PRAGMAS[1:], *_WRITING):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        except dbapi2.Error:
            connection.close()
            raise
    opened: Connection = connection
    return opened


@contextmanager
def plainly() -> Iterator[None]:
    """Errors of the database as ours, without a word of what was asked or kept."""
    try:
        yield
    except dbapi2.IntegrityError:
        raise Unfit("与已保存的内容矛盾", "this contradicts what the vault holds already") from None
    except dbapi2.Error as error:
        told = str(error)
    except UnicodeEncodeError:
        # Half of a surrogate pair, as broken JSON may bring.
        raise Unfit("文字中含有无效字符", "the text holds what is no character") from None
    else:
        return
    if "locked" in told or "busy" in told:
        raise Busy("another process is writing to the vault: try again")
    if any(word in told for word in ("full", "readonly", "unable to open", "I/O")):
        raise CannotWrite("the vault's folder cannot be written: is the disk full or read-only?")
    raise Damaged("the vault cannot be read: restore a backup · 数据损坏，请从备份恢复")


def is_sound(connection: Connection) -> bool:
    """Whether every page has its proof, and the tables and indexes agree."""
    with plainly():
        pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        tables = connection.execute("PRAGMA integrity_check").fetchall()
        rows = connection.execute("PRAGMA foreign_key_check").fetchall()
    return not pages and tables == [("ok",)] and not rows
