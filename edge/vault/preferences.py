"""Settings of the device that are kept in the vault, such as its language."""

from __future__ import annotations

from edge.vault.session import Session


class Preferences:
    """Names to texts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str, default: str = "") -> str:
        """As set, else the default."""
        with self._session.read() as db:
            row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set(self, name: str, value: str) -> None:
        """Keep it."""
        with self._session.write() as (db, note):
            db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))
            note("changed", "setting", name)
