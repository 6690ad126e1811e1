"""Who opened, read, imported, exported, deleted and changed what: a chain that only grows.

A removed, changed or reordered entry breaks the chain; a shortened one contradicts the count beside
it, and, if the whole file was put back, the head that is kept in `audit.json` outside of it.
Whoever has a passphrase and writes a program can forge all three: a head that was noted elsewhere
shows it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from edge.errors import CannotWrite, Damaged
from edge.files import save
from edge.vault import chain
from edge.vault.chain import Action, Entry
from edge.vault.session import Session

_EVERY = 32
"""Entries between two writings of the outer head."""


class Head(msgspec.Struct, frozen=True):
    """How many entries there are, and what the last one is bound by."""

    count: int
    mac: bytes


class Verdict(NamedTuple):
    """`fault`: number of the first entry that is wrong or missing, None if all is as written."""

    head: Head
    fault: int | None


class Audit:
    """The entries of the vault itself are made by it; parts add their own by `add`."""

    def __init__(self, session: Session, outer: Path) -> None:
        self._session = session
        self._outer = outer
        self._written = 0
        session.changed = self._advance

    def add(self, action: Action, *ids: str) -> None:
        """What happens outside of the vault: printed, exported, asked. Raises Unfit."""
        with self._session.seen() as (_, note):
            note(action, *ids)

    def list(self, after: int = 0) -> tuple[Entry, ...]:
        """The entries behind a number."""
        with self._session.read() as db:
            return tuple(entry for entry, _ in chain.entries(db, after))

    def verify(self) -> Verdict:
        """Whether nothing was removed, changed, reordered or cut off."""
        with self._session.read() as db:
            fault = chain.first_fault(db)
            head = Head(*chain.head(db))
            outer = self._read()
            if fault is None and outer is not None and outer.count:
                row = db.execute("SELECT mac FROM audit WHERE number = ?", (outer.count,))
                found = row.fetchone()
                if found is None or bytes(found[0]) != outer.mac:
                    fault = min(outer.count, head.count + 1)
        return Verdict(head, fault)

    def keep(self, head: Head) -> None:
        """Write the outer head."""
        save(self._outer, [msgspec.json.encode(head)])
        self._written = head.count

    def settle(self) -> None:
        """Write the outer head as it is now, if it is older."""
        with self._session.read() as db:
            head = Head(*chain.head(db))
        if head.count != self._written:
            self.keep(head)

    def _advance(self, count: int, mac: bytes) -> None:
        if count - self._written >= _EVERY:
            try:
                self.keep(Head(count, mac))
            except CannotWrite:
                # What was asked is done; the next one tries again.
                return

    def _read(self) -> Head | None:
        try:
            return msgspec.json.decode(self._outer.read_bytes(), type=Head)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            raise Damaged(f"{self._outer}: not as it was written; audit.json is gone") from None
