"""What was read out of documents."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from edge.errors import Unfit, Unknown
from edge.vault.database import Connection
from edge.vault.session import Session
from edge.vault.words import put_words
from schemas.records import Document, Item

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Item).decode


class Items:
    """By document."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, document: str) -> tuple[Item, ...]:
        """In order of place. Raises Unknown."""
        with self._session.seen() as (db, note):
            place, _ = _document(db, document)
            found = read_items(db, place)
            note("read", document)
        return found

    def coded(self, document: str) -> tuple[Item, ...]:
        """What came with codes, of a document that is being read: its reading is noted there."""
        with self._session.read() as db:
            rows = db.execute(
                "SELECT c.body FROM coded AS c JOIN documents AS d USING (place) WHERE d.id = ?"
                " ORDER BY c.number",
                (document,),
            )
            return tuple(_decode(body) for (body,) in rows)

    def replace(self, document: str, items: Iterable[Item], *, version: str) -> None:
        """What other rules have read out of the same text. Raises Unknown, Unfit."""
        kept = tuple(items)
        with self._session.write() as (db, note):
            place, whole = _document(db, document)
            db.execute("DELETE FROM items WHERE place = ?", (place,))
            db.execute("DELETE FROM words WHERE rowid = ?", (place,))
            put_items(db, place, len(whole.text), kept)
            put_words(db, place, whole, kept)
            db.execute("UPDATE documents SET version = ? WHERE place = ?", (version, place))
            note("changed", document)


def put_items(db: Connection, place: int, length: int, items: tuple[Item, ...]) -> None:
    """Within a transaction. Raises Unfit if a place is outside the text."""
    for item in items:
        for span in (item.span, item.sentence):
            if not 0 <= span.start <= span.end <= length:
                raise Unfit("条目位置超出正文", "an item's place is outside the text")
    db.executemany(
        "INSERT INTO items VALUES (?, ?, ?, ?)",
        (
            (place, number, type(item).__struct_config__.tag, _encode(item))
            for number, item in enumerate(items)
        ),
    )


def put_coded(db: Connection, place: int, items: Iterable[Item]) -> None:
    """Within a transaction."""
    db.executemany(
        "INSERT INTO coded VALUES (?, ?, ?)",
        ((place, number, _encode(item)) for number, item in enumerate(items)),
    )


def read_items(db: Connection, place: int) -> tuple[Item, ...]:
    """Of the document in this row."""
    rows = db.execute("SELECT body FROM items WHERE place = ? ORDER BY number", (place,))
    return tuple(_decode(body) for (body,) in rows)


def _document(db: Connection, document: str) -> tuple[int, Document]:
    row = db.execute(
        "SELECT d.place, d.id, d.patient, d.date, d.title, t.text, d.digest, d.format, d.department"
        " FROM documents AS d JOIN texts AS t ON t.place = d.place WHERE d.id = ?",
        (document,),
    ).fetchone()
    if row is None:
        raise Unknown("no document has this id: groundswell-edge documents list")
    return int(row[0]), Document(*row[1:])
