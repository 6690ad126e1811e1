"""Drafts that a person looks at: one of each session, in memory only, until it is locked."""

from __future__ import annotations

from threading import Lock
from typing import NamedTuple

from edge.consult import Draft, hide
from edge.errors import Locked, Unfit
from edge.page.gate import Session
from edge.vault import Vault


class Kept(NamedTuple):
    """A draft, and about whom it was asked."""

    patient: str
    draft: Draft


class Drafts:
    """Several threads may use it."""

    def __init__(self, vault: Vault) -> None:
        self._kept: dict[Session, Kept] = {}
        self._locked = 0
        self._turn = Lock()
        vault.when_locked(self._forget)

    @property
    def locked(self) -> int:
        """How often it was locked: what began at another count is not for who is here now."""
        return self._locked

    def check(self, locked: int) -> None:
        """Raises Locked if it was locked since this count."""
        if locked != self._locked:
            raise Locked("it was locked in between: ask again · 期间已锁定，请重新提问")

    def keep(self, session: Session, kept: Kept, locked: int) -> None:
        """In place of the one before. Raises Locked as `check`."""
        with self._turn:
            self.check(locked)
            self._kept[session] = kept

    def hide(self, session: Session, patient: str, hidden: frozenset[int]) -> Draft:
        """The draft with the marks of these doubts, kept in its own place. Raises Unfit."""
        with self._turn:
            kept = self._kept.get(session)
            if kept is None or kept.patient != patient:
                raise Unfit("草稿已不在，请重新提问", "the draft is gone: ask again")
            made = hide(kept.draft, hidden)
            self._kept[session] = Kept(patient, made)
        return made

    def take(self, session: Session) -> Kept | None:
        """The draft, which is forgotten; None: there was none."""
        with self._turn:
            return self._kept.pop(session, None)

    def _forget(self) -> None:
        with self._turn:
            self._kept.clear()
            self._locked += 1
