"""A vault that is open: one connection, who uses it, and when it locks itself.

Every use passes `read`, `write` or `seen`. Several threads may share it, one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock

from edge.errors import Busy, Locked
from edge.settings import Host
from edge.vault import chain
from edge.vault.chain import Action
from edge.vault.database import Connection, plainly

Note = Callable[..., None]
"""`note(action, *ids)` puts an entry into the audit, with the transaction or not at all."""


class Session:
    """Raises Locked from any use once it is locked."""

    def __init__(self, host: Host, idle_ms: int, *, reader: bool) -> None:
        self.host = host
        self.idle_ms = idle_ms
        self.user = ""
        self.reader = reader
        self.changed: Callable[[int, bytes], None] = lambda _count, _mac: None
        """Told the head of the audit after each entry."""
        self.closed: list[Callable[[], None]] = []
        """Each is told when it is locked, however that comes."""
        self._connection: Connection | None = None
        self._used_ms = 0
        self._turn = RLock()

    def __repr__(self) -> str:
        return f"Session({'locked' if self.locked else 'open'})"

    @property
    def locked(self) -> bool:
        """Whether nobody can read; also closes what nobody has used for `idle_ms`."""
        with self._turn:
            if self._connection is not None and self.rests_ms() >= self.idle_ms:
                self.close()
            return self._connection is None

    def rests_ms(self) -> int:
        """How long nobody has used it."""
        return self.host.steady_ms() - self._used_ms

    def begin(self, connection: Connection, user: str) -> None:
        """Take a connection that is open."""
        with self._turn:
            self.close()
            self._connection, self.user = connection, user
            self._used_ms = self.host.steady_ms()

    def close(self) -> None:
        """SQLCipher wipes its keys and pages."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
                for told in self.closed:
                    told()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """For what shows no document: names, counts, settings."""
        with self._turn, plainly():
            yield self._open()

    @contextmanager
    def write(self) -> Iterator[tuple[Connection, Note]]:
        """A transaction, durable when it ends. Raises Busy in a session that only reads."""
        if self.reader:
            raise Busy("this session only reads: open the vault to write")
        with self._transaction("FULL") as both:
            yield both

    @contextmanager
    def seen(self) -> Iterator[tuple[Connection, Note]]:
        """A reading that the audit has; its entry outlives the process, not always a power cut."""
        with self._transaction("NORMAL") as both:
            yield both

    @contextmanager
    def _transaction(self, synchronous: str) -> Iterator[tuple[Connection, Note]]:
        with self._turn, plainly():
            connection = self._open()
            head: list[tuple[int, bytes]] = []

            def note(action: Action, *ids: str) -> None:
                now_ms = self.host.now_ms()
                head.append(chain.append(connection, now_ms, self.user, action, ids))

            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection, note
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        if head:
            self.changed(*head[-1])

    def _open(self) -> Connection:
        if self.locked or self._connection is None:
            raise Locked("the vault is locked: unlock it again · 已锁定，请重新输入密码")
        self._used_ms = self.host.steady_ms()
        return self._connection
