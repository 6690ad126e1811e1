"""A bank in one SQLite file, for the demo and for tests; several processes may share it."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from agents.assistant.bank import Found
from agents.assistant.errors import BankAway, BankRefused
from schemas.tools import ReadCall, Receipt, WriteCall
from streams.bank.calls import canonical, check_key
from streams.bank.effects import write
from streams.bank.errors import BadBank
from streams.bank.facts import Facts
from streams.bank.tables import VERSION, renew, version_of

_BUSY_S = 0.25
"""A writer of another process may take so long."""
_PATIENCE_S = 10.0
"""While another process writes the customers of the demo."""


def connect(path: Path, patience: float = _BUSY_S) -> sqlite3.Connection:
    """A connection whose commits are on the disk when they return. Raises sqlite3.Error, OSError.

    Only the owner of the file may read it.
    """
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    db = sqlite3.connect(path, timeout=patience, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        db.close()
        raise
    return db


def prepare(path: Path, now_ms: int, *, anew: bool = False) -> None:
    """The tables and the customers of the demo, written if they are not there. Raises BadBank.

    `anew`: also if they are; who has the bank open sees the new ones. No other file is touched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _check_is_ours(path)
        with closing(connect(path, _PATIENCE_S)) as db:
            db.execute("BEGIN IMMEDIATE")
            version = version_of(db)
            if anew or version == 0:
                renew(db, now_ms)
            elif version != VERSION:
                raise BadBank(f"{path} is of another version: groundswell bank reset")
            db.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise BadBank(f"no bank can be opened at {path} ({error}): choose another file") from None


def _check_is_ours(path: Path) -> None:
    """Before anything of the file changes. Raises BadBank, sqlite3.Error."""
    if path.exists():
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as db:
            if version_of(db) is None:
                raise BadBank(f"{path} is a database, but no bank: choose another file")


class EmbeddedBank:
    """A CoreBank; `clock` gives epoch milliseconds. Raises BadBank if the file is no bank.

    Writes have a thread of their own, for they wait for the disk. Reads have none: they take some
    40 µs and wait for no writer, while a thread would wait up to 5 ms for its turn in Python.
    """

    def __init__(self, path: Path, clock: Callable[[], int]) -> None:
        prepare(path, clock())
        self._path = path
        self._clock = clock
        self._reading: sqlite3.Connection | None = None
        self._writing: sqlite3.Connection | None = None
        self._is_closed = False
        self._writer = ThreadPoolExecutor(1, "bank-write")

    async def read(self, tenant: str, customer: str, call: ReadCall) -> Found:
        """Facts of this customer. Raises BankAway, BankRefused."""
        canonical(call)
        with self._errors():
            self._reading = self._reading or connect(self._path)
            return Facts(self._reading, tenant, customer, self._clock()).of(call)

    async def write(self, tenant: str, customer: str, call: WriteCall, key: str) -> Receipt:
        """One effect for one key. Raises BankAway, BankRefused."""
        check_key(key)
        body = canonical(call)

        def run() -> Receipt:
            self._writing = self._writing or connect(self._path)
            return write(self._writing, (tenant, customer), call, body, key, self._clock())

        with self._errors():
            return await asyncio.get_running_loop().run_in_executor(self._writer, run)

    async def close(self) -> None:
        """Finish what is being written; safe to call twice."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._is_closed = True
        self._writer.shutdown()
        for db in (self._reading, self._writing):
            if db is not None:
                db.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._is_closed:
            raise BankAway("the bank is closed", sent=False)
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise BankAway(f"the file of the bank: {error}") from None
        except UnicodeError:
            # Half a character in the name of a customer or a tenant: nobody is called so.
            raise BankRefused("not_found") from None
