"""Documents: text, what was read out of it, and the file it came from."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from edge.errors import Unfit, Unknown
from edge.vault.database import Connection
from edge.vault.items import put_coded, put_items, read_items
from edge.vault.removal import remove_documents, shrink
from edge.vault.session import Session
from edge.vault.words import put_words
from schemas.records import MOST_TEXT, DateText, Document, Item, Secret, is_date

MOST_ORIGINAL = 20 << 20
"""Bytes of a file that is kept."""
_CHUNK = 256 << 10
_MOST_TITLE = 200
_COLUMNS = "d.id, d.patient, d.date, d.title, t.text, d.digest, d.format, d.department"
_FROM = "FROM documents AS d JOIN texts AS t ON t.place = d.place"


class Added(NamedTuple):
    """It is in the vault now."""

    id: str


class Known(NamedTuple):
    """The patient has the same text already, under this id; nothing was changed."""

    id: str


class Listed(Secret, frozen=True):
    """A document without its text. `version`: of the rules that read it."""

    id: str
    patient: str
    date: str
    title: str
    format: str
    department: str
    version: str


class Documents:
    """Every reading of a text and every change is in the audit."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        document: Document,
        items: Iterable[Item] = (),
        original: bytes | None = None,
        *,
        version: str = "",
        coded: Iterable[Item] = (),
    ) -> Added | Known:
        """All in one transaction. Empty, `id` and `digest` are made; `version`: of the rules.

        `coded`: those that no rules have read, kept for other rules to read beside.

        Raises Unknown (the patient), Unfit.
        """
        if original is not None and len(original) > MOST_ORIGINAL:
            raise Unfit(
                f"文件最大 {MOST_ORIGINAL >> 20} MB", f"a file has at most {MOST_ORIGINAL >> 20} MB"
            )
        document = _checked(document, f"d-{self._session.host.random(8).hex()}")
        kept = tuple(items)
        with self._session.write() as (db, note):
            asked = (document.patient, document.digest)
            if not db.execute("SELECT 1 FROM patients WHERE id = ?", asked[:1]).fetchone():
                raise Unknown("no patient has this id: groundswell-edge patients list")
            row = db.execute(
                "SELECT id FROM documents WHERE patient = ? AND digest = ?", asked
            ).fetchone()
            if row is not None:
                return Known(str(row[0]))
            place = _put(db, document, version, self._session.host.now_ms())
            put_items(db, place, len(document.text), kept)
            put_coded(db, place, coded)
            put_words(db, place, document, kept)
            if original is not None:
                db.executemany(
                    "INSERT INTO originals VALUES (?, ?, ?)",
                    (
                        (place, number, original[start : start + _CHUNK])
                        for number, start in enumerate(range(0, len(original), _CHUNK))
                    ),
                )
            note("imported", document.patient, document.id)
        return Added(document.id)

    def of_text(self, patient: str, digest: str) -> str:
        """The patient's document that has this text; empty: there is none."""
        with self._session.read() as db:
            row = db.execute(
                "SELECT id FROM documents WHERE patient = ? AND digest = ?", (patient, digest)
            ).fetchone()
        return str(row[0]) if row is not None else ""

    def date(self, document: str, date: DateText) -> None:
        """If it has none: of this day, and to be read again. Raises Unknown, Unfit."""
        if not date:
            return
        _check_head(date)
        with self._session.write() as (db, note):
            place = place_of(db, document)
            changed = db.execute(
                "UPDATE documents SET date = ?, version = '' WHERE place = ? AND date = ''",
                (date, place),
            ).rowcount
            if changed:
                note("changed", document)

    def get(self, document: str) -> Document:
        """Raises Unknown."""
        with self._session.seen() as (db, note):
            row = db.execute(f"SELECT {_COLUMNS} {_FROM} WHERE d.id = ?", (document,)).fetchone()
            if row is None:
                raise Unknown("no document has this id: groundswell-edge documents list")
            note("read", document)
        return Document(*row)

    def all(self, patient: str) -> tuple[tuple[Document, tuple[Item, ...]], ...]:
        """What a summary is made of, the oldest first."""
        with self._session.seen() as (db, note):
            rows = db.execute(
                f"SELECT d.place, {_COLUMNS} {_FROM} WHERE d.patient = ? ORDER BY d.date, d.place",
                (patient,),
            ).fetchall()
            made = tuple((Document(*row[1:]), read_items(db, row[0])) for row in rows)
            note("read", patient, *(one.id for one, _ in made))
        return made

    def list(self, patient: str = "") -> tuple[Listed, ...]:
        """The newest first; of all patients if none is named."""
        return self._listed("WHERE patient = ?" if patient else "WHERE ? = ''", patient)

    def original(self, document: str) -> bytes | None:
        """The file it came from, if it was kept. Raises Unknown."""
        with self._session.seen() as (db, note):
            place = place_of(db, document)
            rows = db.execute(
                "SELECT bytes FROM originals WHERE place = ? ORDER BY number", (place,)
            ).fetchall()
            note("read", document)
        return b"".join(part for (part,) in rows) if rows else None

    def delete(self, document: str) -> str:
        """As a patient is deleted, whose id it was is returned: see there for what remains.

        Raises Unknown.
        """
        with self._session.write() as (db, note):
            place = place_of(db, document)
            row = db.execute("SELECT patient FROM documents WHERE place = ?", (place,)).fetchone()
            remove_documents(db, [place])
            note("deleted", document)
        with self._session.read() as db:
            shrink(db)
        return str(row[0]) if row else ""

    def _listed(self, where: str, value: str) -> tuple[Listed, ...]:
        with self._session.read() as db:
            rows = db.execute(
                "SELECT id, patient, date, title, format, department, version FROM documents"
                f" {where} ORDER BY date DESC, place DESC",
                (value,),
            )
            return tuple(Listed(*row) for row in rows)


def place_of(db: Connection, document: str) -> int:
    """The row of a document. Raises Unknown."""
    row = db.execute("SELECT place FROM documents WHERE id = ?", (document,)).fetchone()
    if row is None:
        raise Unknown("no document has this id: groundswell-edge documents list")
    return int(row[0])


def _checked(document: Document, new: str) -> Document:
    """With an id and a digest. Raises Unfit."""
    if not document.text.strip() or len(document.text) > MOST_TEXT:
        raise Unfit(
            f"文件须有 1 至 {MOST_TEXT:,} 个字符", f"a document has 1 to {MOST_TEXT:,} characters"
        )
    if "\r" in document.text or not unicodedata.is_normalized("NFC", document.text):
        raise Unfit(
            "正文须为 NFC，行尾为 \\n", "a document's text is in NFC, its lines end with \\n"
        )
    _check_head(document.date, document.title)
    digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
    if document.digest not in ("", digest):
        raise Unfit("摘要值与正文不符", "the digest is of another text")
    return msgspec.structs.replace(document, id=document.id or new, digest=digest)


def _check_head(date: str, title: str = "") -> None:
    """Raises Unfit."""
    if not is_date(date) or len(title) > _MOST_TITLE:
        raise Unfit(
            f"日期如 2026、2026-05 或 2026-05-31；标题最多 {_MOST_TITLE} 个字符",
            f"a date is 2026, 2026-05 or 2026-05-31; a title has {_MOST_TITLE} characters",
        )


def _put(db: Connection, one: Document, version: str, now_ms: int) -> int:
    values: Sequence[object] = (
        one.id, one.patient, one.date, one.title, one.department, one.digest, one.format, version,
        now_ms,
    )  # fmt: skip
    place = db.execute(
        "INSERT INTO documents (id, patient, date, title, department, digest, format, version,"
        " added_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    ).lastrowid
    db.execute("INSERT INTO texts VALUES (?, ?)", (place, one.text))
    return place
