"""Whose documents there are."""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

import msgspec

from agents.records.folding import fold
from edge.errors import Unfit, Unknown
from edge.vault.database import Connection
from edge.vault.removal import remove_documents, shrink
from edge.vault.session import Session
from schemas.records import DateText, Patient, Sex, is_date

_COLUMNS = "id, name, sex, birth, number"
_MOST_NAME = 100
_MOST_NUMBER = 40
_BESIDE = re.compile(r"[\s·・.•]+")


class Patients:
    """Names alone are not in the audit; what is read in a document, and every change, is."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, name: str, *, sex: Sex = "unknown", birth: DateText = "", number: str = ""
    ) -> Patient:
        """A new one, whether or not there is one with this name: ask `alike` before. Raises Unfit.

        `birth`: as exact as known; `number`: the hospital's.
        """
        patient = Patient(f"p-{self._session.host.random(8).hex()}", name, sex, birth, number)
        with self._session.write() as (db, note):
            _put(db, patient)
            note("added", patient.id)
        return patient

    def get(self, patient: str) -> Patient:
        """Raises Unknown."""
        with self._session.read() as db:
            return _get(db, patient)

    def change(self, patient: Patient) -> None:
        """Keep other facts under the same id. Raises Unknown, Unfit."""
        with self._session.write() as (db, note):
            before = _get(db, patient.id)
            _put(db, patient)
            _outdate(db, patient, before)
            note("changed", patient.id)

    def list(self, like: str = "", limit: int = 10_000) -> tuple[Patient, ...]:
        """By name; `like`: part of the name, or the beginning of the number."""
        where: str = ""
        values: tuple[object, ...] = ()
        if words := folded_name(like):
            where = "WHERE instr(folded, ?) OR substr(folded_number, 1, ?) = ?"
            values = (words, len(words), words)
        with self._session.read() as db:
            found = db.execute(
                f"SELECT {_COLUMNS} FROM patients {where} ORDER BY folded, id LIMIT ?",
                (*values, limit),
            )
            return tuple(Patient(*row) for row in found)

    def count(self) -> int:
        """How many there are."""
        with self._session.read() as db:
            return int((db.execute("SELECT count(*) FROM patients").fetchone() or (0,))[0])

    def alike(self, name: str, *, birth: DateText = "", number: str = "") -> tuple[Patient, ...]:
        """Who it may be: the same number, or the same name and births that do not differ.

        Two numbers that are both known and differ, of one name and birth, are told too: hospitals
        give their own. Only the same number, or name and a whole birth date, make it sure.
        """
        with self._session.read() as db:
            rows = db.execute(
                f"SELECT {_COLUMNS} FROM patients"
                " WHERE folded = ? OR (folded_number <> '' AND folded_number = ?) ORDER BY id",
                (folded_name(name), folded_name(number)),
            )
            found = [Patient(*row) for row in rows]
        wanted = folded_name(number)
        return tuple(
            one
            for one in found
            if (wanted and folded_name(one.number) == wanted)
            or one.birth.startswith(birth)
            or birth.startswith(one.birth)
        )

    def merge(self, kept: str, gone: str) -> Patient:
        """All of `gone` becomes the documents of `kept`, which learns what it did not know.

        A document that both have is kept once. Raises Unknown, Unfit.
        """
        if kept == gone:
            raise Unfit("已是同一位患者", "these are one patient already")
        with self._session.write() as (db, note):
            one, other = _get(db, kept), _get(db, gone)
            doubled = db.execute(
                "SELECT place FROM documents WHERE patient = ? AND digest IN"
                " (SELECT digest FROM documents WHERE patient = ?)",
                (gone, kept),
            )
            remove_documents(db, [place for (place,) in doubled])
            for table in ("documents", "reminders"):
                db.execute(f"UPDATE {table} SET patient = ? WHERE patient = ?", (kept, gone))
            for name, body in db.execute(
                "SELECT id, body FROM reminders WHERE patient = ?", (kept,)
            ).fetchall():
                made = msgspec.json.encode(msgspec.json.decode(body) | {"patient": kept})
                db.execute("UPDATE reminders SET body = ? WHERE id = ?", (made, name))
            learnt = msgspec.structs.replace(
                one,
                sex=other.sex if one.sex == "unknown" else one.sex,
                birth=max(one.birth, other.birth, key=len),
                number=one.number or other.number,
            )
            _put(db, learnt)
            _outdate(db, learnt, one, other)
            db.execute("DELETE FROM patients WHERE id = ?", (gone,))
            note("merged", kept, gone)
        with self._session.read() as db:
            shrink(db)
        return learnt

    def delete(self, patient: str) -> None:
        """The patient, documents, originals, items, reminders and the words of the search.

        All of it is overwritten in the file, and the file given back to the disk. What remains
        possible: a flash disk or a file system that keeps old blocks may hold encrypted pages
        as they were, readable with the vault's key only; backups made before hold the patient, for
        the passphrases of then; the audit keeps ids. Raises Unknown.
        """
        with self._session.write() as (db, note):
            _get(db, patient)
            rows = db.execute(
                "SELECT place, id FROM documents WHERE patient = ?", (patient,)
            ).fetchall()
            remove_documents(db, [place for place, _ in rows])
            db.execute("DELETE FROM patients WHERE id = ?", (patient,))
            note("deleted", patient, *(document for _, document in rows))
        with self._session.read() as db:
            shrink(db)


def folded_name(name: str) -> str:
    """As names and numbers are compared: half width, lower case, without what stands between."""
    return fold(_BESIDE.sub("", unicodedata.normalize("NFKC", name)))


def _get(db: Connection, patient: str) -> Patient:
    row = db.execute(f"SELECT {_COLUMNS} FROM patients WHERE id = ?", (patient,)).fetchone()
    if row is None:
        raise Unknown("no patient has this id: groundswell-edge patients list")
    return Patient(*row)


def _outdate(db: Connection, patient: Patient, *before: Patient) -> None:
    """Ranges depend on sex and age: what was read for others than these is to be read anew."""
    if {(one.sex, one.birth) for one in before} != {(patient.sex, patient.birth)}:
        db.execute("UPDATE documents SET version = '' WHERE patient = ?", (patient.id,))


def _put(db: Connection, patient: Patient) -> None:
    if not 0 < len(patient.name.strip()) <= _MOST_NAME or len(patient.number) > _MOST_NUMBER:
        raise Unfit(
            f"姓名须为 1 至 {_MOST_NAME} 个字符，编号最多 {_MOST_NUMBER} 个",
            f"a name has 1 to {_MOST_NAME} characters, a number at most {_MOST_NUMBER}",
        )
    if not is_date(patient.birth) or patient.sex not in get_args(Sex):
        raise Unfit(
            "出生日期如 1960、1960-05 或 1960-05-31；性别为 female、male 或 unknown",
            "a birth date is 1960, 1960-05 or 1960-05-31; sex female, male or unknown",
        )
    values = (patient.id, patient.name, patient.sex, patient.birth, patient.number)
    db.execute(
        f"INSERT INTO patients ({_COLUMNS}, folded, folded_number) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, sex = excluded.sex,"
        " birth = excluded.birth, number = excluded.number, folded = excluded.folded,"
        " folded_number = excluded.folded_number",
        (*values, folded_name(patient.name), folded_name(patient.number)),
    )
