"""Documents by words of their text, of their title, and of what was read out of them."""

from __future__ import annotations

from agents.records.folding import fold
from edge.vault.database import Connection
from edge.vault.items import read_items
from edge.vault.session import Session
from edge.vault.words import Question
from schemas.records import Secret, Span

MOST_HITS = 50
MOST_SPANS = 20
_BEFORE, _AFTER = 30, 90


class Hit(Secret, frozen=True):
    """`spans`: places in the document's text; `excerpt`: what stands at `at`, for a list.

    Spans may be empty: the title has the words.
    """

    document: str
    patient: str
    date: str
    title: str
    spans: tuple[Span, ...]
    excerpt: str
    at: int


class Search:
    """The audit has the documents that were found, not the words."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, words: str, *, patient: str = "", limit: int = 20) -> tuple[Hit, ...]:
        """Documents that have all the words, the newest first, at most MOST_HITS.

        Raises Unfit.
        """
        question = Question(words)
        if not question.match:
            return ()
        with self._session.seen() as (db, note):
            rows = db.execute(
                "SELECT d.place, d.id, d.patient, d.date, d.title"
                " FROM words JOIN documents AS d ON d.place = words.rowid"
                " WHERE words MATCH ? AND ? IN ('', d.patient)"
                " ORDER BY d.date DESC, d.place DESC LIMIT ?",
                (question.match, patient, min(limit, MOST_HITS)),
            ).fetchall()
            hits = tuple(_hit(db, question, row[0], row[1:]) for row in rows)
            note("searched", *(hit.document for hit in hits))
        return hits


def _hit(db: Connection, question: Question, place: int, row: tuple[str, ...]) -> Hit:
    found = db.execute("SELECT text FROM texts WHERE place = ?", (place,)).fetchone()
    text = str(found[0]) if found else ""
    spans = question.places(fold(text), MOST_SPANS)
    if not spans:
        named = (item.span for item in read_items(db, place) if question.fits(item))
        spans = sorted(set(named))[:MOST_SPANS]
    at = max(0, spans[0].start - _BEFORE) if spans else 0
    document, patient, date, title = row
    return Hit(document, patient, date, title, tuple(spans), text[at : at + _BEFORE + _AFTER], at)
