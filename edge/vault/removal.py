"""What goes leaves nothing behind in the file."""

from __future__ import annotations

from collections.abc import Sequence

from edge.vault.database import Connection


def remove_documents(db: Connection, places: Sequence[int]) -> None:
    """Documents with all that hangs on them, within a transaction."""
    for place in places:
        db.execute("DELETE FROM words WHERE rowid = ?", (place,))
        db.execute("DELETE FROM documents WHERE place = ?", (place,))
    # The search only marks what is gone until its parts are written anew.
    db.execute("INSERT INTO words (words) VALUES ('optimize')")


def shrink(db: Connection) -> None:
    """Give free pages back, and empty the write-ahead log, which holds pages as they were."""
    db.execute("PRAGMA incremental_vacuum").fetchall()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
