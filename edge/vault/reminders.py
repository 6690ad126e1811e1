"""What is to be checked, and by when."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from edge.errors import Unfit, Unknown
from edge.vault.database import Connection
from edge.vault.session import Session
from schemas.records import DateText, Reminder, is_date

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Reminder).decode


class Reminders:
    """Of all patients."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, reminders: Iterable[Reminder]) -> None:
        """Add these, or replace those with the same ids; what a person wrote stays as it is unless
        the new one is a person's too. Raises Unknown (the patient), Unfit.
        """
        with self._session.write() as (db, note):
            changed = [one.id for one in reminders if _put(db, one)]
            if changed:
                note("changed", *changed)

    def get(self, reminder: str) -> Reminder:
        """Raises Unknown."""
        with self._session.seen() as (db, note):
            row = db.execute("SELECT body FROM reminders WHERE id = ?", (reminder,)).fetchone()
            if row is None:
                raise Unknown("no reminder has this id: groundswell-edge reminders list")
            found = _decode(row[0])
            note("read", found.patient)
        return found

    def of(self, patient: str) -> tuple[Reminder, ...]:
        """Also those that are done, the first due first."""
        return self._found("WHERE patient = ?", patient)

    def due(self, until: DateText, limit: int = -1) -> tuple[Reminder, ...]:
        """Not done, and due by that day, those without a day last; `limit`: as many, else all."""
        return self._found("WHERE done = '' AND due <= ?", until, limit)

    def remove(self, reminder: str) -> None:
        """Raises Unknown."""
        with self._session.write() as (db, note):
            if not db.execute("DELETE FROM reminders WHERE id = ?", (reminder,)).rowcount:
                raise Unknown("no reminder has this id: groundswell-edge reminders list")
            note("deleted", reminder)

    def _found(self, where: str, value: str, limit: int = -1) -> tuple[Reminder, ...]:
        with self._session.seen() as (db, note):
            rows = db.execute(
                f"SELECT body FROM reminders {where} ORDER BY due = '', due, id LIMIT ?",
                (value, limit),
            )
            found = tuple(_decode(body) for (body,) in rows)
            if patients := sorted({one.patient for one in found}):
                note("read", *patients)
        return found


def _put(db: Connection, one: Reminder) -> bool:
    row = db.execute("SELECT body FROM reminders WHERE id = ?", (one.id,)).fetchone()
    if row is not None:
        before = _decode(row[0])
        if before == one or (before.own and not one.own):
            return False
    elif not db.execute("SELECT 1 FROM patients WHERE id = ?", (one.patient,)).fetchone():
        raise Unknown("no patient has this id: groundswell-edge patients list")
    _write(db, one)
    return True


def _write(db: Connection, one: Reminder) -> None:
    if not is_date(one.due) or not is_date(one.done):
        raise Unfit("日期如 2026-05-31", "a day is 2026-05-31")
    db.execute(
        "INSERT OR REPLACE INTO reminders VALUES (?, ?, ?, ?, ?)",
        (one.id, one.patient, one.due, one.done, _encode(one)),
    )
